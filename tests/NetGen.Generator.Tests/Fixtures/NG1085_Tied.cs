[Network, Input<int>("tokens", 9)]
[Embedding(11, 24, Name = "e"), Linear(11, Bias = false, Shares = "e"), Tanh, Linear(24), Tanh, Linear(11, Shares = {|NG1085:"e"|}), Tanh]
[Linear(11, Bias = false, Shares = {|NG1085:"e"|}), Tanh, Linear(24), Tanh, Linear(12, Bias = false, Shares = {|NG1085:"e"|}), Tanh]
[Linear(24), Tanh, Linear(11, Bias = false, Shares = {|NG1085:"e"|}, Frozen = true)]
[From("tokens"), Embedding(11, 24, MaxNorm = 1, Name = "bounded"), Linear(11, Bias = false, Shares = {|NG1085:"bounded"|})]
[From("tokens"), Embedding(11, 24, Shares = "bounded", Name = "again"), Linear(11, Bias = false, Shares = {|NG1085:"again"|})]
[From("tokens"), Embedding(11, 24, MaxNorm = 2, Shares = {|NG1085:"e"|}), Sum(1), LayerNorm(Name = "norm")]
[Linear(24, Bias = false, Shares = {|NG1085:"norm"|}), From("tokens"), EmbeddingBag(11, 24, Shares = {|NG1085:"e"|})]
partial class Net;
//! NG1085: Linear cannot use the parameters of 'e': its 'bias' would be [11], and that one has none
//! NG1085: Linear cannot use the parameters of 'e': its 'weight' would be [11, 11], and that one has [11, 24]
//! NG1085: Linear cannot use the parameters of 'e': its 'weight' would be [12, 24], and that one has [11, 24]
//! NG1085: Linear cannot use the parameters of 'e': it is frozen, and that is not frozen; tensors that are shared rest or are trained: say Frozen of both or of neither
//! NG1085: Linear cannot use the parameters of 'bounded': 'bounded' scales rows of the table down while it looks them up (maxNorm), and a product would read them before or behind that
//! NG1085: Linear cannot use the parameters of 'again': 'bounded' scales rows of the table down while it looks them up (maxNorm), and a product would read them before or behind that
//! NG1085: Embedding cannot use the parameters of 'e': it scales rows of the table down while it looks them up (maxNorm), and a product would read them before or behind that
//! NG1085: Linear cannot use the parameters of 'norm': it is Linear, and that is LayerNorm
//! NG1085: EmbeddingBag cannot use the parameters of 'e': it is EmbeddingBag, and that is Embedding
