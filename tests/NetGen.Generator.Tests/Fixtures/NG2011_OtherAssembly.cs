[Network(4)]
[Residual<{|NG2011:FromLibrary|}>, Linear({|NG1001:5|}, 4)]
partial class Net;
//# reference: Library.cs
using NetGen;

[Block, Linear(4)]
public class FromLibrary;
//! NG2011: Block 'FromLibrary' comes from the assembly 'Library', where the order of its attributes is not kept: declare it in this project
//! NG1001: Linear expects 5 input features, but the preceding Residual<FromLibrary> gives 4
