using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The gradient of a table whose rows are looked up. Each worker has some columns of the whole table, in whole cache lines: it clears them,
/// and adds to the rows in the order of samples and positions, so that the bits are the same at every number of workers.
/// </summary>
internal static class TableGradient
{
    /// <param name="table">Where its rows lie, and so their gradients.</param>
    /// <param name="indices">The layout of the numbers of rows.</param>
    /// <param name="gradient">That of the output's gradient.</param>
    /// <param name="emitSample">Adds what a sample gives to columns <c>first</c> to <c>end</c> of <c>weightGradient</c>.</param>
    /// <param name="more">What else it reads: the pointer, and how far it is from one sample to the next.</param>
    public static Kernel Create(string name, string summary, TableRows rows, TableForm table, Layout indices, Layout gradient,
        Action<SourceWriter, VectorIsa> emitSample, (string Pointer, string Stride)? more = null)
    {
        int stride = Layout.RoundUp(table.Features);
        KernelParameter[] parameters =
        [
            Ints("indices"), .. If(indices.HasLengths, Ints("starts")), .. If(more is not null, Floats(more?.Pointer ?? "")),
            Floats("outputGradient"), Floats("weightGradient"),
            .. If(rows.AreKnown, Floats("touched"), Pass), Samples,
            .. Share,
        ];
        string remarks = "Columns are divided among workers." + (rows.AreKnown ? " What the pass before has touched is cleared first." : "");
        return new Kernel(name, summary, remarks, parameters, (writer, isa, _) =>
        {
            writer.Line(TaskShare.Declare(stride / Layout.Block, "firstBlock", "endBlock"));
            string end = table.AreLanes ? $"Math.Min(endBlock * 16, {Literals.Int(table.Features)})" : "endBlock * 16";
            writer.Line($"int first = firstBlock * 16, end = {end};");
            writer.Line(table.AreLanes ? "if (first >= end)" : "if (first == end)");
            using (writer.Indent())
                writer.Line("return;");
            if (rows.AreKnown)
                EmitTouched(writer, rows, indices, stride);
            else if (table.AreLanes)
            {
                using (writer.Block($"for (int block = 0; block < {Literals.Int(Layout.RoundUp(rows.Count) / Layout.Block)}; block++)"))
                    writer.Line($"new Span<float>(weightGradient + block * {Literals.Int(table.BlockLength)}L + first * 16, (end - first) * 16)"
                        + ".Clear();");
            }
            else
            {
                using (writer.Block($"for (int row = 0; row < {Literals.Int(rows.Count)}; row++)"))
                    writer.Line($"new Span<float>(weightGradient + row * {Literals.Int(stride)}L + first, end - first).Clear();");
            }
            string advance = $"outputGradient += {Literals.Int(gradient.SampleStride)}";
            if (!indices.HasLengths)
                advance = $"indices += {Literals.Int(indices.SampleStride)}, " + advance;
            using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
            {
                if (indices.HasLengths)
                    writer.Line("int length = starts[n + 1] - starts[n];");
                emitSample(writer, isa);
                if (indices.HasLengths)
                    writer.Line("indices += length;");
                if (more is { } own)
                    writer.Line($"{own.Pointer} += {own.Stride};");
            }
        });
    }

    /// <summary>
    /// Clears the rows in the set of the pass before, which all workers read, and puts those of this pass into the other, which one writes.
    /// </summary>
    private static void EmitTouched(SourceWriter writer, TableRows rows, Layout indices, int stride)
    {
        string words = Literals.Int(TableRows.SetLength(rows.Count));
        writer.Line($"uint* before = (uint*)touched + (pass + 1) % 2 * {words}, now = (uint*)touched + pass % 2 * {words};");
        using (writer.Block($"for (int word = 0; word < {words}; word++)"))
        using (writer.Block("for (uint bits = before[word]; bits != 0; bits &= bits - 1)"))
        {
            writer.Line("int row = word * 32 + global::System.Numerics.BitOperations.TrailingZeroCount(bits);");
            writer.Line($"new Span<float>(weightGradient + row * {Literals.Int(stride)}L + first, end - first).Clear();");
        }
        using (writer.Block("if (first == 0)"))
        {
            writer.Line($"new Span<uint>(now, {words}).Clear();");
            using (indices.HasLengths ? default(SourceWriter.Scope?) : writer.Block("for (int n = 0; n < samples; n++)"))
            using (writer.Block($"for (int i = 0; i < {(indices.HasLengths ? "starts[samples]" : Literals.Int(rows.PerSample))}; i++)"))
            {
                string place = indices.HasLengths ? "i" : $"n * (long){Literals.Int(indices.SampleStride)} + i";
                writer.Line($"int row = indices[{place}];");
                if (rows.MayBeNone)
                {
                    writer.Line("if (row >= 0)");
                    using (writer.Indent())
                        writer.Line("now[row / 32] |= 1u << (row % 32);");
                }
                else
                {
                    writer.Line("now[row / 32] |= 1u << (row % 32);");
                }
            }
        }
    }

    /// <summary>Goes on with the next int where this one stands for nothing.</summary>
    /// <param name="position">The variable that counts the ints.</param>
    public static void EmitSkip(SourceWriter writer, int? padding, string position = "i")
    {
        if (padding is not { } row)
            return;
        writer.Line($"if (indices[{position}] == {Literals.Int(row)})");
        using (writer.Indent())
            writer.Line("continue;");
    }

    /// <summary>Adds vectors to the row of an int.</summary>
    /// <param name="addend">The vector of column <c>j</c>.</param>
    public static void EmitAdd(SourceWriter writer, VectorIsa isa, TableForm table, string addend)
    {
        writer.Line($"float* row = {table.Row("weightGradient", "indices[i]")};");
        using (writer.Block($"for (int j = first; j < end; j += {Literals.Int(isa.Lanes)})"))
            writer.Line(isa.Store($"({isa.Load("row + j")} + {addend})", "row + j"));
    }

    /// <summary>Adds numbers to the row of an int, where rows lie side by side.</summary>
    /// <param name="addend">The number of column <c>j</c>.</param>
    public static void EmitAddToLanes(SourceWriter writer, TableForm table, string addend)
    {
        writer.Line($"float* row = {table.Row("weightGradient", "indices[i]")};");
        using (writer.Block("for (int j = first; j < end; j++)"))
            writer.Line($"row[j * {Literals.Int(Layout.Block)}] += {addend};");
    }
}
