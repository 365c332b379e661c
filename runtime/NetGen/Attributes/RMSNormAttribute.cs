namespace NetGen;

/// <summary>
/// Normalisation by the root mean square, PyTorch's <c>RMSNorm</c> (2.4 and later): y = x / √(mean(x²) + eps) · weight over the trailing
/// dimensions of each sample, in training and inference alike (Zhang and Sennrich, arXiv:1910.07467). The output has the shape of the
/// input; the weight has the normalised shape.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RMSNormAttribute : LayerAttribute
{
    /// <summary>The distance from 1 to the next float, which PyTorch takes where no eps is given.</summary>
    private const double MachineEpsilon = 1.1920928955078125e-7;

    /// <summary>Normalisation over all dimensions of a sample.</summary>
    public RMSNormAttribute()
    {
    }

    /// <summary>Normalisation over the last dimension: the features of a vector, the columns of a feature map.</summary>
    /// <param name="normalizedShape">Extent of the last dimension, checked against the preceding layer.</param>
    /// <param name="eps">Added to the mean square; the machine epsilon of a float by default.</param>
    /// <param name="elementwiseAffine">The layer learns a weight.</param>
    public RMSNormAttribute(int normalizedShape, double eps = MachineEpsilon, bool elementwiseAffine = true)
        : this([normalizedShape], eps, elementwiseAffine)
    {
    }

    /// <summary>Normalisation over some trailing dimensions: <c>[RMSNorm([64, 7, 7])]</c>.</summary>
    /// <param name="normalizedShape">The trailing dimensions, checked against the preceding layer.</param>
    /// <param name="eps">Added to the mean square; the machine epsilon of a float by default.</param>
    /// <param name="elementwiseAffine">The layer learns a weight.</param>
    public RMSNormAttribute(int[] normalizedShape, double eps = MachineEpsilon, bool elementwiseAffine = true)
    {
        NormalizedShape = normalizedShape;
        Eps = eps;
        ElementwiseAffine = elementwiseAffine;
    }

    /// <summary>The trailing dimensions; null where all of a sample is normalised.</summary>
    public int[]? NormalizedShape { get; }

    /// <summary>Added to the mean square; 0 or more.</summary>
    public double Eps { get; set; } = MachineEpsilon;

    /// <summary>The layer learns a weight.</summary>
    public bool ElementwiseAffine { get; set; } = true;
}
