namespace NetGen;

/// <summary>
/// PyTorch's <c>CosineEmbeddingLoss</c> for pairs of vectors: 1 − cos for pairs labelled 1, max(0, cos − margin) for pairs labelled −1. The
/// network's output is the first vector of each pair; <c>Step</c> and <c>Backward</c> take the second, to which nothing flows back, and the
/// labels.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CosineEmbeddingLossAttribute : TargetLossAttribute
{
    /// <summary>From −1 to 1: unlike pairs below this cosine have no loss. 0 by default.</summary>
    public double Margin { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples; <c>"sum"</c> does not. Per sample, PyTorch's <c>"none"</c>, the
    /// trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
