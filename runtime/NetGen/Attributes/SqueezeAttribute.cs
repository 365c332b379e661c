namespace NetGen;

/// <summary>
/// Leaves out a dimension of one element, PyTorch's <c>squeeze</c>: <c>[Squeeze(2)]</c> makes a sequence (channels, width) of an image of
/// one row.
/// </summary>
/// <param name="dim">The dimension; 0 is the batch, which stays, and negative ones count from the end.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SqueezeAttribute(int dim) : LayerAttribute
{
    /// <summary>The dimension; 0 is the batch, 1 the first of a sample, −1 the last.</summary>
    public int Dim { get; } = dim;
}
