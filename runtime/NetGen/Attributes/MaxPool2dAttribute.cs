namespace NetGen;

/// <summary>
/// Maximum over a moving window of each channel, PyTorch's <c>MaxPool2d</c>. NaN propagates.
/// The stride is the kernel size unless set. Output height floor((H + 2 · padding − dilation · (kernelSize − 1) − 1) / stride) + 1,
/// or with <see cref="CeilMode"/> the quotient rounded up, the last window starting inside the input or its left padding; width alike.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool2dAttribute : LayerAttribute
{
    /// <summary>Pooling with a square window.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    public MaxPool2dAttribute(int kernelSize) => KernelSize = [kernelSize, kernelSize];

    /// <summary>Pooling with a rectangular window: <c>[MaxPool2d([3, 2])]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    public MaxPool2dAttribute(int[] kernelSize) => KernelSize = kernelSize;

    /// <summary>Pooling with a square window and a step of its own: <c>[MaxPool2d(3, 2)]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    /// <param name="stride">Step of the window in both directions.</param>
    /// <param name="padding">Implicit −∞ added on each of the four sides.</param>
    /// <param name="dilation">Pixels from one of the window to the next.</param>
    public MaxPool2dAttribute(int kernelSize, int stride, int padding = 0, int dilation = 1)
    {
        KernelSize = [kernelSize, kernelSize];
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
    }

    /// <summary>Pooling with a rectangular window and a step of its own: <c>[MaxPool2d([3, 2], [2, 1])]</c>.</summary>
    /// <param name="kernelSize">Height and width of the window.</param>
    /// <param name="stride">Step of the window, height and width; null is the kernel size.</param>
    /// <param name="padding">Implicit −∞ added above and below, and left and right; null is (0, 0).</param>
    /// <param name="dilation">Pixels from one of the window to the next, down and across; null is (1, 1).</param>
    public MaxPool2dAttribute(int[] kernelSize, int[]? stride, int[]? padding = null, int[]? dilation = null)
    {
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
    }

    /// <summary>Height and width of the window.</summary>
    public int[] KernelSize { get; }

    /// <summary>Step of the window: one number, or <c>new[] { height, width }</c>. The kernel size where it is not set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Implicit −∞ added on each side: one number, or <c>new[] { height, width }</c>.
    /// 0 where it is not set, at most half the kernel size.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>
    /// Pixels from one of the window to the next: one number, or <c>new[] { down, across }</c>. 1, side by side, where it is not set.
    /// </summary>
    public object? Dilation { get; set; }

    /// <summary>Whether the output size is rounded up, so that trailing rows and columns are not dropped; false by default.</summary>
    public bool CeilMode { get; set; }

    /// <summary>
    /// Whether a <see cref="MaxUnpool2dAttribute"/> further on may ask where the maxima came from; false by default. The output is the
    /// same.
    /// </summary>
    public bool ReturnIndices { get; set; }
}
