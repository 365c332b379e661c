using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Passes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu;

/// <summary>The tensors and constants of a batch normalisation, whether it is a node or folded into one.</summary>
/// <param name="Weight">Null, like <paramref name="Bias"/>, where the layer is not affine.</param>
internal sealed record BatchNormTensors(
    BatchNormOp Op, ParameterInfo? Weight, ParameterInfo? Bias, ParameterInfo RunningMean, ParameterInfo RunningVar, ParameterInfo Batches)
{
    /// <summary>Floats of one run of coefficients, one for each channel.</summary>
    public int Stride => Layout.RoundUp(RunningMean.Length);

    /// <summary>What the kernels are told.</summary>
    public BatchNormGeometry Geometry => new(Stride, Op.Affine, Op.Eps, Op.Momentum, Op.LaterUses);

    /// <param name="prefix">Of the slots: <see cref="BatchNormOp.FoldedPrefix"/>, or nothing in the node of the op itself.</param>
    public static BatchNormTensors Of(Node node, BatchNormOp op, string prefix = "") => new(
        op, node.OptionalParameter(prefix + "weight"), node.OptionalParameter(prefix + "bias"), node.Parameter(prefix + "running_mean"),
        node.Parameter(prefix + "running_var"), node.Parameter(prefix + "num_batches_tracked"));

    /// <summary>What is folded into a node; null where nothing is.</summary>
    public static BatchNormTensors? FoldedInto(Node node)
        => node.Op is IFoldsNormalization { Normalization: { } normalization } ? Of(node, normalization, BatchNormOp.FoldedPrefix) : null;

    /// <summary>Derives scale and shift from the running statistics.</summary>
    public RuntimeCall PrepareScale(PreparedArgument target) => new("BatchNormalization.Prepare",
        KernelSelection.Parameter(RunningMean), KernelSelection.Parameter(RunningVar), OrNull(Weight), OrNull(Bias), target,
        new NumberArgument(Stride), new NumberArgument(RunningMean.Length), new RealArgument(Op.Eps))
    {
        IsShared = false,
    };

    /// <summary>A tensor of the layer, or a pointer to nothing.</summary>
    public static Argument OrNull(ParameterInfo? parameter) => KernelSelection.Optional(parameter) ?? new NullArgument();
}
