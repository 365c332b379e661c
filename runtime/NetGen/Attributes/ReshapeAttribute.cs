namespace NetGen;

/// <summary>
/// The elements of a sample in the same order under another shape, PyTorch's <c>reshape</c>: <c>[Reshape(16, -1)]</c> makes a sequence of
/// 16 channels. It is PyTorch's <c>x.reshape(N, 16, -1)</c>: the batch stays in front and is not listed.
/// </summary>
/// <param name="shape">
/// One to three sizes, whose product is the number of elements; one may be −1 and follows from the others.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReshapeAttribute(params int[] shape) : LayerAttribute
{
    /// <summary>The sizes of the result; one may be −1.</summary>
    public int[] Shape { get; } = shape;
}
