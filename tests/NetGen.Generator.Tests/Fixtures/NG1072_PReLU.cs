[Network(8, 4, 4)]
[PReLU({|NG1072:4|}), PReLU, PReLU(8), PReLU(8, init: 0.5), PReLU(Init = {|NG1074:double.NaN|}), PReLU({|NG1005:0|}), Flatten, PReLU({|NG1072:8|}), PReLU(128), Linear(128, 3)]
partial class Net;
//! NG1072: PReLU takes 1 parameter or one for each of the 8 channels that the network's input gives, but 4 is written
//! NG1074: PReLU's init must be a finite number, but is NaN
//! NG1005: PReLU's number of parameters must be at least 1, but is 0
//! NG1072: PReLU takes 1 parameter or one for each of the 128 features that the preceding Flatten gives, but 8 is written
