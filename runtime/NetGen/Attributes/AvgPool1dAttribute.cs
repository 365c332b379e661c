namespace NetGen;

/// <summary>
/// Mean over a window that moves along each channel of a sequence, PyTorch's <c>AvgPool1d</c>: input (C, L), output (C, L').
/// The stride is the kernel size unless set. L' = floor((L + 2 · padding − kernelSize) / stride) + 1, or with
/// <see cref="CeilMode"/> the quotient rounded up, the last window starting inside the input or its left padding.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class AvgPool1dAttribute : LayerAttribute
{
    private int? _stride;

    /// <summary>Pooling with a step of the window's length.</summary>
    /// <param name="kernelSize">Elements of the window.</param>
    public AvgPool1dAttribute(int kernelSize) => KernelSize = kernelSize;

    /// <summary>Pooling with a step of its own: <c>[AvgPool1d(3, 2)]</c>.</summary>
    /// <param name="kernelSize">Elements of the window.</param>
    /// <param name="stride">Step of the window.</param>
    /// <param name="padding">Zeros added on both sides.</param>
    public AvgPool1dAttribute(int kernelSize, int stride, int padding = 0)
    {
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
    }

    /// <summary>Elements of the window.</summary>
    public int KernelSize { get; }

    /// <summary>Step of the window; the kernel size where it is not set.</summary>
    public int Stride
    {
        get => _stride ?? KernelSize;
        set => _stride = value;
    }

    /// <summary>Zeros added on both sides; 0 where it is not set, at most half the kernel size.</summary>
    public int Padding { get; set; }

    /// <summary>Whether the output length is rounded up, so that trailing elements are not dropped; false by default.</summary>
    public bool CeilMode { get; set; }

    /// <summary>
    /// Whether padded zeros count in the divisor; true by default, as in PyTorch. What <see cref="CeilMode"/> adds beyond the
    /// padding never counts.
    /// </summary>
    public bool CountIncludePad { get; set; } = true;
}
