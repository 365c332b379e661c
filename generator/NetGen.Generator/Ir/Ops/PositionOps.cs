namespace NetGen.Generator.Ir;

/// <summary>How rotary positions stretch waves that are long against the sequences they were learned for, as LLaMA 3.1 does.</summary>
/// <param name="Factor">By how much; 1 for not at all.</param>
/// <param name="Low">Waves that fit fewer times into <paramref name="Length"/> are stretched whole.</param>
/// <param name="High">Those that fit more often are left alone.</param>
internal sealed record RotaryScaling(double Factor, double Low, double High, int Length);

/// <summary>Turns pairs of features of each head by an angle that grows with the position.</summary>
/// <param name="Interleaved">Pairs are neighbours; otherwise feature i of a head's first half goes with i of its second.</param>
/// <param name="IsGradient">The gradient's way back: by the angle the other way.</param>
internal sealed record RotaryOp(
    int Heads, int HeadSize, double Base, bool Interleaved, RotaryScaling Scaling, bool IsGradient = false) : Op, IEndsStream
{
    /// <summary>Of a stream, the positions that it can have; null where a sample has all of its positions.</summary>
    public int? MostPositions { get; init; }

    public override string Verb => IsGradient ? "InputGradient" : "Forward";

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => builder.Flow(node.Input, node, this with { IsGradient = true }, gradient);

    public override string? ToSteps(IStreamBuilder builder, Node node) => builder.AtEachRow(
        node, this with { MostPositions = builder.PositionsOf(node.Input)!.Count }, "turns features that lie along the positions");
}

/// <summary>
/// Adds to each position what belongs to it: sines and cosines of it, or the row of a table that is learned (<c>weight</c>).
/// </summary>
internal sealed record PositionOp(bool IsLearned) : Op, IEndsStream
{
    /// <inheritdoc cref="RotaryOp.MostPositions"/>
    public int? MostPositions { get; init; }

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        if (IsLearned)
            builder.AddParameterGradient(node, new PositionGradientOp(), gradient);
        builder.Accumulate(node.Input, gradient, node);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => builder.AtEachRow(
        node, this with { MostPositions = builder.PositionsOf(node.Input)!.Count }, "numbers what lies along another dimension");
}

/// <summary>Input: the output's gradient. Gives the gradient of the table.</summary>
internal sealed record PositionGradientOp : ParameterGradientOp;
