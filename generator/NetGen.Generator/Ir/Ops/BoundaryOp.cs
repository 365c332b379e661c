namespace NetGen.Generator.Ir;

/// <summary>
/// The same value on the other side of a part's input or output: no pass looks through it, so that inside all is as in the part alone.
/// </summary>
/// <param name="Enters">It leads into the part.</param>
/// <param name="IsGradient">What is carried over is a gradient.</param>
internal sealed record BoundaryOp(bool Enters, bool IsGradient = false) : Op
{
    public override string Verb => IsGradient ? "InputGradient" : "Forward";

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, new BoundaryOp(Enters, IsGradient: true), gradient);

    /// <summary>A stream's values lie alike on both sides.</summary>
    public override string? ToSteps(IStreamBuilder builder, Node node)
    {
        builder.Pass(node.Output!, builder.StepOf(node.Input), builder.PositionsOf(node.Input));
        return null;
    }
}
