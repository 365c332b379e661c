namespace NetGen;

/// <summary>
/// Binary cross entropy over probabilities, PyTorch's <c>BCELoss</c>, element by element: −w (t log x + (1 − t) log(1 − x)), the logarithms
/// not below −100. Outputs outside 0 to 1 make the trainer throw <see cref="ArithmeticException"/>: put <see cref="SigmoidAttribute"/>
/// last.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BCELossAttribute : TargetLossAttribute
{
    /// <summary>A factor for the loss of each output (of each channel of an image), or one for all; left out, all are 1.</summary>
    public float[]? Weight { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
