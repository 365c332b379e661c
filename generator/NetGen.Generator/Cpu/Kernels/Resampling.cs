using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Linear maps along rows and columns of planes of 16 lanes, channels or samples alike: interpolation, and its gradient, which is the
/// transposed map. Every output pixel gathers its inputs, so that nothing is accumulated in memory.
/// </summary>
internal static class Resampling
{
    public static Kernel Create(string name, string summary, ResampleAxis rows, ResampleAxis columns, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("input", input)], output),
            [Floats("input"), Floats("output"), CountOf(output)], (writer, isa, names) =>
        {
            EmitTables(writer, names, rows, "row");
            EmitTables(writer, names, columns, "column");
            using (writer.Block($"for (int n = 0; n < {count}; n++, input += {Literals.Int(input.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            {
                EmitRange(writer, rows, "row");
                string result = $"output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)}";
                writer.Line($"float* y = {Literals.Plus(result, output.Origin)};");
                using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, y += 16)"))
                {
                    EmitRange(writer, columns, "column");
                    string source = $"input + plane * {Literals.Int(input.PlaneStride)} + firstRow * {Literals.Int(input.RowStride)}";
                    writer.Line($"float* x = {Literals.Plus(source + " + firstColumn * 16", input.Origin)};");
                    bool whole = isa.Lanes == Layout.Block;
                    string part = whole ? "" : " + part";
                    SourceWriter.Scope? scope = whole
                        ? null : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
                    EmitPixel(writer, isa, rows, columns, input, part);
                    scope?.Dispose();
                }
            }
        });
    }

    private static void EmitPixel(SourceWriter writer, VectorIsa isa, ResampleAxis rows, ResampleAxis columns, Layout input, string part)
    {
        if (rows.IsSelection && columns.IsSelection)
        {
            writer.Line(isa.Store(isa.Load("x" + part), "y" + part));
            return;
        }
        writer.Line($"{isa.Type} sum = {isa.Zero};");
        SourceWriter.Scope? rowLoop = rows.IsSelection ? null : writer.Block("for (int r = 0; r < rowTaps; r++)");
        string rowOffset = rows.IsSelection ? "" : $" + r * {Literals.Int(input.RowStride)}";
        writer.Line($"{isa.Type} alongRow = {isa.Zero};");
        SourceWriter.Scope? columnLoop = columns.IsSelection ? null : writer.Block("for (int c = 0; c < columnTaps; c++)");
        string pixel = isa.Load("x" + rowOffset + (columns.IsSelection ? "" : " + c * 16") + part);
        writer.Line(columns.IsUnweighted ? $"alongRow += {pixel};"
            : $"alongRow = {isa.MultiplyAdd(isa.Broadcast("columnWeights[columnStart + c]"), pixel, "alongRow")};");
        columnLoop?.Dispose();
        writer.Line(rows.IsUnweighted ? "sum += alongRow;"
            : $"sum = {isa.MultiplyAdd(isa.Broadcast("rowWeights[rowStart + r]"), "alongRow", "sum")};");
        rowLoop?.Dispose();
        writer.Line(isa.Store("sum", "y" + part));
    }

    /// <summary>The tables of one direction; nothing where an expression gives them.</summary>
    private static void EmitTables(SourceWriter writer, KernelNames names, ResampleAxis axis, string name)
    {
        if (axis.Factor is not null || axis.Multiple is not null)
            return;
        string table = names.Field("ResampleTable", Table(axis));
        writer.Line($"// The first input of each output "
            + $"{name}{(axis.IsSelection ? "" : axis.IsUnweighted ? ", and how many follow" : ", and where its weights start")}.");
        writer.Line($"ReadOnlySpan<int> {name}Firsts = {table}.Firsts{(axis.IsSelection ? "" : $", {name}Starts = {table}.Starts")};");
        if (!axis.IsUnweighted)
            writer.Line($"ReadOnlySpan<float> {name}Weights = {table}.Weights;");
    }

    private static void EmitRange(SourceWriter writer, ResampleAxis axis, string name)
    {
        string first = "first" + char.ToUpperInvariant(name[0]) + name.Substring(1);
        if (axis.Factor is int factor)
        {
            writer.Line($"int {first} = {(axis.Size == 1 ? "0" : factor == 1 ? name : $"{name} / {Literals.Int(factor)}")};");
        }
        else if (axis.Multiple is int multiple)
        {
            writer.Line($"int {first} = {name} * {Literals.Int(multiple)};");
            writer.Line($"const int {name}Taps = {Literals.Int(multiple)};");
        }
        else
        {
            writer.Line($"int {first} = {name}Firsts[{name}];");
            if (axis.IsSelection)
                return;
            string start = axis.IsUnweighted ? "" : $"{name}Start = {name}Starts[{name}], ";
            string from = axis.IsUnweighted ? $"{name}Starts[{name}]" : $"{name}Start";
            writer.Line($"int {start}{name}Taps = {name}Starts[{name} + 1] - {from};");
        }
    }

    /// <summary>The C# expression of an axis's <c>ResampleTable</c>.</summary>
    private static string Table(ResampleAxis axis)
    {
        ResampleMap map = axis.Map;
        string sizes = $"{Literals.Int(map.Size)}, {Literals.Int(map.Outputs)}, {Literals.Double(map.Factor)}";
        string positions = map.IsLinear
            ? $"ResamplePositions.Linear({sizes}, {(map.AlignCorners ? "true" : "false")})"
            : $"ResamplePositions.Nearest({sizes})";
        return $"ResampleTable.{(axis.IsBack ? "BackOf" : "Of")}({positions})";
    }
}
