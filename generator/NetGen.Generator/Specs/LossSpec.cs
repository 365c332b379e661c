namespace NetGen.Generator.Specs;

/// <summary>How the losses of a batch become one number.</summary>
internal enum LossReduction
{
    /// <summary>Divided by what the loss counts: elements, samples, or the weights of the labels.</summary>
    Mean,

    Sum,

    /// <summary>Divided by the number of samples only.</summary>
    BatchMean,
}

/// <summary>The loss a network is trained with, as declared; each kind has a record and a file in Layers/Losses.</summary>
internal abstract record LossSpec(LossReduction Reduction)
{
    /// <summary>The outputs that it is of, as declared; none where there is one output only.</summary>
    public EquatableArray<string> Of { get; init; } = EquatableArray<string>.Empty;

    /// <summary>What it counts beside other losses.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>What it is called among the parts of the network.</summary>
    public string Name => Of.Count == 0 ? "loss" : "loss of " + string.Join(", ", Of);
}

/// <summary>−log softmax(logits)[label], or −Σ target · log softmax(logits).</summary>
/// <param name="Weight">A factor for each class; empty for none.</param>
/// <param name="IgnoreIndex">Samples with this label count for nothing.</param>
internal sealed record CrossEntropyLossSpec(LossReduction Reduction, EquatableArray<float> Weight, int IgnoreIndex, double LabelSmoothing)
    : LossSpec(Reduction)
{
    public const int DefaultIgnoreIndex = -100;

    /// <summary>The dimension of the classes; 0 is the batch, −1 the last.</summary>
    public int Dim { get; init; } = 1;

    /// <summary>As declared without arguments.</summary>
    public static CrossEntropyLossSpec Default { get; } = new(LossReduction.Mean, EquatableArray<float>.Empty, DefaultIgnoreIndex, 0);
}

/// <summary>(output − target)².</summary>
internal sealed record MSELossSpec(LossReduction Reduction) : LossSpec(Reduction);

/// <summary>−output[label] for log-probabilities. The parameters are those of <see cref="CrossEntropyLossSpec"/>.</summary>
internal sealed record NLLLossSpec(LossReduction Reduction, EquatableArray<float> Weight, int IgnoreIndex) : LossSpec(Reduction)
{
    /// <inheritdoc cref="CrossEntropyLossSpec.Dim"/>
    public int Dim { get; init; } = 1;
}

/// <summary>|output − target|.</summary>
internal sealed record L1LossSpec(LossReduction Reduction) : LossSpec(Reduction);

/// <summary>½d² up to delta, delta (|d| − ½delta) beyond.</summary>
internal sealed record HuberLossSpec(LossReduction Reduction, double Delta) : LossSpec(Reduction);

/// <summary>½d² / beta up to beta, |d| − ½beta beyond.</summary>
internal sealed record SmoothL1LossSpec(LossReduction Reduction, double Beta) : LossSpec(Reduction);

/// <summary>−(t log x + (1 − t) log(1 − x)) for probabilities.</summary>
/// <param name="Weight">A factor for each output, for each channel of an image, or one for all; empty for none.</param>
internal sealed record BCELossSpec(LossReduction Reduction, EquatableArray<float> Weight) : LossSpec(Reduction);

/// <summary>The same for logits.</summary>
/// <param name="PosWeight">Factors of the terms with t, like <paramref name="Weight"/>.</param>
internal sealed record BCEWithLogitsLossSpec(LossReduction Reduction, EquatableArray<float> Weight, EquatableArray<float> PosWeight)
    : LossSpec(Reduction);

/// <summary>t (log t − x) for log-probabilities x.</summary>
/// <param name="LogTarget">The targets are logarithms too.</param>
internal sealed record KLDivLossSpec(LossReduction Reduction, bool LogTarget) : LossSpec(Reduction);

/// <summary>1 − cos for pairs labelled 1, max(0, cos − margin) for pairs labelled −1; of one output with a target, or of two.</summary>
internal sealed record CosineEmbeddingLossSpec(LossReduction Reduction, double Margin) : LossSpec(Reduction);

/// <summary>Cross-entropy of the similarities of a batch's first vectors with its second ones, and the other way round.</summary>
/// <param name="Temperature">The similarities are divided by it.</param>
internal sealed record ContrastiveLossSpec(LossReduction Reduction, double Temperature) : LossSpec(Reduction);

/// <summary>max(0, d(anchor, positive) − d(anchor, negative) + margin).</summary>
/// <param name="P">Of the norm that measures distances.</param>
/// <param name="Eps">Added to each difference.</param>
/// <param name="Swap">The negative's distance is the smaller one of those to the anchor and to the positive.</param>
internal sealed record TripletMarginLossSpec(LossReduction Reduction, double Margin, double P, double Eps, bool Swap) : LossSpec(Reduction);
