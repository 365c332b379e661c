[Network(3, 8, 8)]
[Linear({|NG1004:192|}, 10)]
partial class First;

[Network(3, 8, 8)]
[Conv2d(4, 3), ReLU, {|NG1004:Linear(10)|}, ReLU, Linear({|NG1001:11|}, 2)]
partial class AfterConv;
//! NG1004: Linear expects a vector of features, but the network's input gives the feature map (3, 8, 8); put Flatten in front of it (3 × 8 × 8 = 192 features)
//! NG1004: Linear expects a vector of features, but the preceding ReLU gives the feature map (4, 6, 6); put Flatten in front of it (4 × 6 × 6 = 144 features)
//! NG1001: Linear expects 11 input features, but the preceding ReLU gives 10
