//# unsafe: off
[{|NG2018:Network(4)|}]
[Linear({|NG1001:5|}, 2)]
public partial class Net;
//! NG2018: The code generated for 'Net' uses pointers: add <AllowUnsafeBlocks>true</AllowUnsafeBlocks> to a PropertyGroup of the project file
//! NG1001: Linear expects 5 input features, but the network's input gives 4
