namespace NetGen;

/// <summary>
/// Maximum over windows that are chosen so that the output has the given size, PyTorch's <c>AdaptiveMaxPool2d</c>: input
/// (C, H, W), output (C, height, width). Row i of the output is the maximum over rows floor(i · H / height) to
/// ceil((i + 1) · H / height) − 1 of the input, columns alike. <c>[AdaptiveMaxPool2d(1)]</c> is global max pooling.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AdaptiveMaxPool2dAttribute : LayerAttribute
{
    /// <summary>Pooling to a square.</summary>
    /// <param name="outputSize">Height and width of the output, at least 1.</param>
    public AdaptiveMaxPool2dAttribute(int outputSize) => OutputSize = [outputSize, outputSize];

    /// <summary>Pooling to a rectangle: <c>[AdaptiveMaxPool2d([5, 7])]</c>, <c>[AdaptiveMaxPool2d([null, 7])]</c>.</summary>
    /// <param name="outputSize">Height and width of the output, each an int of at least 1; null keeps the input's.</param>
    public AdaptiveMaxPool2dAttribute(object?[] outputSize) => OutputSize = outputSize;

    /// <summary>Height and width of the output; null keeps the input's.</summary>
    public object?[] OutputSize { get; }
}
