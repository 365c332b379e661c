using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>An op that can apply an activation to its result before that is stored.</summary>
internal interface IHasEpilogue
{
    /// <summary>Applied last; null where nothing is fused.</summary>
    Activation? Activation { get; }

    Op WithActivation(Activation activation);
}

/// <summary>An op that can add another value before its activation.</summary>
internal interface IHasResidual
{
    /// <summary>Which of the node's inputs is added; null where nothing is fused.</summary>
    int? Residual { get; }

    Op WithResidual(int input);
}

/// <summary>The derivative of an activation, as a factor.</summary>
/// <param name="Input">The node's input that it is computed from: the activation's output.</param>
internal sealed record GradientMask(Activation Activation, int Input);

/// <summary>The op of a gradient that can be multiplied by an activation's derivative before it is stored.</summary>
internal interface IHasGradientMask
{
    /// <summary>Null where nothing is fused.</summary>
    GradientMask? Mask { get; }

    Op WithMask(GradientMask mask);
}

/// <summary>
/// An op with weights whose output channels a batch normalisation behind it scales: in inference its weights take the scale.
/// </summary>
internal interface IFoldsNormalization
{
    /// <summary>
    /// What is folded, whose tensors are then the node's in slots with <see cref="BatchNormOp.FoldedPrefix"/>; null where nothing is.
    /// </summary>
    BatchNormOp? Normalization { get; }

    Op WithNormalization(BatchNormOp normalization);
}
