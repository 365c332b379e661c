[Network(2, 4, 4)]
[Flatten, Dropout, ReLU, Linear({|NG1001:31|}, 4)]
partial class Net;
//! NG1001: Linear expects 31 input features, but the preceding ReLU gives 32 = 2 × 4 × 4
