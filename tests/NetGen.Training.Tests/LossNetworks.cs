namespace NetGen.Training.Tests;

/// <summary>Every loss of one output, each with options.</summary>
[Network]
[Input("image", 6), Linear(12), Tanh, Output("features")]
[Linear(4), Output("kind")]
[From("features"), Linear(3), LogSoftmax, Output("tag")]
[From("features"), Linear(5), Output("square")]
[From("features"), Linear(5), Output("absolute")]
[From("features"), Linear(5), Output("huber")]
[From("features"), Linear(5), Output("smooth")]
[From("features"), Linear(2), Sigmoid, Output("probability")]
[From("features"), Linear(2), Output("logit")]
[From("features"), Linear(4), LogSoftmax, Output("divergence")]
[From("features"), Linear(3), Output("angle")]
[CrossEntropyLoss(Of = "kind", LabelSmoothing = 0.1, IgnoreIndex = -1), NLLLoss(Of = "tag", Weight = [0.5f, 2, 1.25f])]
[MSELoss(Of = "square"), L1Loss(Of = "absolute", Reduction = "sum", Factor = 0.125), HuberLoss(Of = "huber", Delta = 0.25)]
[SmoothL1Loss(Of = "smooth", Beta = 0.3), BCELoss(Of = "probability", Weight = [0.75f])]
[BCEWithLogitsLoss(Of = "logit", Weight = [0.5f, 1.5f], PosWeight = [3, 0.25f])]
[KLDivLoss(Of = "divergence", Reduction = "batchmean"), CosineEmbeddingLoss(Of = "angle", Margin = -0.5)]
internal sealed partial class AllLosses;

/// <summary>The losses that compare outputs with one another.</summary>
[Network]
[Input("image", 6), Linear(12), Tanh, Output("features")]
[Linear(4), Output("a")]
[From("features"), Linear(4), Output("b")]
[From("features"), Linear(5), Output("image_embeds")]
[From("features"), Linear(5), Output("text_embeds")]
[From("features"), Linear(3), Output("anchor")]
[From("features"), Linear(3), Output("positive")]
[From("features"), Linear(3), Output("negative")]
[CosineEmbeddingLoss("a", "b", Margin = 0.2), ContrastiveLoss("image_embeds", "text_embeds", Temperature = 0.5)]
[TripletMarginLoss("anchor", "positive", "negative", Margin = 0.75, P = 3, Swap = true)]
internal sealed partial class PairLosses;

/// <summary>A class at each of three positions.</summary>
[Network, Input<int>("tokens", 3)]
[Embedding(7, 4), Linear(5), CrossEntropyLoss(Dim = -1)]
internal sealed partial class Positions;

/// <summary>One logit.</summary>
[Network(8)]
[Linear(1), BCEWithLogitsLoss]
internal sealed partial class YesOrNo;
