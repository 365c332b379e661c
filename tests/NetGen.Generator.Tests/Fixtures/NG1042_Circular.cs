[Network(3, 4, 6)]
[Conv2d(4, 5, Padding = {|NG1042:5|}, PaddingMode = "circular")]
partial class Net;

[Network(3, 4, 6)]
[Conv2d(4, 5, Padding = new[] { 4, 6 }, PaddingMode = "circular")]
partial class JustFits;
//! NG1042: Conv2d's circular padding of 5 rows must not be larger than its input of 4 rows (the network's input gives the feature map (3, 4, 6)), since it would go round more than once
