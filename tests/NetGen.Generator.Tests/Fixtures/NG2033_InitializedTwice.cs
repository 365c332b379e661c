[Network(4)]
[Initialize(Init.Orthogonal), {|NG2033:Initialize(Init.XavierUniform)|}]
[Initialize(Init.Normal, "linear1", "linear2", {|NG2033:"linear1"|})]
[Initialize(Init.Constant, "linear1.bias", {|NG2033:"linear2"|})]
[Initialize(Init.Constant, "residual1")]
[Linear(4), ReLU, Linear(4), ReLU, Residual<Inner>, Residual<Inner>]
public partial class Net;

// The network may overrule its blocks, and each use has paths of its own.
[Block, Initialize(Init.Normal), Initialize(Init.Constant, "linear1"), Linear(4), ReLU]
class Inner;
//! NG2033: Everything has an Initialize already: of two with the same path neither is the more specific
//! NG2033: "linear1" has an Initialize already: of two with the same path neither is the more specific
//! NG2033: "linear2" has an Initialize already: of two with the same path neither is the more specific
