[Network(4)]
[Linear({|NG3051:1|}), CrossEntropyLoss]
partial class Net;

[Network(4)]
[Linear({|NG3051:1|}), LogSoftmax, NLLLoss]
partial class Likelihood;

[Network(1, 4, 4)]
[Mean([2, 3]), {|NG3051:CrossEntropyLoss|}]
partial class OfAMean;

[Network(4)]
[Linear(1), BCEWithLogitsLoss]
partial class Right;
//! NG3051: CrossEntropyLoss over one class is 0 whatever the network computes: two classes need 2 outputs; for one output that says yes or no take BCEWithLogitsLoss
//! NG3051: NLLLoss over one class is 0 whatever the network computes: two classes need 2 outputs; for one output that says yes or no take BCEWithLogitsLoss
//! NG3051: CrossEntropyLoss over one class is 0 whatever the network computes: two classes need 2 outputs; for one output that says yes or no take BCEWithLogitsLoss
