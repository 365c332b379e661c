[Network(3, 8, 8), Conv2d(8, 3), Part<{|NG1096:Head|}>, Part<Scores>, CrossEntropyLoss]
partial class Net;

[Network(8, 8, 8), Conv2d(4, 3), ReLU, Flatten, Linear(10)]
partial class Head;

[Network(10), Tanh, Linear(4)]
partial class Scores;
//! NG1096: Part<Head> takes the feature map (8, 8, 8), but the preceding Conv2d gives the feature map (8, 6, 6)
