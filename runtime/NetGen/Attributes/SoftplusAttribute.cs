namespace NetGen;

/// <summary>
/// PyTorch's <c>Softplus</c>: ln(1 + e^(βx)) / β, element by element, a smooth ReLU; x itself where βx exceeds the threshold. The output
/// has the shape of the input.
/// </summary>
/// <param name="beta">How sharp the bend is; any finite number but 0, 1 by default.</param>
/// <param name="threshold">Above this βx the function is linear; 20 by default.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SoftplusAttribute(double beta = 1.0, double threshold = 20.0) : LayerAttribute
{
    /// <summary>How sharp the bend is; any finite number but 0, 1 by default.</summary>
    public double Beta { get; set; } = beta;

    /// <summary>Above this βx the function is linear; 20 by default.</summary>
    public double Threshold { get; set; } = threshold;
}
