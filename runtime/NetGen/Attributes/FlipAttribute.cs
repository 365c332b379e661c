namespace NetGen;

/// <summary>
/// The elements of some dimensions in reverse order, PyTorch's <c>flip</c>: <c>[Flip(-1)]</c> mirrors an image from left to right.
/// </summary>
/// <param name="dims">The dimensions, each once; 0 is the batch, which stays in its order, and negative ones count from the end.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class FlipAttribute(params int[] dims) : LayerAttribute
{
    /// <summary>The dimensions that are reversed.</summary>
    public int[] Dims { get; } = dims;
}
