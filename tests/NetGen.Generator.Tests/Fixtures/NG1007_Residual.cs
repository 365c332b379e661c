[Network(8, 6, 6)]
[Residual<{|NG1007:Shrinks|}>, Residual<Keeps>, Flatten, Residual<{|NG1007:ToTen|}>, Linear({|NG1001:10|}, 10)]
partial class Net;

[Block, Conv2d(8, 8, 3), ReLU]
class Shrinks;

[Block, Conv2d(8, 3, Padding = 1), ReLU]
class Keeps;

[Block, Linear(10), ReLU]
class ToTen;
//! NG1007: Residual<Shrinks> adds its input to the output of Shrinks, so both must have the same shape, but the network's input gives the feature map (8, 6, 6) and Shrinks turns it into the feature map (8, 4, 4); where that is meant, give it a second block that makes the same shape of the input, Residual<Shrinks, TShortcut>
//! NG1007: Residual<ToTen> adds its input to the output of ToTen, so both must have the same shape, but the preceding Flatten gives the vector (288) and ToTen turns it into the vector (10); where that is meant, give it a second block that makes the same shape of the input, Residual<ToTen, TShortcut>
//! NG1001: Linear expects 10 input features, but the preceding Residual<ToTen> gives 288 = 8 × 6 × 6
