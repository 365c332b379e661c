namespace NetGen;

/// <summary>
/// Binary cross entropy over logits, PyTorch's <c>BCEWithLogitsLoss</c>, element by element: −w (p t log σ(x) + (1 − t) log(1 − σ(x))), in
/// a form that cannot overflow.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BCEWithLogitsLossAttribute : TargetLossAttribute
{
    /// <summary>A factor for the loss of each output (of each channel of an image), or one for all; left out, all are 1.</summary>
    public float[]? Weight { get; set; }

    /// <summary>
    /// p, a factor for the positive part of each output (of each channel of an image), or one for all; left out, all are 1.
    /// </summary>
    public float[]? PosWeight { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the number of samples times the elements of one; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
