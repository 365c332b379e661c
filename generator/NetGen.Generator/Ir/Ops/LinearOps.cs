using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>y = W x + b. Slots: <c>weight</c> and, where the layer has one, <c>bias</c>.</summary>
internal sealed record LinearOp(int InFeatures, int OutFeatures) : Op, IHasEpilogue, IFoldsNormalization
{
    public Activation? Activation { get; init; }

    public BatchNormOp? Normalization { get; init; }

    public Op WithActivation(Activation activation) => this with { Activation = activation };

    public Op WithNormalization(BatchNormOp normalization) => this with { Normalization = normalization };

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        builder.AddParameterGradient(node, new LinearWeightGradientOp(InFeatures, OutFeatures), node.Input, gradient);
        builder.Flow(node.Input, node, new LinearInputGradientOp(InFeatures, OutFeatures), gradient);
    }
}

/// <summary>Input: the output's gradient. A linear layer with the weights transposed.</summary>
internal sealed record LinearInputGradientOp(int InFeatures, int OutFeatures) : GradientOp, IHasGradientMask
{
    public GradientMask? Mask { get; init; }

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}

/// <summary>Inputs: the layer's input and the output's gradient. Gives the gradients of weight and bias.</summary>
internal sealed record LinearWeightGradientOp(int InFeatures, int OutFeatures) : ParameterGradientOp;
