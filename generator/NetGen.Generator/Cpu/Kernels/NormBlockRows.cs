using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Each row of each channel is a set.</summary>
internal sealed class NormBlockRows(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormBlocks(norm, input, writer, isa)
{
    protected override string PixelIndex => "i >> 4";

    protected override string SetStatistics => "statistics + " + RowStatistics;

    protected override string DeclareKept()
    {
        Line($"float* kept = {SetStatistics};");
        return "kept";
    }

    protected override BlockStack EachSet(params NormOperand[] operands)
    {
        BlockStack loops = new BlockStack(Writer).Open(ChannelVectors).Open($"for (int row = 0; row < {Int(Norm.Height)}; row++)");
        Line($"float* {string.Join(", ", operands.Select(operand => $"{operand.Name} = {RowOf(operand)}"))};");
        return loops;
    }

    protected override void EachElement(Action body, params NormOperand[] operands) => EachColumn(body);

    protected override void SumElements(string[] sums, Action body, params NormOperand[] operands)
    {
        if (!LongSum.IsCut(Norm.Width * Layout.Block, Layout.Block))
        {
            EachColumn(body);
            return;
        }
        using SourceWriter.Scope scope = Writer.Block();
        var total = new LongSum(Writer, Isa, sums);
        total.DeclareTotals();
        total.EachVector(Norm.Width * Layout.Block, Layout.Block, body);
        total.End();
    }
}
