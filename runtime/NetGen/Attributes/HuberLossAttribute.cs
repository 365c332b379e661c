namespace NetGen;

/// <summary>
/// PyTorch's <c>HuberLoss</c>, element by element, with d = output − target: ½d² for |d| ≤ δ, and δ (|d| − ½δ) beyond (Huber, 1964).
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HuberLossAttribute : TargetLossAttribute
{
    /// <summary>δ, above 0: where the parabola becomes a straight line. 1 by default.</summary>
    public double Delta { get; set; } = 1;

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
