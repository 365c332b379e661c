[Network(4)]
[Linear(4), {|NG2007:CrossEntropyLoss|}, Tanh]
public partial class Net;
//! NG2007: CrossEntropyLoss must stand after the last layer, but Tanh follows it
