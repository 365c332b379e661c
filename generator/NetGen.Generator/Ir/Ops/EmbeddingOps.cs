using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// The mean, sum or maximum of the rows of a table. Inputs: ints, the numbers of the rows, and where it <see cref="HasWeights"/> a float
/// for each. Slot: <c>weight</c>. With <paramref name="KeepsRows"/> port 1 has for each maximum the number of the row that it is from, −1
/// where no row counts.
/// </summary>
/// <param name="Rows">Of the table.</param>
/// <param name="Features">Numbers of a row.</param>
/// <param name="Length">Ints of a sample.</param>
/// <param name="PaddingRow">The row that takes no part; null where all do.</param>
internal sealed record EmbeddingBagOp(int Rows, int Features, int Length, BagMode Mode, int? PaddingRow, bool KeepsRows) : Op, ILooksUp
{
    /// <summary>Rows are multiplied by weights before they are summed.</summary>
    public bool HasWeights { get; init; }

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        var op = new EmbeddingBagGradientOp(Rows, Features, Length, Mode, PaddingRow) { HasWeights = HasWeights };
        Value ints = Mode == BagMode.Max ? node.Outputs[1] : node.Input;
        if (!HasWeights)
        {
            builder.AddParameterGradient(node, op, ints, gradient);
            return;
        }
        Value weights = node.Inputs[1];
        builder.AddParameterGradient(node, op, ints, weights, gradient);
        builder.Flow(weights, node, new EmbeddingBagWeightGradientOp(Features, Length, PaddingRow), ints, gradient);
    }

    public override string? ToSteps(IStreamBuilder builder, Node node) => "takes all positions together";
}

/// <summary>
/// The gradient of the table. Inputs: the ints, or for maxima the rows that they are from, the weights where there are such, and the
/// output's gradient.
/// </summary>
internal sealed record EmbeddingBagGradientOp(int Rows, int Features, int Length, BagMode Mode, int? PaddingRow)
    : ParameterGradientOp, ITableGradient
{
    /// <inheritdoc cref="EmbeddingBagOp.HasWeights"/>
    public bool HasWeights { get; init; }

    public bool IsShared { get; init; }

    public Op AsShared() => this with { IsShared = true };
}

/// <summary>
/// The gradient of a bag's weights: of each int the product of its row and the output's gradient, zero for padding. Inputs: the ints and
/// the output's gradient. Slot: <c>weight</c>, the table.
/// </summary>
internal sealed record EmbeddingBagWeightGradientOp(int Features, int Length, int? PaddingRow) : GradientOp;

/// <summary>The rows of a table, one for each int. Input: the ints. Slot: <c>weight</c>.</summary>
/// <param name="Rows">Of the table.</param>
/// <param name="Features">Numbers of a row.</param>
/// <param name="Length">Ints of a sample.</param>
/// <param name="PaddingRow">The row that has no gradient; null where all do.</param>
/// <param name="MaxNorm">The norm that rows are scaled down to; null where they are not.</param>
/// <param name="Scale">What rows are multiplied by behind that.</param>
/// <param name="Renormalizes">Rows are scaled down in the table itself, of which the gradient then is.</param>
internal sealed record EmbeddingOp(int Rows, int Features, int Length, int? PaddingRow, double? MaxNorm, float Scale, bool Renormalizes)
    : Op, ILooksUp
{
    /// <summary>The forward pass writes to the table: rows are scaled down there when they are looked up, as in PyTorch.</summary>
    public bool ScalesTable => Renormalizes && MaxNorm is not null;

    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient) => builder.AddParameterGradient(
        node, new EmbeddingGradientOp(Rows, Features, Length, PaddingRow, Scale), node.Input, gradient);

    public override string? ToSteps(IStreamBuilder builder, Node node) => builder.AtEach(node, this with { Length = 1 });
}

/// <summary>The gradient of the table. Inputs: the ints, and the output's gradient.</summary>
internal sealed record EmbeddingGradientOp(int Rows, int Features, int Length, int? PaddingRow, float Scale)
    : ParameterGradientOp, ITableGradient
{
    public bool IsShared { get; init; }

    public Op AsShared() => this with { IsShared = true };
}
