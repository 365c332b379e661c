namespace NetGen;

/// <summary>
/// PyTorch's <c>Bilinear</c>, y = x₁ᵀ A x₂ + b. It takes two inputs, and a layer of a stack has one: the generator refuses it and says so, rather than
/// guess what the second could be.
/// </summary>
/// <param name="in1Features">Features of the first input.</param>
/// <param name="in2Features">Features of the second input.</param>
/// <param name="outFeatures">Features of the output.</param>
/// <param name="bias">Whether a learnable bias is added.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BilinearAttribute(int in1Features, int in2Features, int outFeatures, bool bias = true) : LayerAttribute
{
    /// <summary>Features of the first input.</summary>
    public int In1Features { get; } = in1Features;

    /// <summary>Features of the second input.</summary>
    public int In2Features { get; } = in2Features;

    /// <summary>Features of the output.</summary>
    public int OutFeatures { get; } = outFeatures;

    /// <summary>Whether a learnable bias is added.</summary>
    public bool Bias { get; set; } = bias;
}
