//# note: NG4001
[Network(1, 28, 28)]
[{|NG4001:Conv2d(8, 3, Padding = 1)|}, {|NG4001:ReLU|}, {|NG4001:Residual<Body>|}]
[{|NG4001:Flatten|}, {|NG4001:Linear(10)|}, CrossEntropyLoss]
partial class Net;

[Block, {|NG4001:Conv2d(8, 3, Padding = 1)|}, {|NG4001:ReLU|}]
class Body;
//! NG4001: conv1: (1, 28, 28) → (8, 28, 28), 80 parameters, 56448 multiply-adds
//! NG4001: relu1: (8, 28, 28) → (8, 28, 28), 0 parameters
//! NG4001: residual1: (8, 28, 28) → (8, 28, 28), 584 parameters, 451584 multiply-adds
//! NG4001: flatten1: (8, 28, 28) → (6272), 0 parameters
//! NG4001: linear1: (6272) → (10), 62730 parameters, 62720 multiply-adds
//! NG4001: residual1.conv1: (8, 28, 28) → (8, 28, 28), 584 parameters, 451584 multiply-adds
//! NG4001: residual1.relu1: (8, 28, 28) → (8, 28, 28), 0 parameters
