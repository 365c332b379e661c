namespace NetGen;

/// <summary>
/// Mean over a moving window of each channel, PyTorch's <c>AvgPool2d</c>.
/// The stride is the kernel size unless set. Output height floor((H + 2 · padding − kernelSize) / stride) + 1, or with
/// <see cref="CeilMode"/> the quotient rounded up, the last window starting inside the input or its left padding; width alike.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AvgPool2dAttribute : LayerAttribute
{
    /// <summary>Pooling with a square window.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    public AvgPool2dAttribute(int kernelSize) => KernelSize = [kernelSize, kernelSize];

    /// <summary>Pooling with a rectangular window: <c>[AvgPool2d([3, 2])]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    public AvgPool2dAttribute(int[] kernelSize) => KernelSize = kernelSize;

    /// <summary>Pooling with a square window and a step of its own: <c>[AvgPool2d(3, 2)]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    /// <param name="stride">Step of the window in both directions.</param>
    /// <param name="padding">Zeros added on each of the four sides.</param>
    public AvgPool2dAttribute(int kernelSize, int stride, int padding = 0)
    {
        KernelSize = [kernelSize, kernelSize];
        Stride = stride;
        Padding = padding;
    }

    /// <summary>Pooling with a rectangular window and a step of its own: <c>[AvgPool2d([3, 2], [2, 1])]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    /// <param name="stride">Step of the window, height and width; null is the kernel size.</param>
    /// <param name="padding">Zeros added above and below, and left and right; null is (0, 0).</param>
    public AvgPool2dAttribute(int[] kernelSize, int[]? stride, int[]? padding = null)
    {
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
    }

    /// <summary>Height and width of the window.</summary>
    public int[] KernelSize { get; }

    /// <summary>Step of the window: one number, or <c>new[] { height, width }</c>. The kernel size where it is not set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Zeros added on each side: one number, or <c>new[] { height, width }</c>.
    /// 0 where it is not set, at most half the kernel size.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>Whether the output size is rounded up, so that trailing rows and columns are not dropped; false by default.</summary>
    public bool CeilMode { get; set; }

    /// <summary>
    /// Whether padded zeros count in the divisor; true by default, as in PyTorch. What <see cref="CeilMode"/> adds beyond the
    /// padding never counts.
    /// </summary>
    public bool CountIncludePad { get; set; } = true;

    /// <summary>
    /// What the sum over each window is divided by, not 0; where it is not set, the number of its elements.
    /// </summary>
    public int DivisorOverride { get; set; }
}
