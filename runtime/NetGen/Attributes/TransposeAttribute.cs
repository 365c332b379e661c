namespace NetGen;

/// <summary>
/// Two dimensions of a sample exchanged, PyTorch's <c>transpose</c>: <c>[Transpose(1, 2)]</c> makes (length, channels) of a sequence
/// (channels, length).
/// </summary>
/// <param name="dim0">One of them; 0 is the batch, which stays where it is, and negative ones count from the end.</param>
/// <param name="dim1">The other.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class TransposeAttribute(int dim0, int dim1) : LayerAttribute
{
    /// <summary>One of the two dimensions.</summary>
    public int Dim0 { get; } = dim0;

    /// <summary>The other.</summary>
    public int Dim1 { get; } = dim1;
}
