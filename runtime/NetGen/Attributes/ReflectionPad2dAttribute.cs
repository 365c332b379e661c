namespace NetGen;

/// <summary>
/// An image mirrored at its first and last row and column, which are not repeated, PyTorch's <c>ReflectionPad2d</c>: input (C, H, W),
/// output (C, H + top + bottom, W + left + right). No side may be as large as the image in that direction.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReflectionPad2dAttribute : LayerAttribute
{
    /// <summary>The same padding on all four sides.</summary>
    /// <param name="padding">Mirrored rows and columns added on each side.</param>
    public ReflectionPad2dAttribute(int padding) => Padding = [padding, padding, padding, padding];

    /// <summary>A padding for each side: <c>[ReflectionPad2d([1, 2, 0, 1])]</c>.</summary>
    /// <param name="padding">Mirrored rows and columns added, in the order left, right, top, bottom.</param>
    public ReflectionPad2dAttribute(int[] padding) => Padding = padding;

    /// <summary>Mirrored rows and columns added, in the order left, right, top, bottom.</summary>
    public int[] Padding { get; }
}
