using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// Normalisation of each channel: in training by the statistics of the batch, in inference and where it is frozen a scale and a shift.
/// Slots: <c>weight</c> and <c>bias</c> where it is affine, <c>running_mean</c>, <c>running_var</c>, <c>num_batches_tracked</c>.
/// </summary>
/// <param name="Momentum">Of the running statistics; null for cumulative averages.</param>
internal sealed record BatchNormOp(bool Affine, double Eps, double? Momentum, bool IsTraining) : Op, IHasEpilogue, IHasResidual
{
    /// <summary>Before the names of its slots where another node has taken it over.</summary>
    public const string FoldedPrefix = "normalization.";

    public Activation? Activation { get; init; }

    public int? Residual { get; init; }

    /// <summary>
    /// Of a cumulative average: how many layers that share its count come after it. A step counts a batch for each of them when it begins.
    /// </summary>
    public int LaterUses { get; init; }

    public override string? BatchCounter => IsTraining ? "num_batches_tracked" : null;

    public Op WithActivation(Activation activation) => this with { Activation = activation };

    public Op WithResidual(int input) => this with { Residual = input };

    public override int? BatchValuesPerSample(Node node) => IsTraining ? node.Input.Shape.Size / node.Input.Shape.Dimensions[0] : null;

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        if (IsTraining)
            builder.Flow(node.Input, node, new BatchNormGradientOp(Affine, Eps, Momentum), gradient, node.Input);
        else
            builder.Flow(node.Input, node, new BatchNormScaleGradientOp(), gradient);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.PositionsOf(node.Input) is { Axis: 0 } ? "has statistics of its own for each position" : builder.AtEach(node);
}

/// <summary>The output's gradient times the scale that a frozen normalisation has derived from its running statistics.</summary>
internal sealed record BatchNormScaleGradientOp : GradientOp, IHasGradientMask
{
    public GradientMask? Mask { get; init; }

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}

/// <summary>
/// Inputs: the output's gradient and the layer's input. Gives the gradients of weight and bias too, for they come from the same sums.
/// </summary>
internal sealed record BatchNormGradientOp(bool Affine, double Eps, double? Momentum) : GradientOp, IHasGradientMask
{
    public GradientMask? Mask { get; init; }

    public override bool IsParameterGradient => true;

    public Op WithMask(GradientMask mask) => this with { Mask = mask };
}
