namespace NetGen;

/// <summary>
/// A gated product (Shazeer: GLU variants improve Transformer; 2020): down_proj(gelu(gate_proj(x)) · up_proj(x)), of a vector or of each
/// position
/// of a sequence; the output has the shape of the input.
/// </summary>
/// <remarks>
/// It is its long form, three <c>Linear</c>, a <c>GELU</c> and a <c>Mul</c>, and its tensors are called as in the files of LLaMA and its
/// like:
/// <c>gate_proj.weight</c> and <c>up_proj.weight</c> [hidden, features], <c>down_proj.weight</c> [features, hidden].
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GeGLUAttribute : LayerAttribute
{
    /// <summary>A gated product.</summary>
    /// <param name="features">Features of input and output.</param>
    /// <param name="hidden">Features between.</param>
    public GeGLUAttribute(int features, int hidden)
    {
        Features = features;
        Hidden = hidden;
    }

    /// <summary>Features of input and output.</summary>
    public int Features { get; }

    /// <summary>Features between.</summary>
    public int Hidden { get; }

    /// <summary>Biases of its products; false by default.</summary>
    public bool Bias { get; set; }

    /// <summary><c>"none"</c>, the default, for the exact error function, or <c>"tanh"</c>.</summary>
    public string Approximate { get; set; } = "none";
}
