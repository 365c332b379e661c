[Network(4)]
[Linear(3), {|NG3022:NLLLoss|}]
partial class Scores;

[Network(4)]
[Linear(3), Softmax, {|NG3022:NLLLoss|}]
partial class Probabilities;

[Network(4)]
[Linear(3), Softmax, Dropout, {|NG3022:KLDivLoss|}]
partial class Divergence;
//! NG3022: NLLLoss expects log-probabilities, but Linear gives none: put LogSoftmax in front of it, or take CrossEntropyLoss, which applies it itself
//! NG3022: NLLLoss expects log-probabilities, but Softmax gives none: put LogSoftmax in front of it, or take CrossEntropyLoss, which applies it itself
//! NG3022: KLDivLoss expects log-probabilities, but Softmax gives none: put LogSoftmax in front of it
