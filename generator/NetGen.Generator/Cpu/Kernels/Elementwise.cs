using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Kernels that treat every element alike.</summary>
internal static class Elementwise
{
    /// <summary>An activation applied in place to a run of floats, a multiple of 16.</summary>
    public static Kernel ActivateRow(Activation activation)
        => new($"{activation.Stem}Row", $"{activation} in place over a run of floats.", "The count is a multiple of 16.", [Floats("values"), Int("count")], (writer, isa, names) =>
        {
            using (writer.Block($"for (int i = 0; i < count; i += {Literals.Int(isa.Lanes)})"))
            {
                writer.Line($"{isa.Type} x = {isa.Load("values + i")};");
                writer.Line(isa.Store($"({activation.Apply(isa, names, "x")})", "values + i"));
            }
        });

    public static Kernel Activate(string name, string summary, Activation activation, Layout input, Layout output)
    {
        return Map(name, summary, [("input", input)], output, (writer, isa, names, at) =>
        {
            writer.Line($"{isa.Type} x = {isa.Load(at("input"))};");
            writer.Line(isa.Store($"({activation.Apply(isa, names, "x")})", at("output")));
        }, clearPadding: !activation.KeepsZero);
    }

    public static Kernel ActivationGradient(string name, string summary, Activation activation, Layout gradient, Layout saved, Layout output)
    {
        return Map(name, summary, [("outputGradient", gradient), ("saved", saved)], output, (writer, isa, names, at) =>
        {
            writer.Line($"{isa.Type} gradient = {isa.Load(at("outputGradient"))}, x = {isa.Load(at("saved"))};");
            writer.Line(isa.Store($"({activation.ApplyDerivative(isa, names, "gradient", "x")})", at("output")));
        });
    }

    public static Kernel Add(string name, string summary, Layout left, Layout right, Layout output)
    {
        return Map(name, summary, [("left", left), ("right", right)], output, (writer, isa, _, at) =>
            writer.Line(isa.Store($"({isa.Load(at("left"))} + {isa.Load(at("right"))})", at("output"))));
    }

    /// <summary>Multiplies by the factors that dropout drew, element by element.</summary>
    public static Kernel Multiply(string name, string summary, Layout input, Layout scales, Layout output)
    {
        return Map(name, summary, [("input", input), ("scales", scales)], output, (writer, isa, _, at) =>
            writer.Line(isa.Store($"({isa.Load(at("input"))} * {isa.Load(at("scales"))})", at("output"))));
    }

    /// <summary>AlphaDropout: scale · s · x + (dropped · s + shift), with dropout's factors s.</summary>
    public static Kernel AlphaDrop(string name, string summary, float scale, float dropped, float shift, Layout input, Layout scales, Layout output)
    {
        return Map(name, summary, [("input", input), ("scales", scales)], output, (writer, isa, _, at) =>
        {
            writer.Line($"{isa.Type} s = {isa.Load(at("scales"))};");
            string moved = isa.MultiplyAdd("s", isa.Broadcast(Literals.Float(dropped)), isa.Broadcast(Literals.Float(shift)));
            writer.Line(isa.Store(isa.MultiplyAdd($"s * {isa.Broadcast(Literals.Float(scale))}", isa.Load(at("input")), moved), at("output")));
        }, clearPadding: true);
    }

    /// <summary>Multiplies by the factors that dropout drew and by a constant.</summary>
    public static Kernel MultiplyScaled(string name, string summary, float scale, Layout input, Layout scales, Layout output)
    {
        return Map(name, summary, [("input", input), ("scales", scales)], output, (writer, isa, _, at) =>
            writer.Line(isa.Store($"({isa.Load(at("input"))} * ({isa.Load(at("scales"))} * {isa.Broadcast(Literals.Float(scale))}))", at("output"))));
    }

    /// <summary>Multiplies every plane by its channel's factor.</summary>
    public static Kernel MultiplyPlanes(string name, string summary, Layout input, Layout scales, Layout output)
    {
        string count = CountName(output);
        return new Kernel(name, summary, Describe([("input", input)], output), [Floats("input"), Floats("scales"), Floats("output"), CountOf(output)], (writer, isa, _) =>
        {
            using (writer.Block($"for (int n = 0; n < {count}; n++, input += {Literals.Int(input.SampleStride)}, scales += {Literals.Int(scales.SampleStride)}, output += {Literals.Int(output.SampleStride)})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            {
                writer.Line($"float* x = input + plane * {Literals.Int(input.PlaneStride)} + row * {Literals.Int(input.RowStride)} + {Literals.Int(input.Origin)};");
                writer.Line($"float* y = output + plane * {Literals.Int(output.PlaneStride)} + row * {Literals.Int(output.RowStride)} + {Literals.Int(output.Origin)};");
                using (writer.Block($"for (int i = 0; i < {Literals.Int(output.Width * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("x + i")} * {isa.Load(isa.Lanes == Layout.Block ? "scales + plane * 16" : "scales + plane * 16 + (i & 15)")})", "y + i"));
            }
        });
    }

    /// <summary>Writes what happens to one vector.</summary>
    /// <param name="at">The address of the vector, by the name of the operand.</param>
    private delegate void ElementWriter(SourceWriter writer, VectorIsa isa, KernelNames names, Func<string, string> at);

    /// <summary>A loop over all elements but the halo.</summary>
    private static Kernel Map(string name, string summary, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        ElementWriter emitBody, bool clearPadding = false)
    {
        string count = CountName(output);
        KernelParameter[] operands = [.. inputs.Select(i => Floats(i.Name)), Floats("output")];
        return new Kernel(name, summary, Describe(inputs, output), [.. operands, CountOf(output)], (writer, isa, names) => Emit(writer, isa, names, part: false))
        {
            Part = (clearPadding && HasPadding(output)) || output.Kind == LayoutKind.Samples ? null
                : new Kernel(name + "Part", summary, Describe(inputs, output) + " One sample, divided among workers.", [.. operands, .. Share], (writer, isa, names) => Emit(writer, isa, names, part: true)),
        };

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names, bool part)
        {
            var all = inputs.Append(("output", output)).ToList();
            string advance = string.Join(", ", all.Select(i => $"{i.Item1} += {Literals.Int(i.Item2.SampleStride)}"));
            // Without halos a sample is one run; otherwise each row is.
            bool flat = all.All(i => !i.Item2.HasHalo);
            int run = flat ? output.Planes * output.PlaneStride : output.Width * output.PixelStride;
            if (output.Kind == LayoutKind.Rows)
                run = output.Size;
            int rows = flat ? 1 : output.Planes * output.Height;
            using (part ? (SourceWriter.Scope?)null : writer.Block($"for (int n = 0; n < {count}; n++, {advance})"))
            {
                if (flat)
                {
                    if (part)
                        writer.Line(TaskShare.Declare((run + Layout.Block - 1) / Layout.Block, "first", "end"));
                    using (writer.Block(part ? $"for (int i = first * 16; i < end * 16; i += {Literals.Int(isa.Lanes)})" : $"for (int i = 0; i < {Literals.Int(run)}; i += {Literals.Int(isa.Lanes)})"))
                        emitBody(writer, isa, names, pointer => $"{pointer} + i");
                }
                else
                {
                    using (writer.Block(part ? TaskShare.Loop(rows, "row") : $"for (int row = 0; row < {Literals.Int(rows)}; row++)"))
                    {
                        foreach ((string pointer, Layout layout) in all)
                            writer.Line($"float* {pointer}Row = {pointer} + row * {Literals.Int(layout.RowStride)} + {Literals.Int(layout.Origin)};");
                        using (writer.Block($"for (int i = 0; i < {Literals.Int(run)}; i += {Literals.Int(isa.Lanes)})"))
                            emitBody(writer, isa, names, pointer => $"{pointer}Row + i");
                    }
                }
                if (clearPadding)
                    EmitClearPadding(writer, output);
            }
        }
    }

    /// <summary>Whether lanes hold nothing of the value.</summary>
    private static bool HasPadding(Layout layout) => layout.Kind == LayoutKind.Rows ? layout.Size != layout.Channels : layout.Kind == LayoutKind.Blocked && layout.Channels % Layout.Block != 0;

    public static void EmitClearPadding(SourceWriter writer, Layout output)
    {
        if (output.Kind == LayoutKind.Rows && output.Size != output.Channels)
            writer.Line($"new Span<float>(output + {Literals.Int(output.Channels)}, {Literals.Int(output.Size - output.Channels)}).Clear();");
        else if (output.Kind == LayoutKind.Blocked && output.Channels % Layout.Block != 0)
            EmitClearPaddingLanes(writer, output, output.Channels);
    }

    /// <summary>Sigmoid gives ½ where the input is zero: lanes beyond the last channel are set back to zero.</summary>
    public static void EmitClearPaddingLanes(SourceWriter writer, Layout output, int channels, string image = "output")
    {
        int lanes = channels % Layout.Block;
        using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
        {
            writer.Line($"float* last = {image} + {Literals.Int((output.Planes - 1) * output.PlaneStride + output.Origin + lanes)} + row * {Literals.Int(output.RowStride)};");
            using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, last += 16)"))
                writer.Line($"new Span<float>(last, {Literals.Int(Layout.Block - lanes)}).Clear();");
        }
    }

    public static string CountName(Layout layout) => CountOf(layout).Name;

    public static string Describe(IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output)
        => string.Join("; ", inputs.Select(i => $"{i.Name} {i.Layout}")) + $"; output {output}.";
}
