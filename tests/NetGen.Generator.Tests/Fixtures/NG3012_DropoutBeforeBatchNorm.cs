[Network(3, 8, 8)]
[Conv2d(4, 3), {|NG3012:Dropout2d(0.25)|}, ReLU, MaxPool2d(2), BatchNorm2d]
[Dropout(0.5), Conv2d(4, 1, Bias = false), BatchNorm2d]
[Dropout(0), BatchNorm2d, {|NG3012:Dropout(0.5)|}, Flatten, BatchNorm1d]
partial class Net;
//! NG3012: Dropout2d in front of BatchNorm2d raises the variance up to 1 / (1 − 0.25) = 1.33 times, in training only, and BatchNorm2d scales by it in evaluation as well: put it behind BatchNorm2d
//! NG3012: Dropout in front of BatchNorm1d raises the variance up to 1 / (1 − 0.5) = 2 times, in training only, and BatchNorm1d scales by it in evaluation as well: put it behind BatchNorm1d
