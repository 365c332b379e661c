using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>y = W x + b. Slots: <c>weight</c> and, where the layer has one, <c>bias</c>.</summary>
/// <remarks>
/// Its op and those of its gradients may have the output's features in groups of equal size, which are a dimension of their own:
/// (positions, groups, features of a group).
/// </remarks>
internal sealed record LinearOp(int InFeatures, int OutFeatures) : Op, IHasEpilogue, IFoldsNormalization
{
    /// <summary>Parts of the output's features; 1 where they are not divided.</summary>
    public int Groups { get; init; } = 1;

    public Activation? Activation { get; init; }

    public BatchNormOp? Normalization { get; init; }

    public Op WithActivation(Activation activation) => this with { Activation = activation };

    public Op WithNormalization(BatchNormOp normalization) => this with { Normalization = normalization };

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        builder.AddParameterGradient(node, new LinearWeightGradientOp(InFeatures, OutFeatures) { Groups = Groups }, node.Input, gradient);
        builder.Flow(node.Input, node, new LinearInputGradientOp(InFeatures, OutFeatures) { Groups = Groups }, gradient);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.AtEachRow(node, this, "mixes all positions, which lie along the dimension of its features");
}

/// <summary>Input: the output's gradient. A linear layer with the weights transposed.</summary>
internal sealed record LinearInputGradientOp(int InFeatures, int OutFeatures) : GradientOp, IHasGradientMask
{
    /// <inheritdoc cref="LinearOp.Groups"/>
    public int Groups { get; init; } = 1;

    public GradientMask? Mask { get; init; }

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}

/// <summary>Inputs: the layer's input and the output's gradient. Gives the gradients of weight and bias.</summary>
internal sealed record LinearWeightGradientOp(int InFeatures, int OutFeatures) : ParameterGradientOp
{
    /// <inheritdoc cref="LinearOp.Groups"/>
    public int Groups { get; init; } = 1;
}
