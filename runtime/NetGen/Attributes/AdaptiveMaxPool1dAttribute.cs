namespace NetGen;

/// <summary>
/// Maximum over windows that are chosen so that the output has the given length, PyTorch's <c>AdaptiveMaxPool1d</c>: input
/// (C, L), output (C, length). Element i of the output is the maximum over the elements floor(i · L / length) to
/// ceil((i + 1) · L / length) − 1 of the input. <c>[AdaptiveMaxPool1d(1)]</c> is the maximum over time.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveMaxPool1dAttribute : LayerAttribute
{
    /// <summary>Pooling to a length.</summary>
    /// <param name="outputSize">Length of the output, at least 1.</param>
    public AdaptiveMaxPool1dAttribute(int outputSize) => OutputSize = outputSize;

    /// <summary>Length of the output.</summary>
    public int OutputSize { get; }
}
