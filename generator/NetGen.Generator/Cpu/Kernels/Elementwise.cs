using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Kernels that treat every element alike.</summary>
internal static class Elementwise
{
    /// <summary>An activation applied in place to a run of floats, a multiple of 16.</summary>
    public static Kernel ActivateRow(Activation activation) => new(
        $"{activation.Stem}Row", $"{activation} in place over a run of floats.", "The count is a multiple of 16.",
        [Floats("values"), Int("count")], (writer, isa, names) =>
        {
            using (writer.Block($"for (int i = 0; i < count; i += {Literals.Int(isa.Lanes)})"))
            {
                writer.Line($"{isa.Type} x = {isa.Load("values + i")};");
                writer.Line(isa.Store($"({activation.Apply(isa, names, "x")})", "values + i"));
            }
        });

    public static Kernel Activate(string name, string summary, Activation activation, Layout input, Layout output)
        => Map(name, summary, [("input", input)], output, (writer, isa, names, at) =>
        {
            writer.Line($"{isa.Type} x = {isa.Load(at("input"))};");
            writer.Line(isa.Store($"({activation.Apply(isa, names, "x")})", at("output")));
        }, clearPadding: !activation.KeepsZero, clearLanes: !activation.StaysFinite);

    public static Kernel ActivationGradient(
        string name, string summary, Activation activation, Layout gradient, Layout saved, Layout output)
        => Map(name, summary, [("outputGradient", gradient), ("saved", saved)], output, (writer, isa, names, at) =>
        {
            writer.Line($"{isa.Type} gradient = {isa.Load(at("outputGradient"))}, x = {isa.Load(at("saved"))};");
            writer.Line(isa.Store($"({activation.ApplyDerivative(isa, names, "gradient", "x")})", at("output")));
        });

    public static Kernel Add(string name, string summary, Layout left, Layout right, Layout output)
        => Map(name, summary, ("left", left), ("right", right), output, (a, b) => a + b);

    /// <summary>Multiplies by the factors that dropout drew, element by element.</summary>
    public static Kernel Multiply(string name, string summary, Layout input, Layout scales, Layout output)
        => Map(name, summary, ("input", input), ("scales", scales), output, (x, s) => x * s);

    /// <inheritdoc cref="AlphaDropoutFunction"/>
    public static Kernel AlphaDrop(
        string name, string summary, float scale, float dropped, float shift, Layout input, Layout scales, Layout output)
        => Map(name, summary, [("input", input), ("scales", scales)], output, (writer, isa, names, at) =>
        {
            var code = new VectorCode(isa, names);
            writer.Line($"{isa.Type} s = {isa.Load(at("scales"))};");
            ElementValue x = code.Load(at("input")), s = ElementValue.Named("s");
            writer.Line(isa.Store(code.Text(AlphaDropoutFunction.Apply(x, s, scale, dropped, shift)), at("output")));
        }, clearPadding: true);

    /// <summary>The derivative of <see cref="AlphaDrop"/>.</summary>
    public static Kernel AlphaDropGradient(string name, string summary, float scale, Layout gradient, Layout scales, Layout output)
        => Map(name, summary, ("input", gradient), ("scales", scales), output, (dy, s) => AlphaDropoutFunction.Derivative(dy, s, scale));

    /// <summary>Multiplies every plane by its channel's factor.</summary>
    public static Kernel MultiplyPlanes(string name, string summary, Layout input, Layout scales, Layout output)
    {
        KernelParameter[] parameters = [Floats("input"), Floats("scales"), Floats("output"), CountOf(output)];
        return new Kernel(name, summary, Describe([("input", input)], output), parameters, (writer, isa, _) =>
        {
            string advance = Advance([("input", input), ("scales", scales), ("output", output)]);
            using (writer.Block($"for (int n = 0; n < {CountName(output)}; n++, {advance})"))
            using (writer.Block($"for (int plane = 0; plane < {Literals.Int(output.Planes)}; plane++)"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
            {
                foreach ((string row, string image, Layout layout) in new[] { ("x", "input", input), ("y", "output", output) })
                {
                    string start = $"plane * {Literals.Int(layout.PlaneStride)} + row * {Literals.Int(layout.RowStride)}";
                    writer.Line($"float* {row} = {image} + {start} + {Literals.Int(layout.Origin)};");
                }
                string lanes = isa.Lanes == Layout.Block ? "" : " + (i & 15)";
                using (writer.Block($"for (int i = 0; i < {Literals.Int(output.Width * Layout.Block)}; i += {Literals.Int(isa.Lanes)})"))
                    writer.Line(isa.Store($"({isa.Load("x + i")} * {isa.Load($"scales + plane * 16{lanes}")})", "y + i"));
            }
        });
    }

    /// <summary>Writes what happens to one vector.</summary>
    /// <param name="at">The address of the vector, by the name of the operand.</param>
    private delegate void ElementWriter(SourceWriter writer, VectorIsa isa, KernelNames names, Func<string, string> at);

    /// <summary>A function of two values, element by element.</summary>
    private static Kernel Map(
        string name, string summary, (string Name, Layout Layout) left, (string Name, Layout Layout) right, Layout output,
        Func<ElementValue, ElementValue, ElementValue> function)
        => Map(name, summary, [left, right], output, (writer, isa, names, at) =>
        {
            var code = new VectorCode(isa, names);
            writer.Line(isa.Store(code.Text(function(code.Load(at(left.Name)), code.Load(at(right.Name)))), at("output")));
        });

    /// <summary>A function of several values of one shape, element by element.</summary>
    /// <param name="clear">Elements that stand for nothing do not stay zero by themselves, nor finite.</param>
    public static Kernel Map(string name, string summary, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        Func<ElementCode, IReadOnlyList<ElementValue>, ElementValue> function, bool clear)
        => Map(name, summary, inputs, output, (writer, isa, names, at) =>
        {
            foreach ((string input, _) in inputs)
                writer.Line($"{isa.Type} {Local(input)} = {isa.Load(at(input))};");
            string value = new VectorCode(isa, names).Write(writer, function, inputs.Select(input => Local(input.Name)));
            writer.Line(isa.Store(value, at("output")));
        }, clear, clear);

    /// <summary>What a vector of an operand is called.</summary>
    public static string Local(string operand) => operand == "outputGradient" ? "gradient" : operand + "0";

    /// <summary>A loop over all elements but the halo.</summary>
    /// <param name="clearPadding">Channels that stand for nothing do not stay zero by themselves.</param>
    /// <param name="clearLanes">Lanes without a sample may become infinite.</param>
    private static Kernel Map(string name, string summary, IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output,
        ElementWriter emitBody, bool clearPadding = false, bool clearLanes = false)
    {
        string layouts = Describe(inputs, output), shared = layouts + " One sample, divided among workers.";
        KernelParameter[] operands = [.. inputs.Select(i => Floats(i.Name)), Floats("output")];
        IReadOnlyList<(string Name, Layout Layout)> all = [.. inputs, ("output", output)];
        bool hasPart = !(clearPadding && HasPadding(output)) && output.Kind != LayoutKind.Samples;
        clearLanes &= output.Kind == LayoutKind.Samples;
        return new Kernel(name, summary, layouts, [.. operands, CountOf(output), .. If(clearLanes, Samples)], (writer, isa, names) =>
        {
            using (writer.Block($"for (int n = 0; n < {CountName(output)}; n++, {Advance(all)})"))
                Emit(writer, isa, names, part: false);
            if (clearLanes)
                EmitClearLanes(writer, output);
        })
        {
            Part = !hasPart ? null : new Kernel(name + "Part", summary, shared, [.. operands, .. Share],
                (writer, isa, names) => Emit(writer, isa, names, part: true)),
        };

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names, bool part)
        {
            // Without halos a sample is one run; otherwise each row is.
            if (all.All(i => !i.Layout.HasHalo))
                EmitRun(writer, isa, RunOf(output), part, () => emitBody(writer, isa, names, pointer => $"{pointer} + i"));
            else
                EmitRows(writer, isa, all, part, () => emitBody(writer, isa, names, pointer => $"{pointer}Row + i"));
            if (clearPadding)
                EmitClearPadding(writer, output);
        }
    }

    /// <summary>Floats of a sample without a halo.</summary>
    private static int RunOf(Layout layout) => layout.Kind == LayoutKind.Rows ? layout.Size : layout.Planes * layout.PlaneStride;

    private static void EmitRun(SourceWriter writer, VectorIsa isa, int run, bool part, Action body)
    {
        string first = "0", end = Literals.Int(run);
        if (part)
        {
            writer.Line(TaskShare.Declare((run + Layout.Block - 1) / Layout.Block, "first", "end"));
            (first, end) = ("first * 16", "end * 16");
        }
        using (writer.Block($"for (int i = {first}; i < {end}; i += {Literals.Int(isa.Lanes)})"))
            body();
    }

    private static void EmitRows(
        SourceWriter writer, VectorIsa isa, IReadOnlyList<(string Name, Layout Layout)> all, bool part, Action body)
    {
        Layout output = all[all.Count - 1].Layout;
        int rows = output.Planes * output.Height, run = output.Kind == LayoutKind.Rows ? output.Size : output.RowRun;
        using (writer.Block(part ? TaskShare.Loop(rows, "row") : $"for (int row = 0; row < {Literals.Int(rows)}; row++)"))
        {
            foreach ((string pointer, Layout layout) in all)
            {
                string start = $"row * {Literals.Int(layout.RowStride)} + {Literals.Int(layout.Origin)}";
                writer.Line($"float* {pointer}Row = {pointer} + {start};");
            }
            using (writer.Block($"for (int i = 0; i < {Literals.Int(run)}; i += {Literals.Int(isa.Lanes)})"))
                body();
        }
    }

    public static string Advance(IEnumerable<(string Name, Layout Layout)> operands)
        => string.Join(", ", operands.Select(o => $"{o.Name} += {Literals.Int(o.Layout.SampleStride)}"));

    /// <summary>Whether lanes hold nothing of the value.</summary>
    public static bool HasPadding(Layout layout) => layout.Kind switch
    {
        LayoutKind.Rows => layout.Size != layout.Channels,
        LayoutKind.Blocked => layout.Channels % Layout.Block != 0,
        LayoutKind.Positions => layout.Pitch != layout.Width,
        _ => false,
    };

    public static void EmitClearPadding(SourceWriter writer, Layout output)
    {
        if (!HasPadding(output))
            return;
        int channels = output.Channels;
        if (output.Kind == LayoutKind.Rows)
            writer.Line($"new Span<float>(output + {Literals.Int(channels)}, {Literals.Int(output.Size - channels)}).Clear();");
        else if (output.Kind == LayoutKind.Positions)
            EmitClearFeatures(writer, output, "output");
        else
            EmitClearPaddingLanes(writer, output, channels);
    }

    /// <summary>Sets to zero what pads the features of each position of a sample.</summary>
    /// <param name="count">C# expression of their number; null for as many as the layout has.</param>
    public static void EmitClearFeatures(SourceWriter writer, Layout layout, string pointer, string? count = null)
    {
        if (!HasPadding(layout))
            return;
        using (writer.Block($"for (int position = 0; position < {count ?? Literals.Int(layout.Positions)}; position++)"))
        {
            string start = $"{pointer} + position * {Literals.Int(layout.Pitch)} + {Literals.Int(layout.Width)}";
            writer.Line($"new Span<float>({start}, {Literals.Int(layout.Pitch - layout.Width)}).Clear();");
        }
    }

    /// <summary>
    /// Sets back to zero the lanes without a sample, behind the loop over all blocks: sums over samples multiply them by zero, and they
    /// may be infinite.
    /// </summary>
    public static void EmitClearLanes(SourceWriter writer, Layout output)
    {
        writer.Line("// Lanes of the last block without a sample: sums over samples multiply them by zero.");
        writer.Line($"Relayout.ClearLanes(output - {Literals.Int(output.SampleStride)}, "
            + $"samples, {Literals.Int(output.Size / Layout.Block)});");
    }

    /// <summary>Sigmoid gives ½ where the input is zero: lanes beyond the last channel are set back to zero.</summary>
    public static void EmitClearPaddingLanes(SourceWriter writer, Layout output, int channels, string image = "output")
    {
        int lanes = channels % Layout.Block;
        using (writer.Block($"for (int row = 0; row < {Literals.Int(output.Height)}; row++)"))
        {
            int first = (output.Planes - 1) * output.PlaneStride + output.Origin + lanes;
            writer.Line($"float* last = {image} + {Literals.Int(first)} + row * {Literals.Int(output.RowStride)};");
            using (writer.Block($"for (int column = 0; column < {Literals.Int(output.Width)}; column++, last += 16)"))
                writer.Line($"new Span<float>(last, {Literals.Int(Layout.Block - lanes)}).Clear();");
        }
    }

    public static string CountName(Layout layout) => CountOf(layout).Name;

    public static string Describe(IReadOnlyList<(string Name, Layout Layout)> inputs, Layout output)
        => string.Join("; ", inputs.Select(i => $"{i.Name} {i.Layout}")) + $"; output {output}.";
}
