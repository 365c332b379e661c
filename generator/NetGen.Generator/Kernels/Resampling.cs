using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Kernels;

/// <summary>
/// Linear maps along rows and columns of planes of 16 lanes, channels or samples alike: interpolation, and its gradient, which is the transposed map.
/// Every output pixel gathers its inputs, so that nothing is accumulated in memory.
/// </summary>
internal static class Resampling
{
    public static Kernel Create(string name, string summary, ResampleAxis rows, ResampleAxis columns, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("input", input)], output), $"float* input, float* output, int {count}", (writer, isa, _) =>
        {
            EmitTables(writer, rows, "row");
            EmitTables(writer, columns, "column");
            using (writer.Block($"for (int n = 0; n < {count}; n++, input += {Literals.Int(input.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            {
                EmitRange(writer, rows, "row");
                writer.Line($"float* y = {Literals.Plus($"output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)}", output.Origin)};");
                using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, y += 16)"))
                {
                    EmitRange(writer, columns, "column");
                    writer.Line($"float* x = {Literals.Plus($"input + plane * {Literals.Int(input.PlaneStride)} + firstRow * {Literals.Int(input.RowStride)} + firstColumn * 16", input.Origin)};");
                    bool whole = isa.Lanes == Layout.Block;
                    string part = whole ? "" : " + part";
                    SourceWriter.Scope? scope = whole ? null : writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
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
        writer.Line(columns.IsUnweighted ? $"alongRow += {pixel};" : $"alongRow = {isa.MultiplyAdd(isa.Broadcast("columnWeights[columnStart + c]"), pixel, "alongRow")};");
        columnLoop?.Dispose();
        writer.Line(rows.IsUnweighted ? "sum += alongRow;" : $"sum = {isa.MultiplyAdd(isa.Broadcast("rowWeights[rowStart + r]"), "alongRow", "sum")};");
        rowLoop?.Dispose();
        writer.Line(isa.Store("sum", "y" + part));
    }

    /// <summary>The constants of one direction; nothing where an expression gives them.</summary>
    private static void EmitTables(SourceWriter writer, ResampleAxis axis, string name)
    {
        if (Factor(axis) is null && Multiple(axis) is null)
        {
            writer.Line($"// The first input of each output {name}{(axis.IsSelection ? "" : ", and where its weights start")}.");
            writer.Line($"ReadOnlySpan<int> {name}Firsts = [{string.Join(", ", axis.First.Select(f => Literals.Int(f)))}];");
            if (!axis.IsSelection)
                writer.Line($"ReadOnlySpan<int> {name}Starts = [{string.Join(", ", Starts(axis).Select(s => Literals.Int(s)))}];");
        }
        if (!axis.IsUnweighted)
            writer.Line($"ReadOnlySpan<float> {name}Weights = [{string.Join(", ", axis.Weights.SelectMany(w => w).Select(Literals.Float))}];");
    }

    private static void EmitRange(SourceWriter writer, ResampleAxis axis, string name)
    {
        string first = "first" + char.ToUpperInvariant(name[0]) + name.Substring(1);
        if (Factor(axis) is int factor)
        {
            writer.Line($"int {first} = {(axis.Size == 1 ? "0" : factor == 1 ? name : $"{name} / {Literals.Int(factor)}")};");
        }
        else if (Multiple(axis) is int multiple)
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

    /// <summary>Where every output is input i / factor, the factor.</summary>
    private static int? Factor(ResampleAxis axis)
    {
        if (!axis.IsSelection || axis.Outputs % axis.Size != 0)
            return null;
        int factor = axis.Outputs / axis.Size;
        return axis.First.Select((first, i) => first == i / factor).All(same => same) ? factor : null;
    }

    /// <summary>Where every output is the sum of the same number of inputs side by side, that number.</summary>
    private static int? Multiple(ResampleAxis axis)
    {
        if (!axis.IsUnweighted || axis.Size % axis.Outputs != 0)
            return null;
        int multiple = axis.Size / axis.Outputs;
        return multiple > 1 && axis.Weights.All(row => row.Length == multiple) && axis.First.Select((first, i) => first == i * multiple).All(same => same) ? multiple : null;
    }

    private static IEnumerable<int> Starts(ResampleAxis axis)
    {
        int start = 0;
        yield return 0;
        foreach (float[] row in axis.Weights)
            yield return start += row.Length;
    }
}
