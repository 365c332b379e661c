[Network(64, 100)]
[Linear(100, 48), GELU, Linear({|NG1001:64|}, 32), Tanh, Linear({|NG1001:64 * 32|}, 8)]
partial class Net;
//! NG1001: Linear expects 64 input features, but the preceding GELU gives 48 at each of 64 positions (the sequence (64, 48))
//! NG1001: Linear expects 2048 input features, but the preceding Tanh gives 32 at each of 64 positions (the sequence (64, 32)); all of them are 64 × 32: put Flatten in front of it
