[Network(1, 8, 8)]
[Conv2d(4, 3), ReLU]
[{|NG1012:CrossEntropyLoss|}]
partial class Classifier;

// Mean squared error compares elements of whatever shape.
[Network(1, 8, 8)]
[Conv2d(4, 3), ReLU]
[MSELoss]
partial class Autoencoder;
//! NG1012: CrossEntropyLoss expects a vector of class scores, but the preceding ReLU gives the feature map (4, 6, 6); put Flatten in front of it (4 × 6 × 6 = 144 features)
