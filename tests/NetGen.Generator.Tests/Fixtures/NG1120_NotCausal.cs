[Network(20, 8), Stream]
[Linear(16), {|NG1120:LSTM(16, Bidirectional = true)|}, Linear(2)]
partial class Bidirectional;
//! NG1120: 'Bidirectional' cannot take one position after another, as [Stream] asks: 'lstm1', LSTM(16, 16, bidirectional), is bidirectional: it also runs from the last position to the first

[Network(20, 8), Stream]
[Linear(16, Name = "q"), From("input"), Linear(16, Name = "k"), From("input"), Linear(16)]
[{|NG1120:ScaledDotProductAttention(Query = "q", Key = "k", Heads = 2)|}]
partial class Attention;
//! NG1120: 'Attention' cannot take one position after another, as [Stream] asks: 'scaleddotproductattention1', ScaledDotProductAttention(q, k, 2 heads), sees positions that come later: it is not causal

[Network(20, 8), Stream, GRU(16), {|NG1120:Mean(1)|}, Linear(2)]
partial class OverPositions;
//! NG1120: 'OverPositions' cannot take one position after another, as [Stream] asks: 'mean1', Mean(1), takes all positions together

[Network(20, 8), Stream, GRU(16), {|NG1120:Flatten|}, Linear(2)]
partial class Flattened;
//! NG1120: 'Flattened' cannot take one position after another, as [Stream] asks: 'flatten1', Flatten, puts all positions into one vector

[Network(20, 8), Stream, GRU(16), {|NG1120:Select(1, 3)|}, Linear(2)]
partial class Third;
//! NG1120: 'Third' cannot take one position after another, as [Stream] asks: 'select1', Select(1, 3), takes position 3 of 20, and a stream can only have the last

[Network(20, 8), Stream, GRU(16, Name = "gru"), Select(1, -1), Unsqueeze(1), {|NG1120:Add("gru")|}, Linear(2)]
partial class Mixed;
//! NG1120: 'Mixed' cannot take one position after another, as [Stream] asks: 'add1', Add(gru), joins every position with what is of the last alone

[Network(2, 40), Stream, Conv1d(8, 3, Padding = "causal"), ReLU, {|NG1120:Conv1d(8, 3, Padding = 1)|}]
partial class Ahead;
//! NG1120: 'Ahead' cannot take one position after another, as [Stream] asks: 'conv2', Conv1d(8, 8, 3, padding 1), reads ahead by 1 position: give it Padding = "causal"

[Network(2, 40), Stream, Conv1d(8, 3, Padding = "causal"), ReLU, {|NG1120:Conv1d(8, 2, Stride = 2)|}]
partial class Strided;
//! NG1120: 'Strided' cannot take one position after another, as [Stream] asks: 'conv2', Conv1d(8, 8, 2, stride 2), moves by 2 positions, so that not every one has a result of its own

[Network(2, 40), Stream, Conv1d(8, 3, Padding = "causal"), {|NG1120:GroupNorm(2)|}]
partial class Normed;
//! NG1120: 'Normed' cannot take one position after another, as [Stream] asks: 'groupnorm1', GroupNorm(2, 8), normalises over all positions

[Network(3, 8, 8), {|NG1120:Stream|}, Conv2d(4, 3)]
partial class Image;
//! NG1120: 'Image' cannot take one position after another, as [Stream] asks: its input the feature map (3, 8, 8) is no sequence of several positions

[Network(20, 8), Stream, LSTM(16, Name = "lstm"), From("lstm.h"), Linear(2)]
partial class Sound;
