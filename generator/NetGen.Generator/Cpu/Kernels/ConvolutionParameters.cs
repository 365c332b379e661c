namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The operands of convolutions: every kernel of one has these, and what calls it for groups of channels finds them here.
/// </summary>
internal static class ConvolutionParameters
{
    public static readonly KernelParameter Input = KernelParameters.Floats("input");

    public static readonly KernelParameter Weights = KernelParameters.Floats("weights");

    public static readonly KernelParameter TransformedWeights = KernelParameters.Floats("transformedWeights");

    public static readonly KernelParameter Bias = KernelParameters.Floats("bias");

    public static readonly KernelParameter Output = KernelParameters.Floats("output");

    /// <summary>The other operand of a fused addition.</summary>
    public static readonly KernelParameter Residual = KernelParameters.Floats("residual");

    /// <summary>What an activation has saved for its fused derivative.</summary>
    public static readonly KernelParameter Saved = KernelParameters.Floats("saved");

    public static readonly KernelParameter OutputGradient = KernelParameters.Floats("outputGradient");

    public static readonly KernelParameter WeightGradient = KernelParameters.Floats("weightGradient");
}
