namespace NetGen;

/// <summary>
/// Kullback–Leibler divergence, PyTorch's <c>KLDivLoss</c>, element by element: t (log t − x), where the output x is a logarithm of
/// probabilities and the target t a probability; 0 · log 0 is 0.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class KLDivLossAttribute : TargetLossAttribute
{
    /// <summary>The targets are logarithms too: eᵗ (t − x).</summary>
    public bool LogTarget { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"batchmean"</c> by the number of samples,
    /// which is the divergence itself; <c>"sum"</c> does not divide.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
