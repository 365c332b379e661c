namespace NetGen;

/// <summary>
/// One-dimensional convolution (cross-correlation), PyTorch's <c>Conv1d</c>: input (inChannels, L), output (outChannels, L')
/// with L' = floor((L + 2 · padding − dilation · (kernelSize − 1) − 1) / stride) + 1. The weight has PyTorch's shape
/// [outChannels, inChannels / groups, kernelSize], the bias [outChannels].
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class Conv1dAttribute : LayerAttribute
{
    /// <summary>A convolution over a sequence.</summary>
    /// <param name="inChannels">Channels of the input, checked against the preceding layer.</param>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Taps of the kernel.</param>
    /// <param name="stride">Step of the window.</param>
    /// <param name="padding">Zeros added on both sides.</param>
    /// <param name="dilation">Input elements from one tap of the kernel to the next.</param>
    /// <param name="groups">Parts of the channels, each of which sees only its own; it divides both numbers of channels.</param>
    /// <param name="bias">Whether a learnable bias is added to each output channel.</param>
    public Conv1dAttribute(int inChannels, int outChannels, int kernelSize, int stride = 1, int padding = 0, int dilation = 1,
        int groups = 1, bool bias = true)
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

    /// <summary>A convolution whose input channels are those of the preceding layer.</summary>
    /// <param name="outChannels">Channels of the output.</param>
    /// <param name="kernelSize">Taps of the kernel.</param>
    public Conv1dAttribute(int outChannels, int kernelSize)
    {
        OutChannels = outChannels;
        KernelSize = kernelSize;
    }

    /// <summary>Channels of the input; null where they are inferred.</summary>
    public int? InChannels { get; }

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; }

    /// <summary>Taps of the kernel.</summary>
    public int KernelSize { get; }

    /// <summary>Step of the window; 1 by default.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>
    /// What is added on both sides: a number, <c>"valid"</c> (nothing) or <c>"same"</c>, which makes the output as long as the input and
    /// needs stride 1; where the sides cannot be equal, the right one gets one more. <c>"causal"</c> adds the same in front alone, so that
    /// no output depends on a later input (what PyTorch's users write as <c>F.pad</c> in front of the layer). 0 where it is not set.
    /// </summary>
    public object? Padding { get; set; }

    /// <summary>Input elements from one tap of the kernel to the next; 1 by default.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// Parts of the channels, 1 by default: group g computes its share of the output channels from its share of the input channels alone.
    /// As many groups as input channels make a depthwise convolution.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>
    /// What the padding consists of: <c>"zeros"</c>, the default; <c>"reflect"</c>, the sequence mirrored without repeating its end;
    /// <c>"replicate"</c>, the end repeated; <c>"circular"</c>, the other end.
    /// </summary>
    public string PaddingMode { get; set; } = "zeros";

    /// <summary>Whether a learnable bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;
}
