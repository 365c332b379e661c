namespace NetGen;

/// <summary>
/// PyTorch's <c>Bilinear</c>: y = x₁ᵀ A x₂ + b, inputs (in1Features) and (in2Features), output (outFeatures). x₁ is the output of the layer
/// before, x₂ that of an earlier layer, which <see cref="From"/> names. The weight has PyTorch's shape [outFeatures, in1Features,
/// in2Features], the bias [outFeatures].
/// </summary>
/// <remarks>
/// Each output is y[o] = Σᵢ Σⱼ x₁[i] · A[o, i, j] · x₂[j] + b[o]. The products x₁[i] · x₂[j] are computed once for all outputs. The two
/// inputs may be the same layer's, which makes a quadratic form of it.
/// </remarks>
/// <example>
/// <code>
/// [Linear(8, Name = "fc1"), ReLU, Linear(6), Bilinear(6, 8, 4, From = "fc1")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BilinearAttribute : LayerAttribute
{
    /// <summary>A bilinear layer.</summary>
    /// <param name="in1Features">Features of the first input, checked against the preceding layer.</param>
    /// <param name="in2Features">Features of the second input, checked against the layer that <see cref="From"/> names.</param>
    /// <param name="outFeatures">Features of the output.</param>
    /// <param name="bias">Whether a learnable bias is added.</param>
    public BilinearAttribute(int in1Features, int in2Features, int outFeatures, bool bias = true)
    {
        In1Features = in1Features;
        In2Features = in2Features;
        OutFeatures = outFeatures;
        Bias = bias;
    }

    /// <summary>A bilinear layer whose input features are those of the layers that give them.</summary>
    /// <param name="outFeatures">Features of the output.</param>
    public BilinearAttribute(int outFeatures)
    {
        OutFeatures = outFeatures;
        Bias = true;
    }

    /// <summary>Features of the first input; null where they are inferred.</summary>
    public int? In1Features { get; }

    /// <summary>Features of the second input; null where they are inferred.</summary>
    public int? In2Features { get; }

    /// <summary>Features of the output.</summary>
    public int OutFeatures { get; }

    /// <summary>Whether a learnable bias is added to each output feature; true by default.</summary>
    public bool Bias { get; set; }

    /// <summary>
    /// The name of the layer whose output is the second input; must be set. Of one in a block it is the path to it, such as
    /// <c>encoder.fc1</c>. It is looked for beside this layer, then around the block that holds this layer.
    /// </summary>
    public string? From { get; set; }
}
