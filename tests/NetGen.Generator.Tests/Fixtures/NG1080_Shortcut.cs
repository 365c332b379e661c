[Network(8, 6, 6)]
[Residual<Half, {|NG1080:Whole|}>, Residual<Half, Fits>, Residual<Half, {|NG1080:Flat|}>]
partial class Net;

[Block, Conv2d(16, 3, Stride = 2, Padding = 1), ReLU]
class Half;

[Block, Conv2d(16, 1)]
class Whole;

[Block, Conv2d(16, 1, Stride = 2)]
class Fits;

[Block, Flatten]
class Flat;
//! NG1080: Residual<Half, Whole> adds the outputs of Half and Whole, so both must have the same shape, but of the feature map (8, 6, 6) the first makes the feature map (16, 3, 3) and the second the feature map (16, 6, 6)
//! NG1080: Residual<Half, Flat> adds the outputs of Half and Flat, so both must have the same shape, but of the feature map (16, 2, 2) the first makes the feature map (16, 1, 1) and the second the vector (64)
