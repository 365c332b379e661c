using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What is done to each position of a sequence because of where it is.</summary>
internal static class PositionKernels
{
    /// <summary>Turns pairs of features: (a, b) → (a cos − b sin, b cos + a sin), or back.</summary>
    public static Kernel Rotary(string name, string summary, RotaryOp op, Layout input, Layout output)
    {
        int pairs = op.HeadSize / 2;
        string words = $"{Literals.Int(op.Heads)} heads of {Literals.Int(pairs)} pairs, which are "
            + (op.Interleaved ? "neighbours." : "the halves of a head.");
        RotaryScaling s = op.Scaling;
        string table = $"PositionTable.Rotary({Literals.Int(op.MostPositions ?? input.Positions)}, {Literals.Int(pairs)}, {Literals.Double(op.Base)}, "
            + $"{Literals.Double(s.Factor)}, {Literals.Double(s.Low)}, {Literals.Double(s.High)}, {Literals.Int(s.Length)})";
        int features = output.AsRows.Channels, padding = Layout.RoundUp(features) - features;
        return EachPosition(name, $"{summary}", words, [("input", input), ("output", output)], [], op.MostPositions, (writer, isa, names) =>
        {
            writer.Line($"float* cosines = {names.Field("PositionTable", table)}.Values "
                + $"+ position * {Literals.Int(2 * pairs)}, sines = cosines + {Literals.Int(pairs)};");
            using (writer.Block($"for (int head = 0; head < {Literals.Int(op.Heads)}; head++)"))
            {
                writer.Line($"float* x = inputRow + head * {Literals.Int(op.HeadSize)}, y = outputRow + head * {Literals.Int(op.HeadSize)};");
                bool whole = !op.Interleaved && pairs % isa.Lanes == 0;
                using (writer.Block($"for (int i = 0; i < {Literals.Int(pairs)}; {(whole ? $"i += {Literals.Int(isa.Lanes)}" : "i++")})"))
                    EmitPair(writer, isa, op, pairs, whole);
            }
            if (padding > 0)
                writer.Line($"new Span<float>(outputRow + {Literals.Int(features)}, {Literals.Int(padding)}).Clear();");
        });
    }

    private static void EmitPair(SourceWriter writer, VectorIsa isa, RotaryOp op, int pairs, bool whole)
    {
        string first = op.Interleaved ? "2 * i" : "i", second = op.Interleaved ? "2 * i + 1" : $"{Literals.Int(pairs)} + i";
        string Load(string pointer, string index) => whole ? isa.Load($"{pointer} + {index}") : $"{pointer}[{index}]";
        string type = whole ? isa.Type : "float";
        writer.Line($"{type} a = {Load("x", first)}, b = {Load("x", second)};");
        writer.Line($"{type} cosine = {Load("cosines", "i")}, sine = {Load("sines", "i")};");
        (string minus, string plus) = op.IsGradient ? ("+", "-") : ("-", "+");
        Store($"a * cosine {minus} b * sine", first);
        Store($"b * cosine {plus} a * sine", second);

        void Store(string value, string index) => writer.Line(whole ? isa.Store($"({value})", $"y + {index}") : $"y[{index}] = {value};");
    }

    /// <summary>Adds the row of a table that is a parameter, or sines and cosines of the position.</summary>
    public static Kernel Add(string name, string summary, PositionOp op, Layout input, Layout output)
    {
        bool isLearned = op.IsLearned;
        int features = output.AsRows.Channels, pitch = Layout.RoundUp(features);
        string sinusoids = $"PositionTable.Sinusoids({Literals.Int(op.MostPositions ?? input.Positions)}, {Literals.Int(features)}, "
            + $"{Literals.Int(pitch)})";
        string what = isLearned ? "Adds to each position its row of the table." : "Adds sines and cosines of the position.";
        return EachPosition(name, summary, what, [("input", input), ("output", output)], isLearned ? [Floats("table")] : [],
            op.MostPositions, (writer, isa, names) =>
        {
            string table = isLearned ? "table" : names.Field("PositionTable", sinusoids) + ".Values";
            writer.Line($"float* row = {table} + position * {Literals.Int(pitch)};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(pitch)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store($"({isa.Load("inputRow + i")} + {isa.Load("row + i")})", "outputRow + i"));
        });
    }

    /// <summary>Over all samples, the gradient at each position; zero for rows of the table that no position has.</summary>
    /// <param name="rows">Rows of the table.</param>
    public static Kernel TableGradient(string name, string summary, int rows, Layout gradient)
        => new(name, summary, $"Output gradient {gradient}.",
            [Floats("outputGradient"), .. If(gradient.HasLengths, Ints("starts")), Floats("tableGradient"), Samples, .. Share],
            (writer, isa, _) =>
        {
            if (gradient.HasLengths)
            {
                EmitTableOfLengths(writer, isa, rows, gradient);
                return;
            }
            int run = gradient.Positions * gradient.Pitch, vectors = run / isa.Lanes;
            var total = new LongSum(writer, isa, "sum");
            writer.Line(TaskShare.Loop(vectors, "vector"));
            using (writer.Block())
            {
                total.Declare();
                writer.Line($"float* dy = outputGradient + vector * {Literals.Int(isa.Lanes)};");
                total.EachSample("samples",
                    () => writer.Line($"sum += {isa.Load($"dy + n * (long){Literals.Int(gradient.SampleStride)}")};"));
                total.End();
                writer.Line(isa.Store("sum", $"tableGradient + vector * {Literals.Int(isa.Lanes)}"));
            }
            if (rows == gradient.Positions)
                return;
            writer.Line("if (worker == 0)");
            using (writer.Indent())
            {
                writer.Line($"new Span<float>(tableGradient + {Literals.Int(run)}, "
                    + $"{Literals.Int((rows - gradient.Positions) * gradient.Pitch)}).Clear();");
            }
        });

    /// <summary>Each row of the table has the gradients of the samples that are long enough.</summary>
    private static void EmitTableOfLengths(SourceWriter writer, VectorIsa isa, int rows, Layout gradient)
    {
        var total = new LongSum(writer, isa, "sum");
        string pitch = Literals.Int(gradient.Pitch);
        writer.Line(TaskShare.Loop(rows, "position"));
        using (writer.Block())
        using (writer.Block($"for (int i = 0; i < {pitch}; i += {Literals.Int(isa.Lanes)})"))
        {
            total.Declare();
            writer.Line($"float* dy = outputGradient + position * {pitch} + i;");
            total.EachSample("samples", () =>
            {
                writer.Line("if (position < starts[n + 1] - starts[n])");
                using (writer.Indent())
                    writer.Line($"sum += {isa.Load($"dy + starts[n] * {pitch}L")};");
            });
            total.End();
            writer.Line(isa.Store("sum", $"tableGradient + position * {pitch} + i"));
        }
    }

    /// <summary>A loop over the positions of samples, or over a worker's share of those of one.</summary>
    /// <param name="mostPositions">Of a stream, whose samples are positions; null elsewhere.</param>
    private static Kernel EachPosition(string name, string summary, string remarks, (string Name, Layout Layout)[] operands,
        KernelParameter[] more, int? mostPositions, Action<SourceWriter, VectorIsa, KernelNames> emit)
    {
        Layout layout = operands[0].Layout;
        KernelParameter[] parameters = [Floats(operands[0].Name), .. more, .. operands.Skip(1).Select(operand => Floats(operand.Name))];
        if (mostPositions is not null)
        {
            return new Kernel(name, summary, $"{remarks} Each sample is a position.", [.. parameters, Long("start"), Samples],
                (writer, isa, names) =>
            {
                writer.Line("long position = start;");
                using (writer.Block($"for (int n = 0; n < samples; n++, position++, {Elementwise.Advance(operands)})"))
                {
                    writer.Line($"float* {string.Join(", ", operands.Select(operand => $"{operand.Name}Row = {operand.Name}"))};");
                    emit(writer, isa, names);
                }
            });
        }
        if (layout.HasLengths)
        {
            return new Kernel(name, summary, remarks, [.. parameters, LengthKernels.Length],
                (writer, isa, names) => EmitLoop(writer, isa, names, "for (int position = 0; position < length; position++)"));
        }
        return new Kernel(name, summary, remarks, [.. parameters, Samples], (writer, isa, names) =>
        {
            using (writer.Block($"for (int n = 0; n < samples; n++, {Elementwise.Advance(operands)})"))
                EmitLoop(writer, isa, names, $"for (int position = 0; position < {Literals.Int(layout.Positions)}; position++)");
        })
        {
            Part = new Kernel(name + "Part", summary, remarks + " One sample, divided among workers.", [.. parameters, .. Share],
                (writer, isa, names) => EmitLoop(writer, isa, names, TaskShare.Loop(layout.Positions, "position"))),
        };

        void EmitLoop(SourceWriter writer, VectorIsa isa, KernelNames names, string loop)
        {
            using (writer.Block(loop))
            {
                string rows = string.Join(", ", operands.Select(operand =>
                    $"{operand.Name}Row = {operand.Name} + position * {Literals.Int(operand.Layout.Pitch)}"));
                writer.Line($"float* {rows};");
                emit(writer, isa, names);
            }
        }
    }
}
