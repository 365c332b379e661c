namespace NetGen;

/// <summary>
/// Negative log-likelihood, PyTorch's <c>NLLLoss</c>: −w[y] · output[y] for a class index y of each sample, where the output is a vector of
/// log-probabilities, one for each class.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class NLLLossAttribute : TargetLossAttribute
{
    /// <summary>A factor for the loss of each class, one for each of the output's classes; left out, all are 1.</summary>
    public float[]? Weight { get; set; }

    /// <summary>
    /// Samples with this label count for nothing: no loss, no gradient, and the mean does not count them. It may be a class. −100 by
    /// default.
    /// </summary>
    public int IgnoreIndex { get; set; } = -100;

    /// <summary>
    /// The dimension of the classes, 1 by default; 0 is the batch, −1 the last. Where the output is a sequence (positions, classes), write
    /// −1: each position has a class index, and the mean is over all positions of the batch that are not ignored, as a language model has
    /// it. PyTorch takes dimension 1, and such outputs are transposed or flattened for it.
    /// </summary>
    public int Dim { get; set; } = 1;

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the weights of the labels that are not ignored; <c>"sum"</c> does not. Per sample, PyTorch's
    /// <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
