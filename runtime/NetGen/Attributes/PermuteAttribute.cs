namespace NetGen;

/// <summary>
/// The dimensions of a sample in another order, PyTorch's <c>permute</c>: <c>[Permute(2, 1)]</c> makes (length, channels) of a sequence
/// (channels, length), PyTorch's <c>x.permute(0, 2, 1)</c>.
/// </summary>
/// <param name="dims">
/// All dimensions of a sample, each once, in the order that the result has them: 1 is the first, −1 the last. The batch, 0, stays in front
/// and is not listed.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PermuteAttribute(params int[] dims) : LayerAttribute
{
    /// <summary>All dimensions of a sample, in the order that the result has them.</summary>
    public int[] Dims { get; } = dims;
}
