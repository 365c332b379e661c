[Network(4, 6)]
[Permute({|NG1090:2|}), Linear(2)]
partial class TooFew;

[Network(4, 6)]
[Permute(1, {|NG1090:1|}), Linear(2)]
partial class Twice;

[Network(4, 6)]
[Permute({|NG1068:0|}, 2, 1), Linear(2)]
partial class WithBatch;

[Network(4, 6)]
[Flip(2, {|NG1090:-1|}), Transpose(1, {|NG1068:3|})]
partial class Flipped;

[Network(4, 6, 8)]
[Mean([2, {|NG1090:2|}]), Linear(2)]
partial class Mean;

[Network(4, 6, 8)]
[Sum({|NG1068:0|}), Linear(2)]
partial class Batch;

[Network(4, 10)]
[Select(2, {|NG1091:10|}), Slice(1, {|NG1091:4|}, 2), Linear(2)]
partial class Outside;

[Network(7)]
[Slice(1, 0, Step = {|NG1005:0|})]
partial class NoStep;

[Network(7)]
[Chunk(5, {|NG1091:4|})]
partial class Chunked;

[Network(6, 8, 9)]
[PixelShuffle({|NG1092:2|})]
partial class Shuffled;

[Network(6, 8, 9)]
[PixelUnshuffle({|NG1092:2|})]
partial class Unshuffled;

[Network(3, 8, 1)]
[Squeeze({|NG1093:2|}), Conv1d(2, 1)]
partial class Squeezed;

[Network(1)]
[Squeeze({|NG1093:1|})]
partial class Nothing;

[Network(3, 8, 8)]
[{|NG1094:Unsqueeze(1)|}]
partial class Unsqueezed;

[Network(4, 6)]
[Unsqueeze({|NG1068:4|})]
partial class TooFar;

[Network(4, 1)]
[Var({|NG1095:2|}), Linear(2)]
partial class Variance;

[Network(4, 6)]
[Reshape({|NG1069:5|}, -1)]
partial class Shaped;

[Network(4, 6)]
[Reshape({|NG1069:1|}, 2, 3, 4)]
partial class FourDimensions;

[Network(4, 6)]
[Normalize({|NG1074:1|}), Normalize(Dim = {|NG1068:3|}, Eps = {|NG1074:-1|})]
partial class Norm;
//! NG1090: Permute's dims (2) must be all dimensions in some order: 1, 2 (the network's input gives the sequence (4, 6))
//! NG1090: Permute's dims (1, 1) name dimension 1 twice (the network's input gives the sequence (4, 6))
//! NG1068: Permute's dims of 0 is the batch, which keeps its own dimension (the network's input gives the sequence (4, 6))
//! NG1090: Flip's dims (2, −1) name dimension 2 twice (the network's input gives the sequence (4, 6))
//! NG1068: Transpose's dim1 of 3 must lie between 1 and 2 (or −2 and −1), the batch being 0 (the preceding Flip gives the sequence (4, 6))
//! NG1090: Mean's dim (2, 2) name dimension 2 twice (the network's input gives the feature map (4, 6, 8))
//! NG1068: Sum's dim of 0 is the batch, which keeps its own dimension (the network's input gives the feature map (4, 6, 8))
//! NG1091: Select's index 10 must lie between −10 and 9: dimension 2 has 10 elements (the network's input gives the sequence (4, 10))
//! NG1091: Slice's range 4:2 leaves nothing of dimension 1, which has 4 elements: from 4 to before 2 (the preceding Select gives the vector (4))
//! NG1005: Slice's step must be at least 1, but is 0
//! NG1091: Chunk's index 4 must lie between −4 and 3: in chunks of ⌈7 / 5⌉ = 2 dimension 1 makes 4 (the network's input gives the vector (7))
//! NG1092: PixelShuffle needs channels that 2 · 2 = 4 divides, but the network's input gives 6 (the feature map (6, 8, 9))
//! NG1092: PixelUnshuffle needs rows and columns that 2 divides, but the network's input gives 8 and 9 (the feature map (6, 8, 9))
//! NG1093: Squeeze leaves out dimension 2, which must have one element, but it has 8 (the network's input gives the feature map (3, 8, 1))
//! NG1093: Squeeze leaves out dimension 1, which must have one element, and a sample has at least one dimension (the network's input gives the vector (1))
//! NG1094: Unsqueeze adds a dimension, but the network's input gives the feature map (3, 8, 8), and a sample has at most 3 dimensions (channels, height, width)
//! NG1068: Unsqueeze's dim of 4 must lie between 1 and 3 (or −3 and −1), the batch being 0 (the network's input gives the sequence (4, 6))
//! NG1095: Var divides by the number of elements less 1, but along dim 2 there is only one (the network's input gives the sequence (4, 1)): 1 − 1 = 0; write Unbiased = false, or take another dimension
//! NG1069: Reshape's shape (5, −1) does not divide the 24 elements of the sequence (4, 6), which the network's input gives: 5
//! NG1069: Reshape's shape (1, 2, 3, 4) has 4 dimensions, and a sample has at most 3 (channels, height, width)
//! NG1074: Normalize's p must be 2, the Euclidean norm, the only one that it has, but is 1
//! NG1068: Normalize's dim of 3 must lie between 1 and 2 (or −2 and −1), the batch being 0 (the preceding Normalize gives the sequence (4, 6))
//! NG1074: Normalize's eps must be 0 or more, but is −1
