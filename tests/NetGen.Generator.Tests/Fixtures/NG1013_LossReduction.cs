[Network(4)]
[Linear(3), MSELoss(Reduction = {|NG1013:"none"|})]
partial class None;

[Network(4)]
[Linear(3), CrossEntropyLoss(Reduction = {|NG1013:"batchmean"|})]
partial class Batchmean;

[Network(4)]
[Linear(3), HuberLoss(Reduction = "sum", Delta = 2)]
partial class Sum;
//! NG1013: MSELoss's Reduction takes "mean" or "sum", but the text "none" was given
//! NG1013: CrossEntropyLoss's Reduction takes "mean" or "sum", but the text "batchmean" was given
