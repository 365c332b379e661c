// The compiler takes them for types of their own; so files of one name would end the generator.
[{|CS0592:Network|}(4), {|CS0592:Linear|}(2)]
partial record struct {|NG2016:Net|};

[{|CS0592:Network|}(4), {|CS0592:Linear|}(2)]
partial struct {|CS0261,NG2016:Net|};

[Network(4), Linear(2)]
partial record {|CS0261,NG2016:Net|};

[{|NG2028:Linear(2)|}]
partial class {|CS0261:Net|};
//! NG2016: 'Net' cannot be a network because it is a struct, each copy of which would have its own parameters: make it a class
//! NG2016: 'Net' cannot be a network because it is a struct, each copy of which would have its own parameters: make it a class
//! NG2016: 'Net' cannot be a network because it is a record, which compares and copies its fields: make it a class
//! NG2028: 'Net' has layers but is no network yet, so that there is nothing to create, train or load: write [Network(…)] in front of them, with the dimensions of one sample, or [Block] if other networks use it
