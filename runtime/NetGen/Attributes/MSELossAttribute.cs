namespace NetGen;

/// <summary>
/// Mean squared error, PyTorch's <c>MSELoss</c>: (output − target)², element by element, for outputs of any shape.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MSELossAttribute : TargetLossAttribute
{
    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
