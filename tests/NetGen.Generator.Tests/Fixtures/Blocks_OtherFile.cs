[Network(4)]
[Residual<Body>, Linear({|NG1001:5|}, 1)]
partial class Net;
//# file: Body.cs
[Block]
[Linear({|NG1001:3|}, 4)]
class Body;
//! NG1001: Linear expects 5 input features, but the preceding Residual<Body> gives 4
//! NG1001: Linear 'residual1.linear1' expects 3 input features, but the block's input gives 4
