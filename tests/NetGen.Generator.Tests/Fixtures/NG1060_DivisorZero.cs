[Network(1, 8, 8)]
[AvgPool2d(2, DivisorOverride = {|NG1060:0|})]
[AvgPool2d(2, DivisorOverride = -3)]
partial class Net;
//! NG1060: AvgPool2d's DivisorOverride divides the sum over each window and must not be 0; leave it out to divide by the number of elements
