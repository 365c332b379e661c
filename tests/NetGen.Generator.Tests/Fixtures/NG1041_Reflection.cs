[Network(3, 4, 6)]
[Conv2d(4, 5, Padding = {|NG1041:4|}, PaddingMode = "reflect")]
partial class Convolution;

[Network(3, 4, 6)]
[ReflectionPad2d({|NG1041:[1, 0, 1, 4]|})]
[ReflectionPad2d({|NG1041:[7, 0, 1, 4]|})]
partial class Pad;

[Network(3, 4, 6)]
[ReflectionPad2d(3), Conv2d(4, 5, Padding = 4, PaddingMode = "reflect")]
partial class JustFits;
//! NG1041: Conv2d's reflecting padding of 4 rows must be smaller than its input of 4 rows (the network's input gives the feature map (3, 4, 6)): the border itself is not repeated, so that there are 4 rows − 1 = 3 to mirror
//! NG1041: ReflectionPad2d's reflecting padding of 4 rows must be smaller than its input of 4 rows (the network's input gives the feature map (3, 4, 6)): the border itself is not repeated, so that there are 4 rows − 1 = 3 to mirror
//! NG1041: ReflectionPad2d's reflecting padding of 7 columns must be smaller than its input of 7 columns (the preceding ReflectionPad2d gives the feature map (3, 9, 7)): the border itself is not repeated, so that there are 7 columns − 1 = 6 to mirror
