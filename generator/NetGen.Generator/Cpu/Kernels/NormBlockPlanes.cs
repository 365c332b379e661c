using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Each channel of an image is a set.</summary>
internal class NormBlockPlanes(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormBlocks(norm, input, writer, isa)
{
    protected override BlockStack EachSet(params NormOperand[] operands) => new BlockStack(Writer).Open(ChannelVectors);

    protected override void EachElement(Action body, params NormOperand[] operands)
    {
        using (Writer.Block($"for (int row = 0; row < {Int(Norm.Height)}; row++)"))
        {
            DeclareRows(operands);
            EachColumn(body);
        }
    }

    protected override void SumElements(string[] sums, Action body, params NormOperand[] operands)
    {
        if (!LongSum.IsCut(Norm.Height, Norm.Width * Layout.Block, Layout.Block))
        {
            EachElement(body, operands);
            return;
        }
        using SourceWriter.Scope scope = Writer.Block();
        var total = new LongSum(Writer, Isa, sums);
        total.DeclareTotals();
        total.EachPixel(null, Norm.Height, Norm.Width * Layout.Block, Layout.Block, sample: null, () => DeclareRows(operands), body);
        total.End();
    }
}
