[Network(4)]
[Linear(3), {|NG3020:Sigmoid|}, BCEWithLogitsLoss]
partial class WithSigmoid;

[Network(4)]
[Linear(3), {|NG3020:Softmax|}, Dropout, BCEWithLogitsLoss]
partial class WithSoftmax;

[Network(4)]
[Linear(3), Sigmoid, BCELoss]
partial class OtherLoss;

[Network(4)]
[Linear(3), BCEWithLogitsLoss]
partial class Logits;
//! NG3020: BCEWithLogitsLoss applies the sigmoid itself and expects raw scores: remove Sigmoid, which squashes them first and slows learning down, or take BCELoss
//! NG3020: BCEWithLogitsLoss applies the sigmoid itself and expects raw scores: remove Softmax, which squashes them first and slows learning down, or take BCELoss
