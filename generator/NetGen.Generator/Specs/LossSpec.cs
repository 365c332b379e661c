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
internal abstract record LossSpec(LossReduction Reduction);

/// <summary>−log softmax(logits)[label], or −Σ target · log softmax(logits).</summary>
/// <param name="Weight">A factor for each class; empty for none.</param>
/// <param name="IgnoreIndex">Samples with this label count for nothing.</param>
internal sealed record CrossEntropyLossSpec(LossReduction Reduction, EquatableArray<float> Weight, int IgnoreIndex, double LabelSmoothing) : LossSpec(Reduction)
{
    public const int DefaultIgnoreIndex = -100;

    /// <summary>As declared without arguments.</summary>
    public static CrossEntropyLossSpec Default { get; } = new(LossReduction.Mean, EquatableArray<float>.Empty, DefaultIgnoreIndex, 0);
}

/// <summary>(output − target)².</summary>
internal sealed record MSELossSpec(LossReduction Reduction) : LossSpec(Reduction);
