[Network(3, 8, 8)]
[Conv2d(8, 3, Name = "a"), AdaptiveAvgPool2d(1, Name = "gate"), From("a"), Mul("gate"), Conv2d(8, 3), Mul("gate"), Add({|NG1082:"a"|})]
[From("a"), Flatten, Sub({|NG1082:"gate"|})]
partial class Net;

[Network(3, 8, 8)]
[Conv2d(8, 3), Mul<Left, {|NG1082:Right|}>]
partial class Blocks;

[Block, Conv2d(4, 1)]
sealed class Left;

[Block, Conv2d(6, 1)]
sealed class Right;

[Network(4)]
[Linear(2, Name = "two"), Linear(3, Name = "three"), From("input"), Maximum("input", {|NG1082:"two"|}), Linear(4), Div({|NG1074:0|})]
partial class Vectors;
//! NG1082: Add needs operands that broadcast, but the preceding Mul gives the feature map (8, 4, 4) and 'a' gives the feature map (8, 6, 6): dimension 2 is 4 and 6, and only equal ones, or a 1, fit
//! NG1082: Sub needs operands that broadcast, but the preceding Flatten gives the vector (288) and 'gate' gives the feature map (8, 1, 1): they have 1 dimension and 3 besides the batch
//! NG1082: Mul<Left, Right> needs operands that broadcast, but Left (branch1) gives the feature map (4, 6, 6) and Right (branch2) gives the feature map (6, 6, 6): dimension 1 is 4 and 6, and only equal ones, or a 1, fit
//! NG1082: Maximum needs operands that broadcast, but those before it make the vector (4) and 'two' gives the vector (2): dimension 1 is 4 and 2, and only equal ones, or a 1, fit
//! NG1074: Div's number must be a number to divide by, not 0, but is 0
