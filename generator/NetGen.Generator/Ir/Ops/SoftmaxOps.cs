namespace NetGen.Generator.Ir;

/// <summary>exp(x) over the sum of all.</summary>
internal sealed record SoftmaxOp : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new SoftmaxGradientOp(), gradient, node.Output!);

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.AtEachRow(node, this, "sums over all positions");
}

/// <summary>Inputs: the output's gradient and the saved output.</summary>
internal sealed record SoftmaxGradientOp : GradientOp;

/// <summary>At each feature of a sequence exp(x) over the sum of all positions, of which each sample may have another number.</summary>
internal sealed record SoftmaxPositionsOp : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new SoftmaxPositionsGradientOp(), gradient, node.Output!);

    public override string? ToSteps(IStreamBuilder builder, Node node) => "sums over all positions";
}

/// <summary>Inputs: the output's gradient and the saved output.</summary>
internal sealed record SoftmaxPositionsGradientOp : GradientOp;

/// <summary>x minus the logarithm of the sum of all exp(x).</summary>
internal sealed record LogSoftmaxOp : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new LogSoftmaxGradientOp(), gradient, node.Output!);

    public override string? ToSteps(IStreamBuilder builder, Node node)
        => builder.AtEachRow(node, this, "sums over all positions");
}

/// <summary>Inputs: the output's gradient and the saved output.</summary>
internal sealed record LogSoftmaxGradientOp : GradientOp;
