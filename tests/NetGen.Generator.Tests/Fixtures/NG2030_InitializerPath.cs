[Network(1, 8, 8)]
[Initialize(Init.Constant, {|NG2030:"conv2"|}, Value = 1)]
[Initialize(Init.Uniform, "conv1", {|NG2030:"relu1"|}, {|NG2030:"conv1.gamma"|}, {|NG2030:"conv"|}, {|NG2030:""|})]
[Initialize(Init.Uniform, "batchnorm1.weight", {|NG2030:"batchnorm1.running_mean"|})]
[Initialize(Init.Normal, new[] { "residual1.conv1", {|NG2030:"residual1.conv2"|} })]
[Conv2d(1, 4, 3), ReLU, BatchNorm2d, Residual<Inner>, Flatten, Linear(3)]
public partial class Net;

[Block]
[Initialize(Init.XavierNormal, {|NG2030:"conv9"|})]
[Conv2d(4, 3, Padding = 1)]
class Inner;

[Network(4), Initialize({|NG2030:Init.KaimingNormal|}), ReLU]
public partial class Empty;

// What cannot be known is not judged.
[Network(4), Initialize(Init.KaimingNormal, "linear7"), Linear({|NG1001:5|}, 3)]
public partial class InError;
//! NG2030: "conv2" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "relu1" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "conv1.gamma" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "conv" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "batchnorm1.running_mean" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "residual1.conv2" is no layer or parameter to initialise: the layers with parameters are conv1, batchnorm1, residual1.conv1, linear1
//! NG2030: "conv9" is no layer or parameter to initialise: the layers with parameters are conv1
//! NG2030: There is nothing to initialise: no layer has parameters
//! NG1001: Linear expects 5 input features, but the network's input gives 4
