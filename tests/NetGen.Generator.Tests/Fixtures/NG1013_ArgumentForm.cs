[Network(1, 9, 9)]
[Conv2d(1, 4, 3, Padding = {|NG1013:"x"|})]
[Conv2d(4, 4, {|NG1013:[3, 3, 3]|}, Name = "three")]
[MaxPool2d(2, Stride = {|NG1013:2.0|}), AvgPool2d({|NG1013:[2]|})]
[MaxPool2d(2, Padding = {|NG1013:true|}), MaxPool2d(2, Padding = null)]
[Conv2d(1, 4, {|NG1013:null!|}, stride: null)]
[Conv2d(4, 3, Stride = {|NG1013:DayOfWeek.Monday|})]
[Conv2d(4, 3, Stride = {|NG1013:typeof(int)|}, Padding = {|NG1013:new[] { "a", "b" }|})]
[Conv2d(4, 3, PaddingMode = {|NG1013:"mirror"|})]
[ZeroPad2d({|NG1013:[1, 2]|})]
[GELU(Approximate = {|NG1013:"Tanh"|})]
partial class Net;
//! NG1013: Conv2d's padding takes one int, two ints (height, width), "same" or "valid", but the text "x" was given
//! NG1013: Conv2d's kernelSize takes one int or two ints (height, width), such as 3 or new[] { 3, 5 }, but a list of 3 was given
//! NG1013: MaxPool2d's stride takes one int or two ints (height, width), such as 3 or new[] { 3, 5 }, but the value 2 of type double was given
//! NG1013: AvgPool2d's kernelSize takes one int or two ints (height, width), such as 3 or new[] { 3, 5 }, but a list of 1 was given
//! NG1013: MaxPool2d's padding takes one int or two ints (height, width), such as 3 or new[] { 3, 5 }, but true was given
//! NG1013: Conv2d's kernelSize takes a value, but null was given
//! NG1013: Conv2d's stride takes one int or two ints (height, width), such as 3 or new[] { 3, 5 }, but a System.DayOfWeek was given
//! NG1013: Conv2d's stride takes one int or two ints (height, width), such as 3 or new[] { 3, 5 }, but a System.Type was given
//! NG1013: Conv2d's padding takes one int, two ints (height, width), "same" or "valid", but a list of 2 was given
//! NG1013: Conv2d's paddingMode takes "zeros" or "reflect" or "replicate" or "circular", but the text "mirror" was given
//! NG1013: ZeroPad2d's padding takes one int or four ints (left, right, top, bottom), but a list of 2 was given
//! NG1013: GELU's approximate takes "none" or "tanh", but the text "Tanh" was given
