namespace NetGen;

/// <summary>
/// Zeros around an image, PyTorch's <c>ZeroPad2d</c>: input (C, H, W), output (C, H + top + bottom, W + left + right).
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ZeroPad2dAttribute : LayerAttribute
{
    /// <summary>The same padding on all four sides.</summary>
    /// <param name="padding">Rows and columns of zeros added on each side.</param>
    public ZeroPad2dAttribute(int padding) => Padding = [padding, padding, padding, padding];

    /// <summary>A padding for each side: <c>[ZeroPad2d([1, 2, 0, 1])]</c>.</summary>
    /// <param name="padding">Rows and columns of zeros added, in the order left, right, top, bottom.</param>
    public ZeroPad2dAttribute(int[] padding) => Padding = padding;

    /// <summary>Rows and columns of zeros added, in the order left, right, top, bottom.</summary>
    public int[] Padding { get; }
}
