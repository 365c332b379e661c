using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Cross-entropy of the scores of each left vector with all right ones, and of each right one with all left ones. A first kernel sums up
/// the exponentials of each vector's scores; a second, behind a meeting of all threads, computes the scores again, and with them losses and
/// gradients. So nothing is kept that grows with the square of the batch. 16 scores of a vector are computed at a time, by the same
/// operations in the same order in both kernels and both directions, and whichever samples a thread has.
/// </summary>
internal static class ContrastiveKernels
{
    /// <summary>Scores in a block.</summary>
    private const int Block = Layout.Block;

    /// <summary>Scores whose sums of products are taken together.</summary>
    private const int Together = 4;

    /// <summary>log Σ exp of each vector's scores.</summary>
    public static Kernel Sums(string title, ContrastiveLossSpec spec, Layout input)
        => new("ContrastiveLossSums", $"{title} over vectors of {Literals.Int(input.Channels)}: sums = log Σ exp(score), of the scores of each "
            + "left vector with all right ones, and behind them of each right one with all left ones.",
            "Each lane has the largest score so far and the sum of the exponentials of the others less it, so that none overflows.",
            [Floats("left"), Floats("right"), Floats("sums"), Samples, .. Share], (writer, isa, names) =>
        {
            string exp = names.Math(Exponential.Exp);
            writer.Line("int padded = (samples + 15) / 16 * 16;");
            writer.Line("int from = (int)((long)samples * worker / workers), to = (int)((long)samples * (worker + 1) / workers);");
            writer.Line($"float* scores = stackalloc float[{Literals.Int(2 * Block)}];");
            using (writer.Block("for (int side = 0; side < 2; side++)"))
            {
                writer.Line("float* rows = side == 0 ? left : right, columns = side == 0 ? right : left;");
                using (writer.Block("for (int i = from; i < to; i++)"))
                {
                    writer.Line($"float* row = rows + i * {Literals.Int(input.SampleStride)}L;");
                    writer.Line($"{isa.Type} largest = {isa.Broadcast("float.MinValue")}, total = {isa.Zero};");
                    EmitScores(writer, isa, spec, input, "samples", () => EachVector(writer, isa, () =>
                    {
                        writer.Line($"{isa.Type} score = {isa.Load("scores + k")}, most = {isa.Static}.Max(largest, score);");
                        writer.Line($"total = total * {exp}(largest - most) + {exp}(score - most);");
                        writer.Line("largest = most;");
                    }));
                    EmitSumOfLanes(writer, isa);
                }
            }
        });

    private static void EmitSumOfLanes(SourceWriter writer, VectorIsa isa)
    {
        string lanes = Literals.Int(isa.Lanes);
        writer.Line(isa.Store("largest", "scores"));
        writer.Line(isa.Store("total", $"scores + {lanes}"));
        writer.Line("float top = scores[0];");
        writer.Line($"for (int k = 1; k < {lanes}; k++)");
        using (writer.Indent())
            writer.Line("top = Math.Max(top, scores[k]);");
        writer.Line("double sum = 0;");
        writer.Line($"for (int k = 0; k < {lanes}; k++)");
        using (writer.Indent())
            writer.Line($"sum += scores[{lanes} + k] * Math.Exp((double)scores[k] - top);");
        writer.Line("sums[side * padded + i] = (float)(top + Math.Log(sum));");
    }

    /// <summary>Losses of some samples, and the gradients there.</summary>
    public static Kernel Loss(string title, ContrastiveLossSpec spec, Layout input)
    {
        string halves = spec.Temperature == 1 ? "2" : "(2 · temperature)";
        return new("ContrastiveLoss", $"{title} over vectors of {Literals.Int(input.Channels)}: loss = (log Σ exp(score) of the row + the same "
            + "of the column) / 2 − the sample's own score.",
            $"gradient = Σ (softmax of the row + softmax of the column − 2 if the pair is a sample) · the other vector · scale / {halves}.",
            [
                Floats("left"), Floats("right"), Floats("sums"), Floats("leftGradient"), Floats("rightGradient"), LossParameters.Losses,
                LossParameters.Scale, LossParameters.First, Int("batch"), Samples,
            ], (writer, isa, names) =>
        {
            writer.Line("int padded = (batch + 15) / 16 * 16;");
            writer.Line($"float* scores = stackalloc float[{Literals.Int(Block)}];");
            writer.Line($"float factor = {Literals.Float(0.5f * Inverse(spec))} * scale;");
            using (writer.Block("for (int side = 0; side < 2; side++)"))
            {
                writer.Line("float* rows = side == 0 ? left : right, columns = side == 0 ? right : left;");
                writer.Line("float* own = sums + side * padded, other = sums + (1 - side) * padded;");
                writer.Line("float* gradient = side == 0 ? leftGradient : rightGradient;");
                using (writer.Block($"for (int n = 0; n < samples; n++, gradient += {Literals.Int(input.SampleStride)})"))
                {
                    writer.Line("int i = first + n;");
                    writer.Line($"float* row = rows + i * {Literals.Int(input.SampleStride)}L;");
                    writer.Line($"{isa.Type} ofRow = {isa.Broadcast("own[i]")}, factors = {isa.Broadcast("factor")};");
                    writer.Line($"new Span<float>(gradient, {Literals.Int(input.SampleStride)}).Clear();");
                    EmitScores(writer, isa, spec, input, "batch", () => EmitLossOfBlock(writer, isa, names, input));
                }
            }
        });
    }

    /// <summary>Of a block of scores, the loss if the sample's own is among them, and what it sends back.</summary>
    private static void EmitLossOfBlock(SourceWriter writer, VectorIsa isa, KernelNames names, Layout input)
    {
        string exp = names.Math(Exponential.Exp);
        writer.Line("int self = i - j;");
        writer.Line("if (side == 0 && (uint)self < 16)");
        using (writer.Indent())
            writer.Line("losses[n] = 0.5 * ((double)own[i] + other[i]) - scores[self];");
        EachVector(writer, isa, () =>
        {
            writer.Line($"{isa.Type} score = {isa.Load("scores + k")};");
            writer.Line(isa.Store($"(({exp}(score - ofRow) + {exp}(score - {isa.Load("other + j + k")})) * factors)", "scores + k"));
        });
        writer.Line("if ((uint)self < 16)");
        using (writer.Indent())
            writer.Line("scores[self] -= 2 * factor;");
        EachColumn(writer, input, (count, column) =>
        {
            foreach (int k in count)
                writer.Line($"{isa.Type} weight{Literals.Int(k)} = {isa.Broadcast(At("scores", k))};");
            using (Features(writer, isa, input))
            {
                string sum = isa.Load("gradient + d");
                foreach (int k in count)
                    sum = isa.MultiplyAdd($"weight{Literals.Int(k)}", isa.Load($"{column(k)} + d"), sum);
                writer.Line(isa.Store(sum, "gradient + d"));
            }
        });
    }

    /// <summary>A loop over blocks of columns <c>j</c>, with their scores in memory; −∞ where there is no column.</summary>
    private static void EmitScores(SourceWriter writer, VectorIsa isa, ContrastiveLossSpec spec, Layout input, string columns, Action body)
    {
        string times = spec.Temperature == 1 ? "" : $" * {Literals.Float(Inverse(spec))}";
        using (writer.Block($"for (int j = 0; j < {columns}; j += {Literals.Int(Block)})"))
        {
            writer.Line($"int count = Math.Min({Literals.Int(Block)}, {columns} - j);");
            writer.Line($"float* block = columns + j * {Literals.Int(input.SampleStride)}L;");
            EachColumn(writer, input, (count, column) =>
            {
                foreach (int k in count)
                    writer.Line($"{isa.Type} sum{Literals.Int(k)} = {isa.Zero};");
                using (Features(writer, isa, input))
                {
                    writer.Line($"{isa.Type} x = {isa.Load("row + d")};");
                    foreach (int k in count)
                        writer.Line($"sum{Literals.Int(k)} = {isa.MultiplyAdd("x", isa.Load($"{column(k)} + d"), $"sum{Literals.Int(k)}")};");
                }
                foreach (int k in count)
                    writer.Line($"{At("scores", k)} = {isa.Static}.Sum(sum{Literals.Int(k)}){times};");
            });
            writer.Line($"for (int c = count; c < {Literals.Int(Block)}; c++)");
            using (writer.Indent())
                writer.Line("scores[c] = float.NegativeInfinity;");
            body();
        }
    }

    /// <summary>Loops over the columns <c>c</c> of a block: several together, then what is left one by one.</summary>
    /// <param name="body">Is given which of those together there are, and where each column lies.</param>
    private static void EachColumn(SourceWriter writer, Layout input, Action<IReadOnlyList<int>, Func<int, string>> body)
    {
        using (writer.Block())
        {
            writer.Line("int c = 0;");
            writer.Line($"float* column = block;");
            string stride = Literals.Int(input.SampleStride), several = Literals.Int(Together);
            using (writer.Block($"for (; c + {several} <= count; c += {several}, column += {Literals.Int(Together * input.SampleStride)})"))
                body([.. Enumerable.Range(0, Together)], k => k == 0 ? "column" : $"column + {Literals.Int(k * input.SampleStride)}");
            using (writer.Block($"for (; c < count; c++, column += {stride})"))
                body([0], _ => "column");
        }
    }

    private static SourceWriter.Scope Features(SourceWriter writer, VectorIsa isa, Layout input)
        => writer.Block($"for (int d = 0; d < {Literals.Int(Layout.RoundUp(input.Channels))}; d += {Literals.Int(isa.Lanes)})");

    private static void EachVector(SourceWriter writer, VectorIsa isa, Action body)
    {
        if (isa.Lanes == Block)
        {
            using (writer.Block())
            {
                writer.Line("const int k = 0;");
                body();
            }
            return;
        }
        using (writer.Block($"for (int k = 0; k < {Literals.Int(Block)}; k += {Literals.Int(isa.Lanes)})"))
            body();
    }

    private static string At(string pointer, int k) => k == 0 ? $"{pointer}[c]" : $"{pointer}[c + {Literals.Int(k)}]";

    private static float Inverse(ContrastiveLossSpec spec) => (float)(1 / spec.Temperature);
}
