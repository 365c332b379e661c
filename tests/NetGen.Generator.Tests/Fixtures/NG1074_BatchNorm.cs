[Network(8, 4, 4)]
[BatchNorm2d(8, {|NG1074:0|}), BatchNorm2d(8, eps: {|NG1074:double.NaN|}), BatchNorm2d(8, momentum: {|NG1074:10|}), BatchNorm2d(Momentum = {|NG1074:-0.5|})]
[BatchNorm2d(8, 1e-3, 1), BatchNorm2d(CumulativeAverage = true)]
partial class Net;
//! NG1074: BatchNorm2d's eps must be above 0, but is 0
//! NG1074: BatchNorm2d's eps must be above 0, but is NaN
//! NG1074: BatchNorm2d's momentum must be from 0 to 1, but is 10
//! NG1074: BatchNorm2d's momentum must be from 0 to 1, but is −0.5
