[Network(4)]
[Residual<{|NG2011:FromLibrary|}>, Linear({|NG1001:5|}, 4)]
partial class Net;
//# reference: Library.cs
using NetGen;

[Block, Linear(4)]
public class FromLibrary;
//! NG1001: Linear expects 5 input features, but the preceding Residual<FromLibrary> gives 4
