[Network(3, 8, 8)]
[{|NG3010:Conv2d(3, 16, 3)|}, BatchNorm2d, ReLU]
[Conv2d(16, 3, Bias = {|NG3010:true|}), BatchNorm2d, ReLU]
[Conv2d(16, 3, Bias = false), BatchNorm2d, ReLU]
[Conv2d(4, 1), ReLU, BatchNorm2d]
[{|NG3010:Conv2d(4, 1)|}, Flatten, BatchNorm1d]
[Linear(16, 8, bias: false), BatchNorm1d, BatchNorm1d]
[Residual<Body>, BatchNorm1d(Affine = false), Residual<Body>]
partial class Net;

[Network(4)]
[Linear(4, 4, {|NG3010:true|}), BatchNorm1d]
partial class Positional;

// The bias at the end of the block is in what the block adds, and not lost.
[Block, {|NG3010:Linear(8)|}, BatchNorm1d, ReLU, Linear(8)]
class Body;
//! NG3010: The bias of Conv2d has no effect: BatchNorm2d behind it subtracts each channel's mean, and the bias with it; write Bias = false
//! NG3010: The bias of Conv2d has no effect: BatchNorm2d behind it subtracts each channel's mean, and the bias with it; write Bias = false
//! NG3010: The bias of Conv2d has no effect: BatchNorm1d behind it subtracts each channel's mean, and the bias with it; write Bias = false
//! NG3010: The bias of Linear has no effect: BatchNorm1d behind it subtracts each channel's mean, and the bias with it; write Bias = false
//! NG3010: The bias of Linear has no effect: BatchNorm1d behind it subtracts each channel's mean, and the bias with it; write Bias = false
