[Network(4)]
[Initialize(Init.Uniform, "linear1", Minimum = 2, Maximum = {|NG2032:1|})]
[Initialize(Init.Normal, "linear2", StandardDeviation = {|NG2032:-0.5|})]
[Initialize(Init.Constant, "linear3", Value = {|NG2032:double.NaN|})]
[Initialize(Init.XavierUniform, "linear4", Gain = {|NG2032:0|})]
[Initialize({|NG2032:(Init)99|}, "linear5")]
[Initialize(Init.KaimingNormal, "linear6", Mode = {|NG2032:(FanMode)5|}, Nonlinearity = {|NG2032:(Nonlinearity)(-1)|})]
[Initialize(Init.TruncatedNormal, "linear7", Mean = 0, Minimum = {|NG2032:1e300|})]
[Initialize(Init.TruncatedNormal, "linear8", Mean = -3, StandardDeviation = 0, Minimum = -5, Maximum = -5)]
[Linear(4), ReLU, Linear(4), ReLU, Linear(4), ReLU, Linear(4), ReLU, Linear(4), ReLU, Linear(4), ReLU, Linear(4), ReLU, Linear(4)]
public partial class Net;
//! NG2032: Uniform's Maximum must be at least Minimum, which is 2, but is 1
//! NG2032: Normal's StandardDeviation must be at least 0, but is −0.5
//! NG2032: Constant's Value must be a finite number, but is NaN
//! NG2032: XavierUniform's Gain must be above 0, but is 0
//! NG2032: Initialize's scheme must be one of the members of Init, but is 99
//! NG2032: KaimingNormal's Mode must be one of FanIn, FanOut, but is 5
//! NG2032: KaimingNormal's Nonlinearity must be one of Linear, Sigmoid, Tanh, ReLU, LeakyReLU, SELU, but is −1
//! NG2032: TruncatedNormal's Minimum must be a finite number, but is Infinity
