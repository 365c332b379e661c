namespace NetGen;

/// <summary>
/// Vectors of norm 1, PyTorch's <c>torch.nn.functional.normalize</c>: y = x / max(‖x‖, eps), with the Euclidean norm along
/// <see cref="Dim"/>. The shape stays.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class NormalizeAttribute : LayerAttribute
{
    /// <summary>Divides by the norm.</summary>
    /// <param name="p">Which norm: 2, the Euclidean, is the only one that there is.</param>
    /// <param name="dim">
    /// The dimension along which the norm is taken; 0 is the batch, which has none, 1 the channels or features, and negative ones count
    /// from the end.
    /// </param>
    /// <param name="eps">What the norm counts as at least; where it is smaller, the gradient takes the divisor for a constant.</param>
    public NormalizeAttribute(double p = 2, int dim = 1, double eps = 1e-12)
    {
        P = p;
        Dim = dim;
        Eps = eps;
    }

    /// <summary>Which norm; 2, the default, is the only one that there is.</summary>
    public double P { get; set; }

    /// <summary>The dimension along which the norm is taken; 1, the default, are the channels or features.</summary>
    public int Dim { get; set; }

    /// <summary>What the norm counts as at least, 1e-12 where nothing is said.</summary>
    public double Eps { get; set; }
}
