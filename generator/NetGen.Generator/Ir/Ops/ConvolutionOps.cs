using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

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

    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        Positions positions = builder.PositionsOf(node.Input)!;
        if (node.Input.Shape.Rank != 2)
            return "slides over more than positions";
        if (positions.Axis == 0)
            return "mixes all positions, which lie along the dimension of its channels";
        if (Window.Stride.Width > 1)
            return $"moves by {MessageText.Number(Window.Stride.Width)} positions, so that not every one has a result of its own";
        long past = (Window.Kernel.Width - 1L) * Window.Dilation.Width;
        if (past > Window.Left || node.Output!.Shape.Width != positions.Count)
        {
            string read = past > Window.Left ? $"reads ahead by {MessageText.Count(past - Window.Left, "position")}"
                : "gives another number of positions";
            return read + ": give it Padding = \"causal\"";
        }
        if (past < Window.Left)
            return $"gives results before the first position: Padding = \"causal\" pads by {MessageText.Number(past)}";
        builder.Add(node, new StreamConvolutionOp(Window, Groups), positions, TensorShape.Vector(node.Output.Shape.Channels));
        return null;
    }
}

/// <summary>
/// A causal convolution of one position after another; the inputs that its taps reach back to are kept. Slots as those of
/// <see cref="Conv2dOp"/>.
/// </summary>
internal sealed record StreamConvolutionOp(ConvolutionWindow Window, int Groups) : Op
{
    public int Taps => Window.Kernel.Width;

    public int Dilation => Window.Dilation.Width;

    /// <summary>Positions before the present one that it reads from.</summary>
    public int Past => (Taps - 1) * Dilation;
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
