[Network(2, 8, 8)]
[Initialize(Init.Orthogonal)]
[Initialize(Init.KaimingNormal, "conv1", {|NG2034:"conv1.bias"|}, {|NG2034:"batchnorm1"|})]
[Initialize(Init.XavierUniform, {|NG2034:"residual1"|})]
[Initialize(Init.Normal, "linear1.bias", "batchnorm1.weight")]
[Conv2d(4, 3), ReLU, BatchNorm2d, Residual<Inner>, Flatten, Linear(3)]
public partial class Net;

[Block, BatchNorm2d, ReLU]
class Inner;
//! NG2034: Init.KaimingNormal needs a weight of at least two dimensions, but conv1.bias has 1 dimension: take Uniform, Normal, TruncatedNormal or Constant
//! NG2034: Init.KaimingNormal needs a weight of at least two dimensions, but batchnorm1.weight has 1 dimension: take Uniform, Normal, TruncatedNormal or Constant
//! NG2034: Init.XavierUniform needs a weight of at least two dimensions, but residual1.batchnorm1.weight has 1 dimension: take Uniform, Normal, TruncatedNormal or Constant
