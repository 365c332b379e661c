[Network(4)]
[Linear(3), {|NG3052:ReLU|}, CrossEntropyLoss]
partial class Net;

[Network(4)]
[Linear(3), {|NG3052:ReLU6|}, Dropout(0.5), BCEWithLogitsLoss]
partial class Binary;

[Network(4)]
[Linear(3), ReLU, MSELoss]
partial class Right;
//! NG3052: ReLU in front of CrossEntropyLoss makes 0 of every score below 0, from which no gradient comes back: remove it, CrossEntropyLoss takes scores of either sign
//! NG3052: ReLU6 in front of BCEWithLogitsLoss makes 0 of every score below 0, from which no gradient comes back: remove it, BCEWithLogitsLoss takes scores of either sign
