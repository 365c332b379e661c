[Network(1, 8, 8)]
[{|NG1064:Upsample|}]
[Upsample(4, ScaleFactor = {|NG1064:2|})]
partial class Neither;

[Network(1, 8, 8)]
[Upsample(ScaleFactor = {|NG1065:-2|})]
partial class Negative;

[Network(1, 8, 8)]
[Upsample(ScaleFactor = new[] { 2, {|NG1065:0.0|} })]
partial class Zero;

[Network(1, 8, 8)]
[Upsample(ScaleFactor = new[] { {|NG1066:0.1|}, 1 })]
partial class Nothing;

[Network(1, 8, 8)]
[Upsample(ScaleFactor = 2, AlignCorners = {|NG1067:true|})]
[Upsample([3, {|NG1005:0|}])]
[Upsample(2, Mode = {|NG1013:"bicubic"|})]
[Upsample(ScaleFactor = {|NG1013:"2"|})]
partial class Options;

[Network(1, 8)]
[{|NG1004:Upsample(ScaleFactor = 2, Mode = "bilinear")|}]
partial class OfImages;
//! NG1064: Upsample needs either Size or ScaleFactor, but neither is given
//! NG1064: Upsample needs either Size or ScaleFactor, but both are given
//! NG1065: Upsample's ScaleFactor must be a positive number, but is −2
//! NG1065: Upsample's ScaleFactor must be a positive number, but is 0
//! NG1066: Upsample's output height must lie between 1 and 2147483647, but is floor(8 · 0.1) = 0 (the network's input gives the feature map (1, 8, 8))
//! NG1067: Upsample's AlignCorners says where linear and bilinear interpolation measure from; with Mode = "nearest" it has no meaning: leave it out
//! NG1005: Upsample's output width must be at least 1, but is 0
//! NG1013: Upsample's mode takes "nearest" or "linear" or "bilinear", but the text "bicubic" was given
//! NG1013: Upsample's scaleFactor takes one number or two (height, width), such as 2 or new[] { 2.0, 1.5 }, but the text "2" was given
//! NG1004: Upsample expects a feature map (channels, height, width), but the network's input gives the sequence (1, 8); give the network an input of (channels, height, width), or take the layer for sequences
