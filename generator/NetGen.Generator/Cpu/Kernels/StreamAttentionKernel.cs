using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Causal attention step by step: keys and values of each position join those of the positions before it, then every head's query has its
/// scores with all of them. Keys lie with 16 of them in the lanes, values with their features there, so that each is read once, in order.
/// </summary>
internal sealed class StreamAttentionKernel(string name, string summary, StreamAttentionOp op, Layout query, Layout key, Layout value,
    Layout output)
{
    private const int Block = Layout.Block;

    /// <summary>Sums that are under way at once hide how long a multiply-add takes.</summary>
    private const int Sums = 4;

    /// <summary>Vectors of features that are summed together.</summary>
    private const int MostVectors = 8;

    private AttentionOp Op => op.Forward;

    private int PaddedValue => PaddedValueOf(op);

    /// <summary>Floats of the keys of a head.</summary>
    private long KeysOfHead => (long)Layout.RoundUp(op.Positions) * Op.HeadSize;

    private long ValuesOfHead => (long)op.Positions * PaddedValue;

    private static int PaddedValueOf(StreamAttentionOp op) => Layout.RoundUp(op.Forward.ValueSize);

    /// <summary>Floats that are kept: [head][key / 16][feature][16 keys], then [head][position][features].</summary>
    public static long CacheOf(StreamAttentionOp op) => op.Forward.KeyValueHeads
        * ((long)Layout.RoundUp(op.Positions) * op.Forward.HeadSize + (long)op.Positions * PaddedValueOf(op));

    /// <summary>Floats of working memory: a query's scores, and a head's result where it cannot be stored where it belongs.</summary>
    public static long ScratchOf(StreamAttentionOp op) => Layout.RoundUp(op.Positions) + PaddedValueOf(op);

    private bool IsDirect => Op.ValueSize % Block == 0;

    public Kernel Create() => new(name, summary,
        $"{Literals.Int(Op.Heads)} heads of queries over {Literals.Int(Op.KeyValueHeads)} of keys and values, of up to "
            + $"{Literals.Int(op.Positions)} positions; each sample is a step.",
        [
            Floats("query"), Floats("key"), Floats("value"), Floats("output"), Floats("cache"), Long("position"), Floats("scratch"),
            Samples,
        ], Emit) { TakesAllSamples = true };

    private void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string advance = Elementwise.Advance([("query", query), ("key", key), ("value", value), ("output", output)]);
        writer.Line("int last = (int)position;");
        using (writer.Block($"for (int n = 0; n < samples; n++, last++, {advance})"))
        {
            EmitAppend(writer);
            if (Op.Window is int window)
                writer.Line($"int begin = Math.Max(0, last - {Literals.Int(window - 1)}), start = begin / 16 * 16;");
            using (writer.Block($"for (int head = 0; head < {Literals.Int(Op.Heads)}; head++)"))
                EmitHead(writer, isa, names);
            int features = output.Channels, padding = Layout.RoundUp(features) - features;
            if (padding > 0)
                writer.Line($"new Span<float>(output + {Literals.Int(features)}, {Literals.Int(padding)}).Clear();");
        }
    }

    private string Values => Literals.Plus("cache", Op.KeyValueHeads * KeysOfHead);

    private void EmitAppend(SourceWriter writer)
    {
        using (writer.Block($"for (int head = 0; head < {Literals.Int(Op.KeyValueHeads)}; head++)"))
        {
            string block = $"last / 16 * {Literals.Int(Block * Op.HeadSize)} + last % 16";
            writer.Line($"float* keys = cache + head * {Literals.Int(KeysOfHead)}L + {block};");
            writer.Line($"float* k = {Literals.Plus($"key + head * {Literals.Int(Op.HeadSize)}", Op.KeyStart)};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(Op.HeadSize)}; i++)"))
                writer.Line("keys[i * 16] = k[i];");
            writer.Line($"float* row = {Values} + head * {Literals.Int(ValuesOfHead)}L + last * {Literals.Int(PaddedValue)}L;");
            AttentionKernel.EmitCopy(writer, Literals.Plus($"value + head * {Literals.Int(Op.ValueSize)}", Op.ValueStart), 0, "row", 0, "1",
                Op.ValueSize);
        }
    }

    private void EmitHead(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int group = Op.Heads / Op.KeyValueHeads;
        string shared = group == 1 ? "head" : $"(head / {Literals.Int(group)})";
        writer.Line($"float* q = {Literals.Plus($"query + head * {Literals.Int(Op.HeadSize)}", Op.QueryStart)};");
        string start = Op.Window is null ? "" : $" + start * {Literals.Int(Op.HeadSize)}";
        writer.Line($"float* block = cache + {shared} * {Literals.Int(KeysOfHead)}L{start};");
        EmitScores(writer, isa);
        EmitSlope(writer);
        EmitSoftmax(writer, isa, names);
        writer.Line($"float* v = {Values} + {shared} * {Literals.Int(ValuesOfHead)}L;");
        string target = IsDirect ? "y" : "result";
        writer.Line($"float* y = output + head * {Literals.Int(Op.ValueSize)};");
        if (!IsDirect)
            writer.Line($"float* result = {Literals.Plus("scratch", Layout.RoundUp(op.Positions))};");
        foreach (TileRun run in TileShapes.Split(PaddedValue / isa.Lanes, MostVectors))
        {
            using var scopes = new BlockStack(writer);
            int width = run.Size * isa.Lanes;
            string offset = Literals.Int(run.Start * isa.Lanes);
            if (run.Count > 1)
            {
                offset = "feature";
                scopes.Open($"for (int feature = {Literals.Int(run.Start * isa.Lanes)}; feature < {Literals.Int(run.End * isa.Lanes)}; "
                    + $"feature += {Literals.Int(width)})");
            }
            else
            {
                scopes.Open();
            }
            EmitValues(writer, isa, run.Size, offset, target);
        }
        if (!IsDirect)
            AttentionKernel.EmitCopy(writer, "result", 0, "y", 0, "1", Op.ValueSize, clear: false);
    }

    /// <summary>Products of the query with 16 keys at a time.</summary>
    private void EmitScores(SourceWriter writer, VectorIsa isa)
    {
        int vectors = Block / isa.Lanes, chains = Math.Max(1, Sums / vectors);
        int size = Op.HeadSize, whole = size / chains * chains;
        using (writer.Block($"for (int first = {Start}; first <= last; first += 16, block += {Literals.Int(Block * size)})"))
        {
            for (int v = 0; v < vectors; v++)
                writer.Line($"{isa.Type} {string.Join(", ", Enumerable.Range(0, chains).Select(c => $"{Sum(v, c)} = {isa.Zero}"))};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(chains)})"))
            {
                for (int i = 0; i < chains; i++)
                    EmitTurn("q[i" + (i > 0 ? $" + {Literals.Int(i)}" : "") + "]", $"block + i * 16 + {Literals.Int(i * Block)}", i);
            }
            for (int i = whole; i < size; i++)
                EmitTurn($"q[{Literals.Int(i)}]", $"block + {Literals.Int(i * Block)}", i % chains);
            for (int v = 0; v < vectors; v++)
            {
                string sum = Total(v, chains);
                writer.Line(isa.Store(Op.Scale == 1 ? $"({sum})" : $"(({sum}) * {isa.Broadcast(Literals.Float(Op.Scale))})",
                    $"scratch + first + {Literals.Int(v * isa.Lanes)}"));
            }

            void EmitTurn(string scalar, string keys, int chain)
            {
                for (int v = 0; v < vectors; v++)
                {
                    string sum = Sum(v, chain), vector = isa.Load($"{keys} + {Literals.Int(v * isa.Lanes)}");
                    writer.Line($"{sum} = {isa.MultiplyAdd(isa.Broadcast(scalar), vector, sum)};");
                }
            }
        }
    }

    /// <summary>The first key that the query has, and the first of its 16.</summary>
    private string Begin => Op.Window is null ? "0" : "begin";

    private string Start => Op.Window is null ? "0" : "start";

    /// <summary>Takes off what a key counts less for each step that it is farther away.</summary>
    private void EmitSlope(SourceWriter writer)
    {
        if (!Op.IsAlibi)
            return;
        string slopes = string.Join(", ", AttentionOp.AlibiSlopes(Op.Heads).Select(slope => Literals.Float((float)slope)));
        writer.Line($"float slope = {(Op.Heads == 1 ? slopes : $"new ReadOnlySpan<float>([{slopes}])[head]")};");
        using (writer.Block($"for (int k = {Begin}; k <= last; k++)"))
            writer.Line("scratch[k] -= slope * (last - k);");
    }

    private void EmitSoftmax(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string lanes = Literals.Int(isa.Lanes), next = Op.Window is null ? lanes : $"start + {lanes}";
        writer.Line("// Exponentials, the largest score taken off first so that none overflows; there are no keys behind the last.");
        writer.Line("int padded = (last + 16) / 16 * 16;");
        using (writer.Block("for (int k = last + 1; k < padded; k++)"))
            writer.Line("scratch[k] = float.NegativeInfinity;");
        if (Op.Window is not null)
        {
            using (writer.Block("for (int k = start; k < begin; k++)"))
                writer.Line("scratch[k] = float.NegativeInfinity;");
        }
        writer.Line($"{isa.Type} most = {isa.Load(Op.Window is null ? "scratch" : "scratch + start")};");
        using (writer.Block($"for (int k = {next}; k < padded; k += {lanes})"))
            writer.Line($"most = {isa.Static}.Max(most, {isa.Load("scratch + k")});");
        writer.Line($"{isa.Type} shift = {isa.Broadcast(AttentionKernel.EmitLargest(writer, isa))}, powers = {isa.Zero};");
        using (writer.Block($"for (int k = {Start}; k < padded; k += {lanes})"))
        {
            writer.Line($"{isa.Type} power = {names.Math(Exponential.Exp)}({isa.Load("scratch + k")} - shift);");
            writer.Line("powers += power;");
            writer.Line(isa.Store("power", "scratch + k"));
        }
        writer.Line($"{isa.Type} inverse = {isa.Broadcast($"1 / {isa.Static}.Sum(powers)")};");
    }

    /// <summary>As much of each value as its key's probability.</summary>
    private void EmitValues(SourceWriter writer, VectorIsa isa, int vectors, string offset, string target)
    {
        int chains = Math.Max(1, Sums / vectors);
        for (int v = 0; v < vectors; v++)
            writer.Line($"{isa.Type} {string.Join(", ", Enumerable.Range(0, chains).Select(c => $"{Sum(v, c)} = {isa.Zero}"))};");
        string begin = Op.Window is null ? "" : $" + begin * {Literals.Int(PaddedValue)}L";
        writer.Line($"float* columns = v + {offset}{begin};");
        if (chains == 1)
        {
            using (writer.Block($"for (int k = {Begin}; k <= last; k++, columns += {Literals.Int(PaddedValue)})"))
                EmitTurn(0, "scratch[k]");
        }
        else
        {
            writer.Line($"int at = {Begin};");
            using (writer.Block($"for (; at + {Literals.Int(chains - 1)} <= last; at += {Literals.Int(chains)}, "
                + $"columns += {Literals.Int(chains * PaddedValue)})"))
            {
                for (int chain = 0; chain < chains; chain++)
                    EmitTurn(chain, $"scratch[at{(chain > 0 ? $" + {Literals.Int(chain)}" : "")}]", chain * PaddedValue);
            }
            using (writer.Block($"for (; at <= last; at++, columns += {Literals.Int(PaddedValue)})"))
                EmitTurn(0, "scratch[at]");
        }
        for (int v = 0; v < vectors; v++)
            writer.Line(isa.Store($"(({Total(v, chains)}) * inverse)", $"{target} + {offset} + {Literals.Int(v * isa.Lanes)}"));

        void EmitTurn(int chain, string weight, int row = 0)
        {
            for (int v = 0; v < vectors; v++)
            {
                string sum = Sum(v, chain), vector = isa.Load($"columns + {Literals.Int(row + v * isa.Lanes)}");
                writer.Line($"{sum} = {isa.MultiplyAdd(isa.Broadcast(weight), vector, sum)};");
            }
        }
    }

    private static string Sum(int vector, int chain) => $"c{Literals.Int(vector)}_{Literals.Int(chain)}";

    private static string Total(int vector, int chains) => chains == 4
        ? $"{Sum(vector, 0)} + {Sum(vector, 1)} + ({Sum(vector, 2)} + {Sum(vector, 3)})"
        : string.Join(" + ", Enumerable.Range(0, chains).Select(chain => Sum(vector, chain)));
}
