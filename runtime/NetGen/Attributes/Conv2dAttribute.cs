namespace NetGen;

/// <summary>
/// Two-dimensional convolution (cross-correlation), PyTorch's <c>Conv2d</c>: input (inChannels, H, W), output
/// (outChannels, H', W') with H' = floor((H + 2 · padding − dilation · (kernelSize − 1) − 1) / stride) + 1 and W' alike. The weight has
/// PyTorch's shape [outChannels, inChannels / groups, kernelHeight, kernelWidth], the bias [outChannels].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Conv2dAttribute : LayerAttribute
{
    /// <summary>A convolution with a square kernel.</summary>
    /// <param name="inChannels">Channels of the input, checked against the preceding layer.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    /// <param name="stride">Step of the window in both directions.</param>
    /// <param name="padding">Zeros added on each of the four sides.</param>
    /// <param name="dilation">Input rows, and columns, from one tap of the kernel to the next.</param>
    /// <param name="groups">Parts of the channels, each of which sees only its own; it divides both numbers of channels.</param>
    /// <param name="bias">Whether a learnable bias is added to each output channel.</param>
    public Conv2dAttribute(int inChannels, int outChannels, int kernelSize, int stride = 1, int padding = 0, int dilation = 1,
        int groups = 1, bool bias = true)
    {
        InChannels = inChannels;
        OutChannels = outChannels;
        KernelSize = [kernelSize, kernelSize];
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
        Groups = groups;
        Bias = bias;
    }

    /// <summary>A convolution with a rectangular kernel: <c>[Conv2d(1, 32, [15, 16])]</c>.</summary>
    /// <param name="inChannels">Channels of the input, checked against the preceding layer.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    /// <param name="stride">Step of the window, height and width; null is (1, 1).</param>
    /// <param name="padding">Zeros added above and below, and left and right; null is (0, 0).</param>
    /// <param name="dilation">Input rows, and columns, from one tap of the kernel to the next; null is (1, 1).</param>
    /// <param name="groups">Parts of the channels, each of which sees only its own; it divides both numbers of channels.</param>
    /// <param name="bias">Whether a learnable bias is added to each output channel.</param>
    public Conv2dAttribute(int inChannels, int outChannels, int[] kernelSize, int[]? stride = null, int[]? padding = null,
        int[]? dilation = null, int groups = 1, bool bias = true)
    {
        InChannels = inChannels;
        OutChannels = outChannels;
        KernelSize = kernelSize;
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
        Groups = groups;
        Bias = bias;
    }

    /// <summary>A convolution with a square kernel whose input channels are those of the preceding layer.</summary>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    public Conv2dAttribute(int outChannels, int kernelSize)
    {
        OutChannels = outChannels;
        KernelSize = [kernelSize, kernelSize];
    }

    /// <summary>A convolution with a rectangular kernel whose input channels are those of the preceding layer.</summary>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Height and width of the kernel.</param>
    public Conv2dAttribute(int outChannels, int[] kernelSize)
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

    /// <summary>Step of the window: one number, or <c>new[] { height, width }</c>. 1 where it is not set.</summary>
    public object? Stride { get; set; }

    /// <summary>
    /// What is added on each side: one number, <c>new[] { height, width }</c>, <c>"valid"</c> (nothing) or <c>"same"</c>, which makes the
    /// output as large as the input and needs stride 1; where the sides cannot be equal, right and bottom get one more. 0 where it is not
    /// set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>
    /// Input rows, and columns, from one tap of the kernel to the next: one number, or <c>new[] { height, width }</c>. 1 where it is not
    /// set.
    /// </summary>
    public object? Dilation { get; set; }

    /// <summary>
    /// Parts of the channels, 1 by default: group g computes its share of the output channels from its share of the input channels alone.
    /// As many groups as input channels make a depthwise convolution.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>
    /// What the padding consists of: <c>"zeros"</c>, the default; <c>"reflect"</c>, the image mirrored without repeating its border;
    /// <c>"replicate"</c>, the border repeated; <c>"circular"</c>, the opposite side.
    /// </summary>
    public string PaddingMode { get; set; } = "zeros";

    /// <summary>Whether a learnable bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;
}
