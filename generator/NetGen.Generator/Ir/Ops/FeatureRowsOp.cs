namespace NetGen.Generator.Ir;

/// <summary>The same value, of which what reads it takes the last dimension as the features of positions: the loss of an output.</summary>
internal sealed record FeatureRowsOp : Op
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Accumulate(node.Input, gradient, node);

    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        builder.Pass(node.Output!, builder.StepOf(node.Input), builder.PositionsOf(node.Input));
        return null;
    }
}
