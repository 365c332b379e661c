using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Copies a stretch of one dimension from one value to another: what concatenations and their gradients are made of.</summary>
internal static class CopyRegion
{
    /// <param name="rank">Dimensions of a sample.</param>
    /// <param name="axis">One of them, from 0.</param>
    /// <param name="inputStart">Where the stretch begins in the input.</param>
    /// <param name="outputStart">Where it begins in the output.</param>
    /// <param name="extent">How long it is.</param>
    /// <param name="clearsPadding">What pads the output is set to zero.</param>
    public static Kernel Create(string name, string summary, int rank, int axis, Layout input, int inputStart, Layout output,
        int outputStart, int extent, bool clearsPadding)
    {
        string layouts = Elementwise.Describe([("input", input)], output);
        string stretch = $" {Literals.Int(extent)} from {Literals.Int(inputStart)} on, to {Literals.Int(outputStart)} on.";
        return new Kernel(name, summary, layouts + stretch, [Floats("input"), Floats("output"), CountOf(output)], (writer, _, _) =>
        {
            string advance = Elementwise.Advance([("input", input), ("output", output)]);
            using (writer.Block($"for (int n = 0; n < {Elementwise.CountName(output)}; n++, {advance})"))
            {
                if (output.Kind == LayoutKind.Rows)
                    EmitRun(writer, Literals.Plus("input", inputStart), Literals.Plus("output", outputStart), extent);
                else if (axis == 0)
                    EmitChannels(writer, input, inputStart, output, outputStart, extent);
                else
                    EmitPixels(writer, axis == rank - 1, input, inputStart, output, outputStart, extent);
                if (clearsPadding)
                    Elementwise.EmitClearPadding(writer, output);
            }
        }) { IsHot = false };
    }

    /// <summary>Some channels, each with all its pixels.</summary>
    private static void EmitChannels(SourceWriter writer, Layout input, int inputStart, Layout output, int outputStart, int extent)
    {
        int lanes = input.Kind == LayoutKind.Blocked ? Layout.Block : 1;
        // Whole planes, where blocks of channels begin at the same lane; the channels that are left one by one.
        int planes = inputStart % lanes == 0 && outputStart % lanes == 0 ? extent / lanes : 0;
        if (planes > 0)
        {
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(planes)}; plane++)"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            {
                EmitRun(writer, Row("input", input, inputStart / lanes), Row("output", output, outputStart / lanes),
                    output.Width * output.PixelStride);
            }
        }
        int done = planes * lanes;
        if (done == extent)
            return;
        using (writer.Block($"for (int channel = {Literals.Int(done)}; channel < {Literals.Int(extent)}; channel++)"))
        {
            writer.Line($"int from = {Literals.Plus("channel", inputStart)}, to = {Literals.Plus("channel", outputStart)};");
            writer.Line($"float* x = {Channel("input", input, "from")}, y = {Channel("output", output, "to")};");
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; "
                + $"row++, x += {Literals.Int(input.RowStride)}, y += {Literals.Int(output.RowStride)})"))
            using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++)"))
                writer.Line("y[column * 16] = x[column * 16];");
        }
    }

    /// <summary>Some rows or columns of all channels.</summary>
    private static void EmitPixels(
        SourceWriter writer, bool areColumns, Layout input, int inputStart, Layout output, int outputStart, int extent)
    {
        int height = areColumns ? output.Height : extent, width = areColumns ? extent : output.Width;
        int inputOffset = inputStart * (areColumns ? input.PixelStride : input.RowStride);
        int outputOffset = outputStart * (areColumns ? output.PixelStride : output.RowStride);
        using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
        using (writer.Block($"for (int row = 0; row < {Literals.Int(height)}; row++)"))
        {
            EmitRun(writer, Literals.Plus(Row("input", input, 0), inputOffset), Literals.Plus(Row("output", output, 0), outputOffset),
                width * output.PixelStride);
        }
    }

    private static void EmitRun(SourceWriter writer, string from, string to, int length)
        => writer.Line($"new Span<float>({from}, {Literals.Int(length)}).CopyTo(new Span<float>({to}, {Literals.Int(length)}));");

    private static string Row(string pointer, Layout layout, int firstPlane)
    {
        string plane = firstPlane == 0 ? "plane" : $"({Literals.Plus("plane", firstPlane)})";
        return Literals.Plus($"{pointer} + {plane} * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)}",
            layout.Origin);
    }

    private static string Channel(string pointer, Layout layout, string channel)
        => Literals.Plus($"{pointer} + ({channel} >> 4) * {Literals.Int(layout.PlaneStride)} + ({channel} & 15)", layout.Origin);
}
