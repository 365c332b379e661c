[Network(3, 8, 8)]
[AdaptiveAvgPool2d({|NG1005:0|})]
[AdaptiveAvgPool2d([{|NG1005:-1|}, 2])]
[AdaptiveAvgPool2d([null, {|NG1005:0|}])]
[AdaptiveAvgPool2d({|NG1013:[1, 2, 3]|})]
[AdaptiveAvgPool2d({|NG1013:[1, "x"]|})]
partial class Net;

[Network(3, 8, 8)]
[AdaptiveAvgPool2d([null, 4])]
[{|NG1004:AdaptiveAvgPool1d(2)|}]
partial class OfSequences;

[Network(3, 8)]
[AdaptiveAvgPool1d({|NG1005:0|})]
[{|NG1004:AdaptiveAvgPool2d(2)|}]
partial class OfImages;
//! NG1005: AdaptiveAvgPool2d's output size must be at least 1, but is 0
//! NG1005: AdaptiveAvgPool2d's output size must be at least 1, but is (−1, 2)
//! NG1005: AdaptiveAvgPool2d's output size must be at least 1, but is (null, 0)
//! NG1013: AdaptiveAvgPool2d's outputSize takes one int, or height and width, each an int or null, such as 7 or [null, 7], but a list of 3 was given
//! NG1013: AdaptiveAvgPool2d's outputSize takes one int, or height and width, each an int or null, such as 7 or [null, 7], but a list of 2 was given
//! NG1004: AdaptiveAvgPool1d expects a sequence (channels, length), but the preceding AdaptiveAvgPool2d gives the feature map (3, 8, 4); write AdaptiveAvgPool2d, or give it a sequence
//! NG1005: AdaptiveAvgPool1d's output size must be at least 1, but is 0
//! NG1004: AdaptiveAvgPool2d expects a feature map (channels, height, width), but the preceding AdaptiveAvgPool1d gives the sequence (3, ?); write AdaptiveAvgPool1d, or give it a feature map
