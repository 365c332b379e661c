// The name is not to be had, but those who read it mean that layer: one mistake is one error.
[Network(8)]
[Linear(8, Name = {|NG2014:"parameters"|}), Tanh, Add("parameters"), From("parameters"), ReLU]
[Concat("parameters", {|NG1081:"nothing"|}), Linear(2)]
public partial class Net;
//! NG2014: The layer name "parameters" collides with the member 'Parameters' that NetGen generates: choose another name
//! NG1081: Concat reads an earlier value by its name, but no layer in front of it is called 'nothing'; there are 'tanh1', 'add1', 'from1', 'relu1'
