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
    /// <param name="rows">Rows of the table.</param>
    /// <param name="indices">The layout of the numbers of rows.</param>
    /// <param name="gradient">That of the output's gradient.</param>
    /// <param name="stride">Floats from one row of the table to the next.</param>
    /// <param name="emitSample">Adds what a sample gives to columns <c>first</c> to <c>end</c> of <c>weightGradient</c>.</param>
    public static Kernel Create(string name, string summary, int rows, Layout indices, Layout gradient, int stride,
        Action<SourceWriter, VectorIsa> emitSample)
    {
        KernelParameter[] parameters = [Ints("indices"), Floats("outputGradient"), Floats("weightGradient"), Samples, .. Share];
        return new Kernel(name, summary, "Columns are divided among workers.", parameters, (writer, isa, _) =>
        {
            writer.Line(TaskShare.Declare(stride / Layout.Block, "firstBlock", "endBlock"));
            writer.Line("int first = firstBlock * 16, end = endBlock * 16;");
            using (writer.Block($"for (int row = 0; row < {Literals.Int(rows)} && first < end; row++)"))
                writer.Line($"new Span<float>(weightGradient + row * {Literals.Int(stride)}L + first, end - first).Clear();");
            using (writer.Block($"for (int n = 0; n < samples; n++, indices += {Literals.Int(indices.SampleStride)}, "
                + $"outputGradient += {Literals.Int(gradient.SampleStride)})"))
                emitSample(writer, isa);
        });
    }

    /// <summary>Goes on with the next int where this one stands for nothing.</summary>
    public static void EmitSkip(SourceWriter writer, int? padding)
    {
        if (padding is not { } row)
            return;
        writer.Line($"if (indices[i] == {Literals.Int(row)})");
        using (writer.Indent())
            writer.Line("continue;");
    }

    /// <summary>Adds vectors to the row of an int.</summary>
    /// <param name="addend">The vector of column <c>j</c>.</param>
    public static void EmitAdd(SourceWriter writer, VectorIsa isa, int stride, string addend)
    {
        writer.Line($"float* row = weightGradient + indices[i] * {Literals.Int(stride)}L;");
        using (writer.Block($"for (int j = first; j < end; j += {Literals.Int(isa.Lanes)})"))
            writer.Line(isa.Store($"({isa.Load("row + j")} + {addend})", "row + j"));
    }
}
