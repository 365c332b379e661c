namespace NetGen;

/// <summary>
/// Maximum over a window that moves along each channel of a sequence, PyTorch's <c>MaxPool1d</c>: input (C, L), output (C, L'). NaN
/// propagates. The stride is the kernel size unless set. L' = floor((L + 2 · padding − dilation · (kernelSize − 1) − 1) / stride) + 1, or
/// with
/// <see cref="CeilMode"/> the quotient rounded up, the last window starting inside the input or its left padding.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class MaxPool1dAttribute : LayerAttribute
{
    private int? _stride;

    /// <summary>Pooling with a step of the window's length.</summary>
    /// <param name="kernelSize">Elements of the window.</param>
    public MaxPool1dAttribute(int kernelSize) => KernelSize = kernelSize;

    /// <summary>Pooling with a step of its own: <c>[MaxPool1d(3, 2)]</c>.</summary>
    /// <param name="kernelSize">Elements of the window.</param>
    /// <param name="stride">Step of the window.</param>
    /// <param name="padding">Implicit −∞ added on both sides.</param>
    /// <param name="dilation">Elements from one of the window to the next.</param>
    public MaxPool1dAttribute(int kernelSize, int stride, int padding = 0, int dilation = 1)
    {
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
    }

    /// <summary>Elements of the window.</summary>
    public int KernelSize { get; }

    /// <summary>Step of the window; the kernel size where it is not set.</summary>
    public int Stride
    {
        get => _stride ?? KernelSize;
        set => _stride = value;
    }

    /// <summary>Implicit −∞ added on both sides; 0 where it is not set, at most half the kernel size.</summary>
    public int Padding { get; set; }

    /// <summary>Elements from one of the window to the next; 1, side by side, where it is not set.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Whether the output length is rounded up, so that trailing elements are not dropped; false by default.</summary>
    public bool CeilMode { get; set; }
}
