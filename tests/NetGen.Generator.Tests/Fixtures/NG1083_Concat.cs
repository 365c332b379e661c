[Network(3, 8, 8)]
[Conv2d(8, 3, Name = "a"), MaxPool2d(2), Concat({|NG1083:"a"|}), From("a"), Concat(".", "input", Dim = {|NG1068:4|})]
[From("a"), Concat("a", Dim = {|NG1068:0|}), From("a"), Conv2d(4, 1), Concat({|NG1083:"a"|}, Dim = -1)]
partial class Net;

[Network(3, 8, 8)]
[Concat<Kernels>(1, 3, {|NG1083:4|}), Flatten, Linear(2)]
partial class Repeated;

[Block, Conv2d(8, Size, Padding = Size / 2)]
sealed class Kernels
{
    internal const int Size = 3;
}
//! NG1083: Concat puts values one behind the other along dimension 1, so all others must be equal, but the preceding MaxPool2d gives the feature map (8, 3, 3) and 'a' gives the feature map (8, 6, 6): dimension 2 is 3 and 6
//! NG1068: Concat's Dim of 4 must lie between 1 and 3 (or −3 and −1), the batch being 0 (the preceding From("a") gives the feature map (8, 6, 6))
//! NG1068: Concat's Dim of 0 is the batch, which keeps its own dimension (the preceding From("a") gives the feature map (8, 6, 6))
//! NG1083: Concat puts values one behind the other along dimension 3, so all others must be equal, but the preceding Conv2d gives the feature map (4, 6, 6) and 'a' gives the feature map (8, 6, 6): dimension 1 is 4 and 8
//! NG1083: Concat<Kernels> puts values one behind the other along dimension 1, so all others must be equal, but Kernels (branch1) gives the feature map (8, 8, 8) and Kernels (branch3) gives the feature map (8, 9, 9): dimension 2 is 8 and 9
