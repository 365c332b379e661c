namespace NetGen;

/// <summary>
/// Fully connected layer, PyTorch's <c>Linear</c>: y = x Wᵀ + b, input (inFeatures), output (outFeatures); of a sequence each position by
/// itself, input (positions, inFeatures), output (positions, outFeatures). The weight has PyTorch's shape [outFeatures, inFeatures], the
/// bias [outFeatures].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LinearAttribute : LayerAttribute
{
    /// <summary>A fully connected layer.</summary>
    /// <param name="inFeatures">Features of the input, checked against the preceding layer.</param>
    /// <param name="outFeatures">Features of the output.</param>
    /// <param name="bias">Whether a learnable bias is added.</param>
    public LinearAttribute(int inFeatures, int outFeatures, bool bias = true)
    {
        InFeatures = inFeatures;
        OutFeatures = outFeatures;
        Bias = bias;
    }

    /// <summary>A fully connected layer whose input features are those of the preceding layer.</summary>
    /// <param name="outFeatures">Features of the output.</param>
    public LinearAttribute(int outFeatures)
    {
        OutFeatures = outFeatures;
        Bias = true;
    }

    /// <summary>Features of the input; null where they are inferred.</summary>
    public int? InFeatures { get; }

    /// <summary>Features of the output.</summary>
    public int OutFeatures { get; }

    /// <summary>Whether a learnable bias is added to each output feature; true by default.</summary>
    public bool Bias { get; set; }
}
