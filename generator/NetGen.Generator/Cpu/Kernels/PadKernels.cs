using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Images with a border around them, and the gradient of that: rows of 16 lanes are copied, or added back, to the place that the kind
/// of padding takes them from. Where that is follows from the position by a formula, so that no table is read.
/// </summary>
internal static class PadKernels
{
    public static Kernel Forward(string name, string summary, Pads pads, PaddingMode mode, Layout input, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("input", input)], output),
            [Floats("input"), Floats("output"), CountOf(output)], (writer, _, _) =>
        {
            using (writer.Block($"for (int n = 0; n < {count}; n++, input += {Literals.Int(input.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            {
                writer.Line($"float* y = {Row("output", output, "row")};");
                int width = output.Width * Layout.Block, left = pads.Left * Layout.Block, inner = input.Width * Layout.Block;
                if (mode == PaddingMode.Zeros && pads.Top + pads.Bottom > 0)
                {
                    using (writer.Block($"if (row < {Literals.Int(pads.Top)} || row >= {Literals.Int(pads.Top + input.Height)})"))
                    {
                        writer.Line($"new Span<float>(y, {Literals.Int(width)}).Clear();");
                        writer.Line("continue;");
                    }
                }
                EmitSourceRow(writer, pads, mode, input.Height);
                writer.Line($"float* x = {Row("input", input, "source")};");
                if (pads.Left > 0)
                    EmitBorder(pads.Left, 0, LeftSource(mode, pads.Left, input.Width));
                writer.Line($"new Span<float>(x, {Literals.Int(inner)}).CopyTo(new Span<float>({Literals.Plus("y", left)}, "
                    + $"{Literals.Int(inner)}));");
                if (pads.Right > 0)
                    EmitBorder(pads.Right, left + inner, RightSource(mode, input.Width));

                void EmitBorder(int columns, int start, string source)
                {
                    if (mode == PaddingMode.Zeros)
                    {
                        writer.Line($"new Span<float>({Literals.Plus("y", start)}, {Literals.Int(columns * Layout.Block)}).Clear();");
                        return;
                    }
                    writer.Line($"for (int column = 0; column < {Literals.Int(columns)}; column++)");
                    using (writer.Indent())
                        writer.Line($"new Span<float>(x + {source} * 16, "
                            + $"16).CopyTo(new Span<float>({Literals.Plus("y", start)} + column * 16, 16));");
                }
            }
        }) { IsHot = false };
    }

    /// <summary>Each element of the input receives the sum of the gradients of its copies.</summary>
    public static Kernel Gradient(string name, string summary, Pads pads, PaddingMode mode, Layout gradient, Layout output)
    {
        string count = Elementwise.CountName(output);
        return new Kernel(name, summary, Elementwise.Describe([("outputGradient", gradient)], output),
            [Floats("outputGradient"), Floats("output"), CountOf(output)], (writer, isa, _) =>
        {
            int left = pads.Left * Layout.Block, inner = output.Width * Layout.Block;
            using (writer.Block($"for (int n = 0; n < {count}; n++, outputGradient += {Literals.Int(gradient.SampleStride)}, "
                + $"output += {Literals.Int(output.SampleStride)})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            {
                if (mode == PaddingMode.Zeros)
                {
                    writer.Line("// The border has no source; the image's own part is handed on.");
                    writer.Line($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)");
                    using (writer.Indent())
                    {
                        string from = Literals.Plus(Row("outputGradient", gradient, Literals.Plus("row", pads.Top), inner: true), left);
                        string to = Row("output", output, "row"), length = Literals.Int(inner);
                        writer.Line($"new Span<float>({from}, {length}).CopyTo(new Span<float>({to}, {length}));");
                    }
                    return;
                }
                writer.Line($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)");
                using (writer.Indent())
                    writer.Line($"new Span<float>({Row("output", output, "row")}, {Literals.Int(inner)}).Clear();");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(gradient.Height)}; row++)"))
                {
                    EmitSourceRow(writer, pads, mode, output.Height);
                    writer.Line($"float* dy = {Row("outputGradient", gradient, "row")}, dx = {Row("output", output, "source")};");
                    if (pads.Left > 0)
                        EmitBorder(pads.Left, 0, LeftSource(mode, pads.Left, output.Width));
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(inner)}; i += {Literals.Int(isa.Lanes)})"))
                        writer.Line(isa.Store($"({isa.Load("dx + i")} + {isa.Load(Literals.Plus("dy", left) + " + i")})", "dx + i"));
                    if (pads.Right > 0)
                        EmitBorder(pads.Right, left + inner, RightSource(mode, output.Width));
                }
            }

            void EmitBorder(int columns, int start, string source)
            {
                using (writer.Block($"for (int column = 0; column < {Literals.Int(columns)}; column++)"))
                using (writer.Block($"for (int i = 0; i < 16; i += {Literals.Int(isa.Lanes)})"))
                {
                    writer.Line($"float* target = dx + {source} * 16 + i;");
                    writer.Line(isa.Store($"({isa.Load("target")} + {isa.Load(Literals.Plus("dy", start) + " + column * 16 + i")})",
                        "target"));
                }
            }
        });
    }

    private static string Row(string pointer, Layout layout, string row, bool inner = false)
        => Literals.Plus($"{pointer} + plane * {Literals.Int(layout.PlaneStride)} "
            + $"+ {(inner ? $"({row})" : row)} * {Literals.Int(layout.RowStride)}", layout.Origin);

    /// <summary>Declares <c>source</c>, the row of the image that the row of the padded image shows.</summary>
    private static void EmitSourceRow(SourceWriter writer, Pads pads, PaddingMode mode, int height)
    {
        string position = Literals.Plus("row", -pads.Top), last = Literals.Int(height - 1);
        if (pads.Top == 0 && pads.Bottom == 0)
        {
            writer.Line("int source = row;");
            return;
        }
        switch (mode)
        {
            case PaddingMode.Zeros:
                writer.Line($"int source = {position};");
                break;
            case PaddingMode.Reflect:
                writer.Line("// Mirrored at the first and last row, which are not repeated.");
                writer.Line($"int source = {last} - Math.Abs({last} - Math.Abs({position}));");
                break;
            case PaddingMode.Replicate:
                writer.Line($"int source = Math.Clamp({position}, 0, {last});");
                break;
            default:
                writer.Line("// Rows go round.");
                writer.Line($"int source = (row + {Literals.Int(height - pads.Top)}) % {Literals.Int(height)};");
                break;
        }
    }

    private static string LeftSource(PaddingMode mode, int left, int width) => mode switch
    {
        PaddingMode.Reflect => $"({Literals.Int(left)} - column)",
        PaddingMode.Circular => $"({Literals.Plus("column", width - left)})",
        _ => "0",
    };

    private static string RightSource(PaddingMode mode, int width) => mode switch
    {
        PaddingMode.Reflect => $"({Literals.Int(width - 2)} - column)",
        PaddingMode.Circular => "column",
        _ => Literals.Int(width - 1),
    };
}
