[Network(4)]
[Linear(3), {|NG3002:Softmax|}, CrossEntropyLoss]
partial class WithSoftmax;

[Network(4)]
[Linear(3), {|NG3002:Sigmoid|}, Dropout, CrossEntropyLoss]
partial class WithSigmoid;

[Network(4)]
[Linear(3), Sigmoid, Linear(3), CrossEntropyLoss]
partial class Inside;

[Network(4)]
[Linear(3), Softmax, MSELoss]
partial class OtherLoss;
//! NG3002: CrossEntropyLoss applies log-softmax itself and expects raw scores: remove Softmax, which squashes them first and slows learning down
//! NG3002: CrossEntropyLoss applies log-softmax itself and expects raw scores: remove Sigmoid, which squashes them first and slows learning down
