[Network(4)]
[Linear(3), {|NG3021:BCELoss|}]
partial class Scores;

[Network(1, 4, 4)]
[Conv2d(3, 3), ReLU, Flatten, {|NG3021:BCELoss|}]
partial class Positive;

[Network(4)]
[Linear(3), Softmax, BCELoss]
partial class Probabilities;

[Network(4)]
[Linear(3), Hardsigmoid, BCELoss]
partial class Hard;
//! NG3021: BCELoss expects probabilities and throws for outputs outside 0 to 1, but Linear gives any number: put Sigmoid in front of it, or take BCEWithLogitsLoss
//! NG3021: BCELoss expects probabilities and throws for outputs outside 0 to 1, but ReLU gives any number: put Sigmoid in front of it, or take BCEWithLogitsLoss
