[Network(4)]
[Initialize(Init.Uniform, Gain = {|NG2031:2|}, Minimum = -1)]
[Initialize(Init.PyTorchDefault, "linear1", Mean = {|NG2031:0|})]
[Initialize(Init.XavierNormal, "linear2", Mode = {|NG2031:FanMode.FanOut|}, Gain = 2)]
[Initialize(Init.KaimingUniform, "linear3", NegativeSlope = {|NG2031:0.2|})]
[Initialize(Init.KaimingUniform, "linear4", NegativeSlope = 0.2, Nonlinearity = Nonlinearity.LeakyReLU)]
[Linear(4), ReLU, Linear(4), ReLU, Linear(4), ReLU, Linear(4)]
public partial class Net;
//! NG2031: Init.Uniform has no Gain: it has Minimum, Maximum
//! NG2031: Init.PyTorchDefault has no Mean: it has no options
//! NG2031: Init.XavierNormal has no Mode: it has Gain
//! NG2031: Init.KaimingUniform without Nonlinearity.LeakyReLU has no NegativeSlope: it has Mode, Nonlinearity
