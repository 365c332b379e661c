using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Text.Literals;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Normalisation with sample lanes: the sets of 16 samples side by side.</summary>
internal sealed class NormSamples(NormGeometry norm, Layout input, SourceWriter writer, VectorIsa isa)
    : NormLanes(norm, input, writer, isa)
{
    private bool HasOneChannel => Norm.GroupChannels == 1;

    /// <summary>The channel of the element that is being visited.</summary>
    private string Channel => !HasOneChannel ? "c" : Norm.Groups == 1 ? "0" : "group";

    protected override string SetStatistics
    {
        get
        {
            string set = Norm.Groups == 1 ? (Norm.PerRow ? "row * 16 + part" : "part")
                : Norm.PerRow ? $"(group * {Int(Norm.Height)} + row) * 16 + part" : "group * 16 + part";
            return "statistics + " + set;
        }
    }

    protected override string Factor(string pointer, string ofSet)
    {
        string index = Norm.Affine switch
        {
            NormAffine.Channel => Channel,
            NormAffine.Element
                => $"(({Channel} >> 4) * {Int(Norm.Height)} + row) * {Int(Norm.Width * Layout.Block)} + i + ({Channel} & 15)",
            NormAffine.Plane => $"row * {Int(Norm.Width)} + (i >> 4)",
            _ => "i >> 4",
        };
        return Isa.Broadcast($"{pointer}[{index}]");
    }

    /// <summary>The sets, for each part of the 16 samples.</summary>
    protected override BlockStack EachSet(params NormOperand[] operands)
    {
        BlockStack loops = new BlockStack(Writer).Open($"for (int part = 0; part < 16; part += {Int(Isa.Lanes)})");
        if (Norm.Groups > 1)
            loops.Open($"for (int group = 0; group < {Int(Norm.Groups)}; group++)");
        if (Norm.PerRow)
            loops.Open($"for (int row = 0; row < {Int(Norm.Height)}; row++)");
        return loops;
    }

    protected override void EachElement(Action body, params NormOperand[] operands) => EachElement(body, endRow: null, operands);

    /// <param name="endRow">At the end of each row.</param>
    private void EachElement(Action body, Action? endRow, NormOperand[] operands)
    {
        using var loops = new BlockStack(Writer);
        if (!HasOneChannel)
        {
            loops.Open(Norm.Groups == 1
                ? $"for (int c = 0; c < {Int(Norm.Channels)}; c++)"
                : $"for (int c = group * {Int(Norm.GroupChannels)}; c < (group + 1) * {Int(Norm.GroupChannels)}; c++)");
        }
        // Where the set is one row, a scope of its own keeps apart the pointers of the passes over it.
        loops.Open(Norm.PerRow ? "" : $"for (int row = 0; row < {Int(Norm.Height)}; row++)");
        foreach (NormOperand operand in operands)
            Line($"float* {operand.Name} = {operand.Pointer} + {RowOf(operand.Layout, Channel)} + part;");
        using (Writer.Block($"for (int i = 0; i < {Int(Norm.Width * Layout.Block)}; i += 16)"))
            body();
        endRow?.Invoke();
    }

    protected override void SumElements(string[] sums, Action body, params NormOperand[] operands)
    {
        if (Norm.SetSize <= LongSum.MaxTerms)
        {
            EachElement(body, operands);
            return;
        }
        using SourceWriter.Scope scope = Writer.Block();
        var total = new LongSum(Writer, Isa, sums);
        total.DeclareTotals();
        total.DeclareCount();
        if (Norm.Width <= LongSum.MaxTerms)
        {
            EachElement(body, () => total.EndRound(Norm.Width), operands);
        }
        else
        {
            EachElement(() =>
            {
                body();
                total.EndRound(1);
            }, operands);
        }
        total.EndBlock();
        total.End();
    }

    /// <summary>One task for each weight; the indices that it does not fix are summed over.</summary>
    public override void ParameterGradient(Layout gradient)
    {
        bool byChannel = Norm.Affine is NormAffine.Channel or NormAffine.Element,
            byRow = Norm.Affine is NormAffine.Element or NormAffine.Plane;
        bool byColumn = Norm.Affine != NormAffine.Channel;
        Line(TaskShare.Loop((byChannel ? Norm.Channels : 1) * (byRow ? Norm.Height : 1) * (byColumn ? Norm.Width : 1), "task"));
        using (Writer.Block())
        {
            if (byChannel)
                Line($"int c = task{(byRow ? $" / {Int(Norm.Height * Norm.Width)}" : "")};");
            if (byRow)
                Line($"int row = task / {Int(Norm.Width)}{(byChannel ? $" % {Int(Norm.Height)}" : "")};");
            if (byColumn)
                Line($"int column = task % {Int(Norm.Width)};");
            var total = new LongSum(Writer, Isa, ParameterSums);
            total.Declare();
            total.DeclareCount();
            EmitParameterSums(total, gradient, byChannel, byRow, byColumn);
            total.EndBlock();
            StoreParameterSums(total, Norm.Affine == NormAffine.Element
                ? $"((c >> 4) * {Int(Norm.Height * Norm.Width)} + row * {Int(Norm.Width)} + column) * 16 + (c & 15)"
                : "task");
        }
    }

    /// <summary>The loops over what shares a weight, in blocks of a long sum.</summary>
    private void EmitParameterSums(LongSum total, Layout gradient, bool byChannel, bool byRow, bool byColumn)
    {
        // The loops with their rounds; those over the blocks of samples have no bound.
        var loops = new Stack<(SourceWriter.Scope Scope, long Rounds)>();
        loops.Push((Writer.Block($"for (int n = 0; n < {Count}; n++)"), long.MaxValue));
        if (!byChannel)
            loops.Push((Writer.Block($"for (int c = 0; c < {Int(Norm.Channels)}; c++)"), Norm.Channels));
        if (!byRow)
            loops.Push((Writer.Block($"for (int row = 0; row < {Int(Norm.Height)}; row++)"), Norm.Height));
        string set = Norm.PerRow ? $" + (c * {Int(Norm.Height)} + row) * 16"
            : HasOneChannel ? " + c * 16" : Norm.Groups == 1 ? "" : $" + c / {Int(Norm.GroupChannels)} * 16";
        Line($"float* set = statistics + n * (long){Int(Statistics.SampleStride)}{set};");
        foreach (NormOperand operand in new[] { Dy(gradient), X })
            Line($"float* {operand.Name} = {operand.Pointer} + n * (long){Int(operand.Layout.SampleStride)} "
                + $"+ {RowOf(operand.Layout, "c")};");
        if (!byColumn)
            loops.Push((Writer.Block($"for (int column = 0; column < {Int(Norm.Width)}; column++)"), Norm.Width));
        loops.Push((Writer.Block($"for (int part = 0; part < 16; part += {Int(Isa.Lanes)})"), Layout.Block / Isa.Lanes));
        Line("int i = column * 16 + part;");
        LoadStatistics("set + part");
        AddToParameterSums();
        long terms = 1;
        bool isCounted = false;
        while (loops.Count > 0)
        {
            // The outermost loop of whose rounds a block has room for several counts.
            (SourceWriter.Scope scope, long rounds) = loops.Pop();
            if (!isCounted && (rounds > LongSum.MaxTerms || terms * rounds > LongSum.MaxTerms))
            {
                total.EndRound(terms);
                isCounted = true;
            }
            scope.Dispose();
            terms *= isCounted ? 1 : rounds;
        }
    }

    private static string RowOf(Layout layout, string channel)
        => $"{channel} * {Int(layout.PlaneStride)} + row * {Int(layout.RowStride)}{At(layout.Origin)}";
}
