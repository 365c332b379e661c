namespace NetGen;

/// <summary>
/// Layer normalisation, PyTorch's <c>LayerNorm</c>: each sample is normalised over its trailing dimensions,
/// y = (x − mean) / √(variance + eps) · weight + bias, with the biased variance, in training and inference alike (Ba et al.,
/// arXiv:1607.06450). The output has the shape of the input; weight and bias have the normalised shape.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LayerNormAttribute : LayerAttribute
{
    /// <summary>Layer normalisation over all dimensions of a sample.</summary>
    public LayerNormAttribute()
    {
    }

    /// <summary>Layer normalisation over the last dimension: the features of a vector, the columns of a feature map.</summary>
    /// <param name="normalizedShape">Extent of the last dimension, checked against the preceding layer.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="elementwiseAffine">The layer learns weight and bias.</param>
    /// <param name="bias">With a weight, it learns a bias too.</param>
    public LayerNormAttribute(int normalizedShape, double eps = 1e-5, bool elementwiseAffine = true, bool bias = true)
        : this([normalizedShape], eps, elementwiseAffine, bias)
    {
    }

    /// <summary>Layer normalisation over some trailing dimensions: <c>[LayerNorm([64, 7, 7])]</c>.</summary>
    /// <param name="normalizedShape">The trailing dimensions, checked against the preceding layer.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="elementwiseAffine">The layer learns weight and bias.</param>
    /// <param name="bias">With a weight, it learns a bias too.</param>
    public LayerNormAttribute(int[] normalizedShape, double eps = 1e-5, bool elementwiseAffine = true, bool bias = true)
    {
        NormalizedShape = normalizedShape;
        Eps = eps;
        ElementwiseAffine = elementwiseAffine;
        Bias = bias;
    }

    /// <summary>The trailing dimensions; null where all of a sample is normalised.</summary>
    public int[]? NormalizedShape { get; }

    /// <summary>Added to the variance; 0 or more.</summary>
    public double Eps { get; set; } = 1e-5;

    /// <summary>The layer learns a weight, and a bias unless <see cref="Bias"/> is false.</summary>
    public bool ElementwiseAffine { get; set; } = true;

    /// <summary>With a weight, the layer learns a bias too.</summary>
    public bool Bias { get; set; } = true;
}
