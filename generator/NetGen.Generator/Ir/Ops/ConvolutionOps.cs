using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// Cross-correlation of an image. Slots: <c>weight</c> [out, in / groups, rows, columns] (of a sequence without rows), <c>bias</c>.
/// </summary>
internal sealed record Conv2dOp(ConvolutionWindow Window, int Groups) : Op, IHasEpilogue, IHasResidual, IFoldsNormalization
{
    public Activation? Activation { get; init; }

    /// <summary>Added after the bias and before the activation.</summary>
    public int? Residual { get; init; }

    public BatchNormOp? Normalization { get; init; }

    public Op WithActivation(Activation activation) => this with { Activation = activation };

    public Op WithResidual(int input) => this with { Residual = input };

    public Op WithNormalization(BatchNormOp normalization) => this with { Normalization = normalization };

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        builder.AddParameterGradient(node, new Conv2dWeightGradientOp(Window, Groups), node.Input, gradient);
        builder.Flow(node.Input, node, new Conv2dInputGradientOp(Window, Groups), gradient);
    }
}

/// <summary>Input: the output's gradient. One correlation for each phase of the stride.</summary>
internal sealed record Conv2dInputGradientOp(ConvolutionWindow Window, int Groups) : GradientOp, IHasGradientMask
{
    public GradientMask? Mask { get; init; }

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}

/// <summary>Inputs: the convolution's input and the output's gradient. Gives the gradients of weight and bias.</summary>
internal sealed record Conv2dWeightGradientOp(ConvolutionWindow Window, int Groups) : ParameterGradientOp;

/// <summary>
/// The gradient of a convolution's input as a layer. Slots: <c>weight</c> [in, out / groups, rows, columns], <c>bias</c>.
/// </summary>
/// <param name="Window">Of the convolution from this op's output to its input.</param>
internal sealed record ConvTranspose2dOp(ConvolutionWindow Window, int Groups) : Op, IHasEpilogue, IFoldsNormalization
{
    public Activation? Activation { get; init; }

    public BatchNormOp? Normalization { get; init; }

    public Op WithActivation(Activation activation) => this with { Activation = activation };

    public Op WithNormalization(BatchNormOp normalization) => this with { Normalization = normalization };

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        builder.AddParameterGradient(node, new ConvTranspose2dWeightGradientOp(Window, Groups), node.Input, gradient);
        builder.Flow(node.Input, node, new ConvTranspose2dInputGradientOp(Window, Groups), gradient);
    }
}

/// <summary>Input: the output's gradient. A convolution of it with the weights as they are.</summary>
internal sealed record ConvTranspose2dInputGradientOp(ConvolutionWindow Window, int Groups) : GradientOp, IHasGradientMask
{
    public GradientMask? Mask { get; init; }

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}

/// <summary>
/// Inputs: the layer's input and the output's gradient. To the convolution from output to input they are the output's gradient and the
/// input.
/// </summary>
internal sealed record ConvTranspose2dWeightGradientOp(ConvolutionWindow Window, int Groups) : ParameterGradientOp;
