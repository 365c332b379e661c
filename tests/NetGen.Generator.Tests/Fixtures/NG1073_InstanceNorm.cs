[Network(8, 4, 4)]
[InstanceNorm2d({|NG1002:7|}), {|NG1004:InstanceNorm1d|}, InstanceNorm2d(8, 1e-3, Affine = true, TrackRunningStats = false), InstanceNorm2d(TrackRunningStats = {|NG1075:true|})]
[AvgPool2d(4), {|NG1073:InstanceNorm2d|}, Flatten, {|NG1004:InstanceNorm2d(8)|}]
partial class Net;
//! NG1002: InstanceNorm2d expects 7 input channels, but the network's input gives 8: the feature map (8, 4, 4)
//! NG1004: InstanceNorm1d expects a sequence (channels, length), but the preceding InstanceNorm2d gives the feature map (8, 4, 4); write InstanceNorm2d, or give it a sequence
//! NG1075: InstanceNorm2d normalises by the statistics of each sample, in evaluation too: running statistics are not supported
//! NG1073: InstanceNorm2d normalises the values of each channel, but the preceding AvgPool2d gives the feature map (8, 1, 1), which has one: the result would always be 0
//! NG1004: InstanceNorm2d expects a feature map (channels, height, width), but the preceding Flatten gives the vector (8); put Flatten behind it, where a layer of vectors needs it: in front of it there is the feature map (8, 1, 1)
