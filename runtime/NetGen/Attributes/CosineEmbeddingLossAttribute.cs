namespace NetGen;

/// <summary>
/// PyTorch's <c>CosineEmbeddingLoss</c> for pairs of vectors: 1 − cos for pairs labelled 1, max(0, cos − margin) for pairs labelled −1. The
/// vectors of a pair are two outputs, and <c>Step</c> and <c>Backward</c> take the labels; or one output is the first vector, and they take
/// the second besides, to which nothing flows back.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CosineEmbeddingLossAttribute : TargetLossAttribute
{
    /// <summary>Of one output and a second vector that is given as a target.</summary>
    public CosineEmbeddingLossAttribute()
    {
    }

    /// <summary>Of two outputs, such as those of two towers that share their parameters.</summary>
    /// <param name="of">The name of the output with the first vector of each pair.</param>
    /// <param name="other">The name of the output with the second.</param>
    public CosineEmbeddingLossAttribute(string of, string other)
    {
        Of = of;
        Other = other;
    }

    /// <summary>The output with the second vector of each pair; null where that is a target.</summary>
    public string? Other { get; }

    /// <summary>From −1 to 1: unlike pairs below this cosine have no loss. 0 by default.</summary>
    public double Margin { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples; <c>"sum"</c> does not. Per sample, PyTorch's <c>"none"</c>, the
    /// trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
