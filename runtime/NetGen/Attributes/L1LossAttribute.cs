namespace NetGen;

/// <summary>
/// Absolute error, PyTorch's <c>L1Loss</c>: |output − target|, element by element, for outputs of any shape. Its derivative at zero is
/// zero.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class L1LossAttribute : TargetLossAttribute
{
    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
