[Network(9)]
[Linear(9, Name = "a"), Tanh, Linear(9, Shares = {|NG1085:"a"|}, Frozen = true), Tanh, Linear(9, Frozen = true, Name = "b"), Tanh]
[Linear(9, Shares = {|NG1085:"b"|}), Tanh, Linear(9, Shares = "b", Frozen = true), Sequential<Tower>(Name = "t"), Tanh]
[Sequential<Tower>(Shares = {|NG1085:"t"|}, Frozen = true), Sequential<Half>(Name = "h"), Sequential<Half>(true, Shares = {|NG1085:"h"|})]
partial class Net;

[Block, Linear(9), ReLU]
sealed class Tower;

[Block, Linear(9, Name = "first", Frozen = Rests), ReLU]
sealed class Half
{
    internal const bool Rests = false;
}
//! NG1085: Linear cannot use the parameters of 'a': it is frozen, and that is not frozen; tensors that are shared rest or are trained: say Frozen of both or of neither
//! NG1085: Linear cannot use the parameters of 'b': it is not frozen, and that is frozen; tensors that are shared rest or are trained: say Frozen of both or of neither
//! NG1085: Sequential<Tower> cannot use the parameters of 't': it is frozen, and that is not frozen; tensors that are shared rest or are trained: say Frozen of both or of neither
//! NG1085: Sequential<Half> cannot use the parameters of 'h': its 'first' is frozen, and that one's is not frozen; tensors that are shared rest or are trained: say Frozen of both or of neither
