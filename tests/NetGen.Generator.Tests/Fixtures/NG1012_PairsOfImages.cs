[Network(1, 8, 8)]
[Conv2d(4, 3), ReLU]
[{|NG1012:CosineEmbeddingLoss|}]
partial class Embedding;

[Network(1, 8, 8)]
[MaxPool2d(2)]
[{|NG1012:NLLLoss|}]
partial class Classifier;
//! NG1012: CosineEmbeddingLoss expects a vector of features, but the preceding ReLU gives the feature map (4, 6, 6); put Flatten in front of it (4 × 6 × 6 = 144 features)
//! NG1012: NLLLoss expects a vector of class scores, but the preceding MaxPool2d gives the feature map (1, 4, 4); put Flatten in front of it (1 × 4 × 4 = 16 features)
