[Network(4)]
[Linear(3), CrossEntropyLoss(LabelSmoothing = {|NG1021:1.5|})]
partial class Smoothing;

[Network(4)]
[Linear(3), CrossEntropyLoss(LabelSmoothing = {|NG1021:double.NaN|})]
partial class SmoothingByNothing;

[Network(4)]
[Linear(3), CrossEntropyLoss(Weight = new[] { 1f, {|NG1021:float.NaN|}, {|NG1021:float.NegativeInfinity|} })]
partial class Weights;

[Network(4)]
[Linear(3), HuberLoss(Delta = {|NG1021:0|})]
partial class Huber;

[Network(4)]
[Linear(3), SmoothL1Loss(Beta = {|NG1021:-1|})]
partial class SmoothL1;

[Network(4)]
[Linear(3), SmoothL1Loss(Beta = 0)]
partial class L1;

[Network(4)]
[Linear(3), CosineEmbeddingLoss(Margin = {|NG1021:2|})]
partial class Cosine;
//! NG1021: CrossEntropyLoss's LabelSmoothing must lie between 0 and 1, but is 1.5
//! NG1021: CrossEntropyLoss's LabelSmoothing must lie between 0 and 1, but is NaN
//! NG1021: CrossEntropyLoss's Weight[1] must be a finite number, but is NaN
//! NG1021: CrossEntropyLoss's Weight[2] must be a finite number, but is −Infinity
//! NG1021: HuberLoss's Delta must be above 0, but is 0
//! NG1021: SmoothL1Loss's Beta must not be negative, but is −1
//! NG1021: CosineEmbeddingLoss's Margin must lie between −1 and 1, but is 2
