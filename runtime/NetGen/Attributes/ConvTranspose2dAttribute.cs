namespace NetGen;

/// <summary>
/// Two-dimensional transposed convolution, PyTorch's <c>ConvTranspose2d</c>: input (inChannels, H, W), output (outChannels, H', W') with
/// H' = (H − 1) · stride − 2 · padding + dilation · (kernelSize − 1) + outputPadding + 1 and W' alike. The weight has PyTorch's shape
/// [inChannels, outChannels / groups, kernelHeight, kernelWidth], the bias [outChannels].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose2dAttribute : LayerAttribute
{
    /// <summary>A transposed convolution with a square kernel.</summary>
    /// <param name="inChannels">Channels of the input, checked against the preceding layer.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    /// <param name="stride">Output rows, and columns, from one input pixel to the next.</param>
    /// <param name="padding">Rows and columns left out on each of the four sides of the output.</param>
    /// <param name="outputPadding">Rows and columns added below and right of the output; smaller than the stride or the dilation.</param>
    /// <param name="groups">Parts of the channels, each of which sees only its own; it divides both numbers of channels.</param>
    /// <param name="bias">Whether a learnable bias is added to each output channel.</param>
    /// <param name="dilation">Output rows, and columns, from one tap of the kernel to the next.</param>
    public ConvTranspose2dAttribute(int inChannels, int outChannels, int kernelSize, int stride = 1, int padding = 0,
        int outputPadding = 0, int groups = 1, bool bias = true, int dilation = 1)
    {
        InChannels = inChannels;
        OutChannels = outChannels;
        KernelSize = [kernelSize, kernelSize];
        Stride = stride;
        Padding = padding;
        OutputPadding = outputPadding;
        Groups = groups;
        Bias = bias;
        Dilation = dilation;
    }

    /// <summary>A transposed convolution with a rectangular kernel: <c>[ConvTranspose2d(16, 8, [2, 4])]</c>.</summary>
    /// <param name="inChannels">Channels of the input, checked against the preceding layer.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    /// <param name="stride">Output rows, and columns, from one input pixel to the next; null is (1, 1).</param>
    /// <param name="padding">Rows left out above and below, and columns left and right of the output; null is (0, 0).</param>
    /// <param name="outputPadding">Rows added below, and columns added right of the output; null is (0, 0).</param>
    /// <param name="groups">Parts of the channels, each of which sees only its own; it divides both numbers of channels.</param>
    /// <param name="bias">Whether a learnable bias is added to each output channel.</param>
    /// <param name="dilation">Output rows, and columns, from one tap of the kernel to the next; null is (1, 1).</param>
    public ConvTranspose2dAttribute(int inChannels, int outChannels, int[] kernelSize, int[]? stride = null, int[]? padding = null,
        int[]? outputPadding = null, int groups = 1, bool bias = true, int[]? dilation = null)
    {
        InChannels = inChannels;
        OutChannels = outChannels;
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
        OutputPadding = outputPadding;
        Groups = groups;
        Bias = bias;
        Dilation = dilation;
    }

    /// <summary>A transposed convolution with a square kernel whose input channels are those of the preceding layer.</summary>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    public ConvTranspose2dAttribute(int outChannels, int kernelSize)
    {
        OutChannels = outChannels;
        KernelSize = [kernelSize, kernelSize];
    }

    /// <summary>A transposed convolution with a rectangular kernel whose input channels are those of the preceding layer.</summary>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    public ConvTranspose2dAttribute(int outChannels, int[] kernelSize)
    {
        OutChannels = outChannels;
        KernelSize = kernelSize;
    }

    /// <summary>Channels of the input; null where they are inferred.</summary>
    public int? InChannels { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>Height and width of the kernel.</summary>
    public int[] KernelSize { get; }

    /// <summary>
    /// Output rows, and columns, from one input pixel to the next: one number, or <c>new[] { height, width }</c>. 1 where it is not set.
    /// </summary>
    public object? Stride { get; set; }

    /// <summary>
    /// Rows and columns left out on each side of the output: one number, or <c>new[] { height, width }</c>. 0 where it is not set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>
    /// Rows added below, and columns added right of the output: one number, or <c>new[] { height, width }</c>, smaller than the stride or
    /// the dilation. A strided convolution gives the same size for several input sizes; this chooses among them. 0 where it is not set.
    /// </summary>
    public object? OutputPadding { get; set; }

    /// <summary>
    /// Parts of the channels, 1 by default: group g computes its share of the output channels from its share of the input channels alone.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a learnable bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// Output rows, and columns, from one tap of the kernel to the next: one number, or <c>new[] { height, width }</c>. 1 where it is not
    /// set.
    /// </summary>
    public object? Dilation { get; set; }
}
