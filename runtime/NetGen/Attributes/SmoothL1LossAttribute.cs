namespace NetGen;

/// <summary>
/// PyTorch's <c>SmoothL1Loss</c>, element by element, with d = output − target: ½d² / β for |d| &lt; β, and |d| − ½β beyond (Girshick,
/// 2015).
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SmoothL1LossAttribute : TargetLossAttribute
{
    /// <summary>
    /// β, not negative: where the parabola becomes a straight line. 1 by default; with 0 the loss is <see cref="L1LossAttribute"/>.
    /// </summary>
    public double Beta { get; set; } = 1;

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
