[Network(4)]
[Sequential<Body>, ReLU, Sequential<Body>(Name = {|NG2014:""|}), ReLU, Sequential<Around>(Name = {|NG2014:""|}), ReLU, Sequential<Own>(Name = "")]
partial class Net;

// Good names in a block, but not among the network's members.
[Block, Linear(4, Name = "all"), ReLU]
class Body;

[Block, Sequential<Named>(Name = "")]
class Around;

[Block, Linear(4, Name = "net"), ReLU]
class Named;

[Block, Linear(4, Name = {|NG2014:"parameters"|}), ReLU]
class Own;
//! NG2014: The layer name "all" collides with the member 'Gradients.All' that NetGen generates: choose another name
//! NG2014: The layer name "net" collides with the member 'Net.Net' that NetGen generates: choose another name
//! NG2014: The layer name "parameters" collides with the member 'Parameters' that NetGen generates: choose another name
