namespace NetGen;

/// <summary>
/// PyTorch's <c>Hardtanh</c>: min(max(x, minVal), maxVal), element by element. The output has the shape of the input.
/// </summary>
/// <param name="minVal">The lowest output; −1 by default.</param>
/// <param name="maxVal">The highest output, above the lowest; 1 by default.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HardtanhAttribute(double minVal = -1.0, double maxVal = 1.0) : LayerAttribute
{
    /// <summary>The lowest output; −1 by default.</summary>
    public double MinVal { get; set; } = minVal;

    /// <summary>The highest output, above the lowest; 1 by default.</summary>
    public double MaxVal { get; set; } = maxVal;
}
