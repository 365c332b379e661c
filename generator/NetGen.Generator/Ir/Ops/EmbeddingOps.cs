using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>
/// The mean, sum or maximum of the rows of a table. Input: ints, the numbers of the rows. Slot: <c>weight</c>. With
/// <paramref name="KeepsRows"/> port 1 has for each maximum the number of the row that it is from, −1 where no row counts.
/// </summary>
/// <param name="Rows">Of the table.</param>
/// <param name="Features">Numbers of a row.</param>
/// <param name="Length">Ints of a sample.</param>
/// <param name="PaddingRow">The row that takes no part; null where all do.</param>
internal sealed record EmbeddingBagOp(int Rows, int Features, int Length, BagMode Mode, int? PaddingRow, bool KeepsRows) : Op, ILooksUp
{
    public override void Differentiate(IGradientBuilder builder, Node node, Value gradient)
    {
        var op = new EmbeddingBagGradientOp(Rows, Features, Length, Mode, PaddingRow);
        builder.AddParameterGradient(node, op, Mode == BagMode.Max ? node.Outputs[1] : node.Input, gradient);
    }
}

/// <summary>
/// The gradient of the table. Inputs: the ints, or for maxima the rows that they are from, and the output's gradient.
/// </summary>
internal sealed record EmbeddingBagGradientOp(int Rows, int Features, int Length, BagMode Mode, int? PaddingRow) : ParameterGradientOp;
