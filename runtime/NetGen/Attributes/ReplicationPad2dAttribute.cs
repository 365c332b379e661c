namespace NetGen;

/// <summary>
/// The border rows and columns of an image repeated, PyTorch's <c>ReplicationPad2d</c>: input (C, H, W), output
/// (C, H + top + bottom, W + left + right).
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReplicationPad2dAttribute : LayerAttribute
{
    /// <summary>The same padding on all four sides.</summary>
    /// <param name="padding">Repeated rows and columns added on each side.</param>
    public ReplicationPad2dAttribute(int padding) => Padding = [padding, padding, padding, padding];

    /// <summary>A padding for each side: <c>[ReplicationPad2d([1, 2, 0, 1])]</c>.</summary>
    /// <param name="padding">Repeated rows and columns added, in the order left, right, top, bottom.</param>
    public ReplicationPad2dAttribute(int[] padding) => Padding = padding;

    /// <summary>Repeated rows and columns added, in the order left, right, top, bottom.</summary>
    public int[] Padding { get; }
}
