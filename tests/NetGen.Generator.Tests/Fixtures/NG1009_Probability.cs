[Network(4)]
[Dropout({|NG1009:1.5|}), Dropout(p: {|NG1009:-0.25|}), Dropout({|NG1009:double.NaN|}), Dropout(0), Dropout(1)]
partial class Net;
//! NG1009: Dropout's probability p must lie between 0 and 1, but is 1.5
//! NG1009: Dropout's probability p must lie between 0 and 1, but is −0.25
//! NG1009: Dropout's probability p must lie between 0 and 1, but is NaN
