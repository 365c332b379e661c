[Network(3, 8, 8)]
[Conv2d(8, 3, Padding = 1, Name = "stem"), ReLU, From({|NG1081:"stemm"|}), Add({|NG1081:"head"|}), Concat("stem", {|NG1081:"nothing"|})]
[Sequential<Body>(Name = "body"), Add({|NG1081:"body.conv2"|}), Conv2d(8, 1, Name = "head")]
partial class Net;

[Block, Conv2d(8, 3, Padding = 1), Add("stem"), Add("input"), Add({|NG1081:"conv2"|})]
sealed class Body;

[Network(4)]
[Add({|NG1081:"a"|}), Linear(2)]
partial class Empty;
//! NG1081: From("stemm") reads an earlier value by its name, but no layer in front of it is called 'stemm'; did you mean 'stem'?
//! NG1081: Add reads an earlier value by its name, but 'head' stands behind it
//! NG1081: Concat reads an earlier value by its name, but no layer in front of it is called 'nothing'; there are 'stem', 'relu1', 'from1', 'add1'
//! NG1081: Add reads an earlier value by its name, but no layer in front of it is called 'body.conv2'; did you mean 'body.conv1'?
//! NG1081: Add 'body.add3' reads an earlier value by its name, but no layer in front of it is called 'conv2'; did you mean 'conv1'?
//! NG1081: Add reads an earlier value by its name, but no layer in front of it is called 'a'; nothing but the input is in front of it
