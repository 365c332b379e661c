namespace NetGen;

/// <summary>
/// Leaky rectifier, PyTorch's <c>LeakyReLU</c>: x where x &gt; 0, otherwise slope · x, element by element (Maas et al., 2013). The output
/// has the shape of the input.
/// </summary>
/// <param name="negativeSlope">Slope below zero; any finite number, 0.01 by default.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LeakyReLUAttribute(double negativeSlope = 0.01) : LayerAttribute
{
    /// <summary>Slope below zero; any finite number, 0.01 by default.</summary>
    public double NegativeSlope { get; set; } = negativeSlope;
}
