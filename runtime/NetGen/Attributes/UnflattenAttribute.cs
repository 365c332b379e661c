namespace NetGen;

/// <summary>
/// Divides one dimension into several, PyTorch's <c>Unflatten</c>: <c>[Unflatten(1, [16, 7, 7])]</c> makes an image of 16 channels of a
/// vector of 784 features. The order of the elements stays.
/// </summary>
/// <param name="dim">The dimension; 0 is the batch, which cannot be divided, and negative ones count from the end.</param>
/// <param name="unflattenedSize">
/// The sizes that it is divided into, whose product is its own; one may be −1 and follows from the others.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class UnflattenAttribute(int dim, int[] unflattenedSize) : LayerAttribute
{
    /// <summary>The dimension that is divided; 0 is the batch.</summary>
    public int Dim { get; } = dim;

    /// <summary>The sizes that it is divided into.</summary>
    public int[] UnflattenedSize { get; } = unflattenedSize;
}
