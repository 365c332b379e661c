[Network(784)]
[Linear({|NG1001:783|}, 256), ReLU, Linear(outFeatures: 10, inFeatures: {|NG1001:255|}), Tanh]
[Linear({|NG1001:9|}, 4), ReLU]
partial class Mlp;
//! NG1001: Linear expects 783 input features, but the network's input gives 784
//! NG1001: Linear expects 255 input features, but the preceding ReLU gives 256
//! NG1001: Linear expects 9 input features, but the preceding Tanh gives 10
