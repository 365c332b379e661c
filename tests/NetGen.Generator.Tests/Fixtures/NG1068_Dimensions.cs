[Network(4, 8, 8)]
[Flatten({|NG1068:0|})]
partial class Batch;

[Network(4, 8, 8)]
[Flatten({|NG1068:4|})]
partial class TooFar;

[Network(4, 8, 8)]
[Flatten(2, {|NG1068:1|})]
partial class Reversed;

[Network(4, 8, 8)]
[Flatten, Unflatten({|NG1068:2|}, [4, 64])]
partial class Divided;

[Network(4, 8, 8)]
[Flatten, Unflatten(1, {|NG1069:[3, 64]|})]
partial class Product;

[Network(4, 8, 8)]
[Flatten, Unflatten(1, {|NG1069:[3, -1]|})]
partial class Open;

[Network(4, 8, 8)]
[Flatten, Unflatten(1, {|NG1069:[-1, -1]|})]
partial class TwoOpen;

[Network(4, 8, 8)]
[Unflatten(1, {|NG1069:[2, 2]|})]
partial class Rank;
//! NG1068: Flatten's StartDim of 0 is the batch, which keeps its own dimension (the network's input gives the feature map (4, 8, 8))
//! NG1068: Flatten's StartDim of 4 must lie between 1 and 3 (or −3 and −1), the batch being 0 (the network's input gives the feature map (4, 8, 8))
//! NG1068: Flatten's EndDim of 1 must not lie before StartDim, 2 (the network's input gives the feature map (4, 8, 8))
//! NG1068: Unflatten's dim of 2 must lie between 1 and 1 (or −1 and −1), the batch being 0 (the preceding Flatten gives the vector (256))
//! NG1069: Unflatten's unflattenedSize (3, 64) does not multiply to dimension 1, 256 (the preceding Flatten gives the vector (256)): 3 · 64 = 192
//! NG1069: Unflatten's unflattenedSize (3, −1) does not divide dimension 1, 256 (the preceding Flatten gives the vector (256)): 3
//! NG1069: Unflatten's unflattenedSize (−1, −1) must be sizes of at least 1, one of which may be −1 to follow from the others
//! NG1069: Unflatten's unflattenedSize (2, 2) makes 4 dimensions of the feature map (4, 8, 8), and a sample has at most 3 (channels, height, width)
