// What the compiler reports is not repeated, and the rest is still checked.
[Network(4)]
[{|NG2070:Linaer|}(4), Linear(7, 3), ReLU, Linear({|NG1001:4|}, 2)]
partial class Misspelt;

[Network(4)]
[Linear({|CS0103:Missing|}), ReLU, Linear(9, 4)]
partial class UnknownConstant;

[Network(4)]
[{|CS1729:Linear(1, true, false, "x")|}, ReLU, Linear(9, 4)]
partial class NoSuchConstructor;

[Network(4)]
[Linear(4, {|CS0246,NG2071:Baias|} = false), ReLU, Linear(9, 4)]
partial class NoSuchProperty;

[Network(4)]
[Linear(4, Bias = true, {|CS0643:Bias = false|}), ReLU]
partial class Duplicate;

[Network({|CS1503:"x"|})]
[Linear(9, 4)]
partial class BadShape;

[Network({|CS0103:Missing|}, 8)]
[LSTM(16), Linear(2)]
partial class UnknownShape;

[Network(4)]
[Residual<{|CS0246:Nowhere|}>, Linear({|NG1001:9|}, 4)]
partial class NoSuchBlock;

[Network(4), {|CS0579:Network|}(5)]
[Linear({|NG1001:9|}, 4)]
partial class Twice;

[{|CS0592:Network|}(4)]
struct {|NG2016:Structure|};
//! NG2070: There is no layer called 'Linaer': write Linear
//! NG1001: Linear expects 4 input features, but the preceding ReLU gives 3
//! NG2071: Linear has no option 'Baias': write Bias = …
//! NG1001: Linear expects 9 input features, but the preceding Residual<Nowhere> gives 4
//! NG1001: Linear expects 9 input features, but the network's input gives 4
//! NG2016: 'Structure' cannot be a network because it is a struct, each copy of which would have its own parameters: make it a class
