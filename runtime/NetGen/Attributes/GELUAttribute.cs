namespace NetGen;

/// <summary>
/// Gaussian error linear unit, PyTorch's <c>GELU</c>: x Φ(x) with Φ the standard normal distribution function, element by
/// element (Hendrycks and Gimpel, 2016).
/// </summary>
/// <param name="approximate"><c>"none"</c> or <c>"tanh"</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GELUAttribute(string approximate = "none") : LayerAttribute
{
    /// <summary>
    /// <c>"none"</c>, the default, for the exact error function; <c>"tanh"</c> for
    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).
    /// </summary>
    public string Approximate { get; set; } = approximate;
}
