namespace NetGen;

/// <summary>
/// Softmax cross entropy over logits, PyTorch's <c>CrossEntropyLoss</c>. The network's output is a vector, one logit for each class. The
/// trainer's <c>Step</c> and <c>Backward</c> take one class index for each sample (<c>int</c>): w[y] · −log softmax(output)[y]; or a
/// probability for each class (<c>float</c>): −Σ w[c] · t[c] · log softmax(output)[c], whose mean divides by the number of samples.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CrossEntropyLossAttribute : TargetLossAttribute
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

    /// <summary>ε from 0 to 1: the target becomes (1 − ε) · target + ε / classes (Szegedy et al., 2016).</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// <c>"mean"</c>, the default, divides by the weights of the labels that are not ignored (where all are, the loss is NaN and the
    /// gradients are zero); <c>"sum"</c> does not. Per sample, PyTorch's <c>"none"</c>, the trainer's <c>SampleLosses</c> has them.
    /// </summary>
    public string Reduction { get; set; } = "mean";
}
