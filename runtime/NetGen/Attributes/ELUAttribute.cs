namespace NetGen;

/// <summary>
/// Exponential linear unit, PyTorch's <c>ELU</c>: x where x &gt; 0, otherwise α (eˣ − 1), element by element (Clevert et al.,
/// arXiv:1511.07289). The output has the shape of the input.
/// </summary>
/// <param name="alpha">The limit −α at minus infinity; any finite number, 1 by default.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ELUAttribute(double alpha = 1.0) : LayerAttribute
{
    /// <summary>The limit −α at minus infinity; any finite number, 1 by default.</summary>
    public double Alpha { get; set; } = alpha;
}
