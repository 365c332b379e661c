using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// A causal convolution step by step: each tap reads the input of its own distance back, from a ring of the last inputs, and the present
/// one takes the place of the oldest. Lanes are output channels, in the packing that whole sequences have.
/// </summary>
internal sealed class StreamConvolutionKernel(string name, string summary, StreamConvolutionOp op, StreamWeights weights, Layout input,
    Layout output, bool hasBias)
{
    private const int Block = Layout.Block;

    /// <summary>Sums that are under way at once hide how long a multiply-add takes.</summary>
    private const int Sums = 4;

    /// <summary>Vectors of outputs that are summed together.</summary>
    private const int MostVectors = 8;

    /// <summary>Floats of an input in the ring.</summary>
    public static int RowOf(Layout input) => Layout.RoundUp(input.Channels);

    private int Row => RowOf(input);

    private string Past => Literals.Int(op.Past);

    public Kernel Create() => new(name, summary,
        $"{Literals.Int(op.Taps)} taps, {Literals.Int(op.Dilation)} steps apart; each sample is a step. {input} to {output}.",
        [
            Floats("input"), Floats("weights"), .. If(hasBias, Floats("bias")), .. If(op.Past > 0, Floats("state"), Long("position")),
            Floats("output"), Samples,
        ], Emit) { TakesAllSamples = true };

    private void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (op.Past > 0)
            writer.Line($"int slot = (int)(position % {Past});");
        if (!IsDirect)
            writer.UnclearedStack("sums", Literals.Int(Layout.RoundUp(weights.OutChannels)));
        string advance = $"input += {Literals.Int(input.SampleStride)}, output += {Literals.Int(output.SampleStride)}";
        using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
        {
            if (weights.IsDepthwise)
                EmitDepthwise(writer, isa);
            else
                EmitGroups(writer, isa);
            if (op.Past == 0)
                return;
            writer.Line("// The present input in the place of the oldest.");
            writer.Line($"float* oldest = state + slot * {Literals.Int(Row)};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(Row)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store(isa.Load("input + i"), "oldest + i"));
            writer.Line($"slot = slot + 1 == {Past} ? 0 : slot + 1;");
        }
    }

    /// <summary>Whole vectors of a group's outputs can be stored where they belong.</summary>
    private bool IsDirect => weights.IsDepthwise || weights.Groups == 1;

    /// <summary>The loop over taps, with <c>x</c>, the input that a tap reads.</summary>
    private SourceWriter.Scope Taps(SourceWriter writer)
    {
        SourceWriter.Scope scope = writer.Block($"for (int tap = 0; tap < {Literals.Int(op.Taps)}; tap++)");
        if (op.Past == 0)
        {
            writer.Line("float* x = input;");
            return scope;
        }
        writer.Line($"int back = {Past} - tap * {Literals.Int(op.Dilation)}, from = slot - back;");
        writer.Line($"float* x = back == 0 ? input : state + (from < 0 ? from + {Past} : from) * {Literals.Int(Row)};");
        return scope;
    }

    private void EmitDepthwise(SourceWriter writer, VectorIsa isa)
    {
        using (writer.Block($"for (int i = 0; i < {Literals.Int(Row)}; i += {Literals.Int(isa.Lanes)})"))
        {
            writer.Line($"{isa.Type} sum = {(hasBias ? isa.Load("bias + i") : isa.Zero)};");
            writer.Line($"float* w = weights + i / 16 * {Literals.Int(weights.OutBlockStride)} + i % 16;");
            using (Taps(writer))
            {
                string weight = isa.Load($"w + tap * {Literals.Int(weights.TapStride)}");
                writer.Line($"sum = {isa.MultiplyAdd(isa.Load("x + i"), weight, "sum")};");
            }
            writer.Line(isa.Store("sum", "output + i"));
        }
    }

    private void EmitGroups(SourceWriter writer, VectorIsa isa)
    {
        using var scopes = new BlockStack(writer);
        if (weights.Groups > 1)
            scopes.Open($"for (int group = 0; group < {Literals.Int(weights.Groups)}; group++)");
        int vectors = Layout.RoundUp(weights.OutChannels) / isa.Lanes, most = Math.Min(vectors, MostVectors);
        for (int first = 0; first < vectors; first += most)
        {
            if (first == 0 && vectors >= 2 * most)
            {
                int loops = vectors / most;
                using (writer.Block($"for (int part = 0; part < {Literals.Int(loops)}; part++)"))
                    EmitVectors(writer, isa, most, $"part * {Literals.Int(most * isa.Lanes)}", $"part * {PartStride(isa, most)}");
                first = (loops - 1) * most;
                continue;
            }
            int count = Math.Min(most, vectors - first);
            using (writer.Block())
                EmitVectors(writer, isa, count, Literals.Int(first * isa.Lanes), Literals.Int(OffsetOf(isa, first)));
        }
        if (!IsDirect)
        {
            string sum = hasBias ? $"sums[i] + bias[group * {Literals.Int(weights.OutChannels)} + i]" : "sums[i]";
            using (writer.Block($"for (int i = 0; i < {Literals.Int(weights.OutChannels)}; i++)"))
                writer.Line($"output[group * {Literals.Int(weights.OutChannels)} + i] = {sum};");
        }
        scopes.Dispose();
        int channels = output.Channels, padding = Layout.RoundUp(channels) - channels;
        if (!IsDirect && padding > 0)
            writer.Line($"new Span<float>(output + {Literals.Int(channels)}, {Literals.Int(padding)}).Clear();");
    }

    /// <summary>Where the weights of a vector of outputs begin.</summary>
    private long OffsetOf(VectorIsa isa, int vector)
    {
        int lane = vector * isa.Lanes;
        return lane / Block * weights.OutBlockStride + lane % Block;
    }

    private string PartStride(VectorIsa isa, int vectors) => Literals.Int(OffsetOf(isa, vectors));

    /// <summary>Some vectors of outputs of a group.</summary>
    /// <param name="lane">The first of the outputs.</param>
    /// <param name="offset">Where its weights begin.</param>
    private void EmitVectors(SourceWriter writer, VectorIsa isa, int vectors, string lane, string offset)
    {
        int chains = Math.Max(1, Sums / vectors);
        string ofGroup = weights.Groups > 1 ? $" + group * {Literals.Int(weights.GroupStride)}" : "";
        string place = weights.Groups > 1 ? $" + group * {Literals.Int(weights.InChannels)}" : "";
        for (int v = 0; v < vectors; v++)
        {
            string start = hasBias && IsDirect ? isa.Load($"bias + {lane} + {Literals.Int(v * isa.Lanes)}") : isa.Zero;
            IEnumerable<string> sums = Enumerable.Range(0, chains).Select(c => $"{Sum(v, c)} = {(c == 0 ? start : isa.Zero)}");
            writer.Line($"{isa.Type} {string.Join(", ", sums)};");
        }
        using (Taps(writer))
        {
            if (place.Length > 0)
                writer.Line($"x += {place.Substring(3)};");
            writer.Line($"float* w = weights + {offset} + tap * {Literals.Int(weights.TapStride)}{ofGroup};");
            int block = weights.InBlock, whole = weights.InChannels / block, rest = weights.InChannels % block;
            if (whole > 1)
            {
                using (writer.Block($"for (int block = 0; block < {Literals.Int(whole)}; block++, x += {Literals.Int(block)}, "
                    + $"w += {Literals.Int(weights.InBlockStride)})"))
                    EmitInputs(writer, isa, vectors, chains, block);
            }
            else if (whole == 1)
            {
                EmitInputs(writer, isa, vectors, chains, block);
                if (rest > 0)
                    writer.Line($"x += {Literals.Int(block)}; w += {Literals.Int(weights.InBlockStride)};");
            }
            if (rest > 0)
                EmitInputs(writer, isa, vectors, chains, rest);
        }
        string target = IsDirect ? "output" : "sums";
        for (int v = 0; v < vectors; v++)
        {
            string sum = chains == 4 ? $"{Sum(v, 0)} + {Sum(v, 1)} + ({Sum(v, 2)} + {Sum(v, 3)})"
                : string.Join(" + ", Enumerable.Range(0, chains).Select(chain => Sum(v, chain)));
            writer.Line(isa.Store(chains == 1 ? sum : $"({sum})", $"{target} + {lane} + {Literals.Int(v * isa.Lanes)}"));
        }
    }

    /// <summary>The products of some input channels.</summary>
    private void EmitInputs(SourceWriter writer, VectorIsa isa, int vectors, int chains, int count)
    {
        int whole = count / chains * chains;
        if (whole > chains)
        {
            using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(chains)})"))
                EmitTurn(Enumerable.Range(0, chains), i => i == 0 ? "i" : $"i + {Literals.Int(i)}");
        }
        else
        {
            whole = 0;
        }
        EmitTurn(Enumerable.Range(whole, count - whole), i => Literals.Int(i));

        void EmitTurn(IEnumerable<int> inputs, Func<int, string> index)
        {
            foreach (int i in inputs)
            {
                string at = index(i), step = at.Contains('+') ? $"({at})" : at;
                for (int v = 0; v < vectors; v++)
                {
                    string sum = Sum(v, i % chains);
                    string weight = isa.Load($"w + {step} * {Literals.Int(weights.InStride)} + {Literals.Int(OffsetOf(isa, v))}");
                    writer.Line($"{sum} = {isa.MultiplyAdd(isa.Broadcast($"x[{at}]"), weight, sum)};");
                }
            }
        }
    }

    private static string Sum(int vector, int chain) => $"c{Literals.Int(vector)}_{Literals.Int(chain)}";
}

/// <summary>Where the weights of a convolution over a sequence lie, read off the packed tensor.</summary>
/// <param name="InChannels">Of one group.</param>
/// <param name="OutChannels">Of one group.</param>
/// <param name="InBlock">Input channels side by side in the packing.</param>
/// <param name="InBlockStride">Floats to the next of these blocks.</param>
/// <param name="InStride">Floats to the next input channel of a block.</param>
/// <param name="OutBlockStride">Floats to the next 16 output channels.</param>
internal sealed record StreamWeights(int Groups, int InChannels, int OutChannels, bool IsDepthwise, int InBlock, int InBlockStride,
    int InStride, int OutBlockStride, int TapStride, int GroupStride);
