using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The forward pass of attention, head by head: a tile of queries has its scores with all keys, which lie in the lanes, then their
/// exponentials, then the sum of the values. No more than one tile's probabilities are in memory at a time.
/// </summary>
/// <param name="statistics">Where the logarithm of each query's sum goes; null where no backward pass reads it.</param>
/// <param name="drawn">Where goes what probabilities are drawn from; null where none are dropped.</param>
internal sealed class AttentionKernel(
    string name, string summary, AttentionGeometry g, Layout? statistics, Layout? drawn, Layout output)
{
    private readonly AttentionOptionCode _options = new(g);

    private int Heads => g.Op.Heads;

    private int Pitch => g.PaddedKeys;

    public Kernel Create()
    {
        string layouts = Elementwise.Describe([("query", g.Query), ("key", g.Key), ("value", g.Value)], output);
        return new Kernel(name, summary, $"{g.Words}. {layouts}",
            [
                Floats("query"), Floats("key"), Floats("value"), .. If(g.Mask is not null, Floats("mask")),
                .. If(statistics is not null, Floats("statistics")), .. If(drawn is not null, Floats("drawn")), Floats("output"),
                Floats("scratch"), .. If(drawn is not null, ULong("seed"), UInt("step"), UInt("firstSample"), Int("stream")),
                .. g.HasLengths ? g.Lengths : [Samples],
            ], EmitSamples) { IsHot = false };
    }

    private void EmitSamples(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (g.HasLengths)
        {
            EmitSample(writer, isa, names);
            return;
        }
        List<(string, Layout)> operands = [("query", g.Query), ("key", g.Key), ("value", g.Value), ("output", output)];
        if (statistics is not null)
            operands.Insert(3, ("statistics", statistics));
        string advance = Elementwise.Advance([.. operands, .. _options.Operands(drawn)]);
        using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
            EmitSample(writer, isa, names);
    }

    private void EmitSample(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (drawn is not null)
            AttentionOptionCode.EmitKeepDrawn(writer, g.HasLengths);
        using (writer.Block($"for (int head = 0; head < {Literals.Int(Heads)}; head++)"))
            EmitHead(writer, isa, names);
        if (statistics is not null)
            Elementwise.EmitClearFeatures(writer, statistics, "statistics", g.QueryCount);
        Elementwise.EmitClearFeatures(writer, output, "output", g.QueryCount);
    }

    private void EmitHead(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int rows = AttentionGeometry.TileRows(isa), whole = g.Queries / rows * rows, rest = g.Queries - whole;
        if (g.Group > 1)
            writer.Line($"if (head % {Literals.Int(g.Group)} == 0)");
        using (writer.Block())
        {
            string of = g.Group > 1 ? $"head / {Literals.Int(g.Group)}" : "head";
            writer.Line("// The keys of the head go into the lanes.");
            string key = Literals.Plus($"key + {of} * {Literals.Int(g.Op.HeadSize)}", g.Op.KeyStart);
            EmitToLanes(writer, g, key, g.Key.Pitch, "scratch", g.Op.HeadSize);
            if (g.IsRagged)
            {
                string value = Literals.Plus($"value + {of} * {Literals.Int(g.Op.ValueSize)}", g.Op.ValueStart);
                EmitCopy(writer, value, g.Value.Pitch, At(g.CopiedValues), g.PaddedValue, g.KeyCount, g.Op.ValueSize);
            }
        }
        string head = g.Group > 1 ? $"(head / {Literals.Int(g.Group)})" : "head";
        writer.Line($"float* q = {Literals.Plus($"query + head * {Literals.Int(g.Op.HeadSize)}", g.Op.QueryStart)};");
        writer.Line(g.IsRagged ? $"float* v = {At(g.CopiedValues)};"
            : $"float* v = {Literals.Plus($"value + {head} * {Literals.Int(g.Op.ValueSize)}", g.Op.ValueStart)};");
        writer.Line($"float* y = output + head * {Literals.Int(g.Op.ValueSize)};");
        _options.EmitHead(writer);
        if (g.Query.HasLengths)
        {
            EmitAnyQueries(writer, "0", "queryCount", rows, count => EmitTileCall(writer, names, Tile(count), count, "first"));
            return;
        }
        if (whole > 0)
        {
            using (writer.Block($"for (int first = 0; first < {Literals.Int(whole)}; first += {Literals.Int(rows)})"))
                EmitTileCall(writer, names, Tile(rows), rows, "first");
        }
        if (rest > 0)
            EmitTileCall(writer, names, Tile(rest), rest, Literals.Int(whole));
    }

    /// <summary>
    /// Tiles of some queries, whose number is known at run time only: the last is moved back until it is full, and fewer than a tile's are
    /// taken one by one.
    /// </summary>
    /// <param name="from">C# expression of the first; likewise <paramref name="end"/> behind the last.</param>
    /// <param name="rows">Of a tile.</param>
    /// <param name="tile">Writes the call of a tile with so many rows at <c>first</c>.</param>
    public static void EmitAnyQueries(SourceWriter writer, string from, string end, int rows, Action<int> tile)
    {
        string size = Literals.Int(rows), count = from == "0" ? end : $"{end} - {from}";
        writer.Line("// The last tile is moved back until it is full: what is computed twice is the same twice.");
        using (writer.Block($"if ({count} >= {size})"))
        using (writer.Block($"for (int row = {from}; row < {end}; row += {size})"))
        {
            writer.Line($"int first = Math.Min(row, {end} - {size});");
            tile(rows);
        }
        using (writer.Block("else"))
        using (writer.Block($"for (int first = {from}; first < {end}; first++)"))
            tile(1);
    }

    private void EmitTileCall(SourceWriter writer, KernelNames names, Kernel tile, int rows, string first)
    {
        string kept = statistics is null ? "" : $"statistics + {first} * {Literals.Int(statistics.Pitch)} + head, ";
        string target = g.IsRagged ? At(g.Results) : $"y + {first} * {Literals.Int(output.Pitch)}";
        writer.Line($"{names.Use(tile)}(q + {first} * {Literals.Int(g.Query.Pitch)}, scratch, v, {At(g.Scores)}, "
            + $"{At(g.Inverses)}, {kept}{target}"
            + $"{(_options.NeedsFirst ? ", " + first : "")}{(g.Key.HasLengths ? ", keyCount" : "")}"
            + $"{_options.Arguments(first, g.ForwardFactors)});");
        if (g.IsRagged)
        {
            EmitCopy(writer, At(g.Results), g.PaddedValue, $"y + {first} * {Literals.Int(output.Pitch)}",
                output.Pitch, Literals.Int(rows), g.Op.ValueSize, clear: false);
        }
    }

    /// <summary>A place in working memory.</summary>
    public static string At(long offset) => Literals.Plus("scratch", offset);

    /// <summary>Rows of some columns to [row / 16][column][16 rows].</summary>
    public static void EmitToLanes(SourceWriter writer, AttentionGeometry g, string rows, int pitch, string lanes, int columns)
    {
        using (writer.Block($"for (int first = 0; first < {g.KeyCount}; first += 16)"))
        {
            string count = !g.Key.HasLengths && g.Keys % Layout.Block == 0 ? "16" : $"Math.Min(16, {g.KeyCount} - first)";
            writer.Line($"Transposition.ToLanes({rows} + first * {Literals.Int(pitch)}, {Literals.Int(pitch)}, {count}, "
                + $"{lanes} + first * {Literals.Int(columns)}, {Literals.Int(columns)});");
        }
    }

    /// <summary>Some columns of rows to rows of another distance.</summary>
    /// <param name="clear">What is behind them in the target becomes zero.</param>
    public static void EmitCopy(SourceWriter writer, string from, int fromPitch, string to, int toPitch, string rows,
        int columns, bool clear = true)
        => writer.Line($"Relayout.CopyColumns({from}, {Literals.Int(fromPitch)}, {to}, {Literals.Int(toPitch)}, {rows}, "
            + $"{Literals.Int(columns)}, {Literals.Int(clear ? Layout.RoundUp(columns) : columns)});");

    private Kernel Tile(int rows) => new($"{name}Tile{Literals.Int(rows)}", summary,
        $"Microkernel: {ConvolutionRows.Count(rows, "query")} of one head with all keys.",
        [
            Floats("query"), Floats("keys"), Floats("values"), Floats("scores"), Floats("inverses"),
            .. If(statistics is not null, Floats("statistics")), Floats("output"), .. If(_options.NeedsFirst, Int("first")),
            .. If(g.Key.HasLengths, Int("keyCount")),
            .. _options.Parameters,
        ], (writer, isa, names) =>
        {
            EmitKeyCount(writer, g, isa, rows);
            EmitScores(writer, isa, g, rows, "query", g.Query.Pitch, "keys", "scores", g.Op.HeadSize, g.Op.Scale, _options.Bias(isa));
            EmitSoftmax(writer, isa, names, rows);
            EmitWeightedSums(writer, isa, g, rows, "scores", "values", g.ValuePitch, "output", g.IsRagged ? g.PaddedValue : output.Pitch,
                g.PaddedValue, "The values of each key, as much of each as its probability", "inverses");
        });

    /// <summary>Declares how many keys the queries of a tile have, and in how many groups of vectors.</summary>
    public static void EmitKeyCount(SourceWriter writer, AttentionGeometry g, VectorIsa isa, int rows)
    {
        int width = 2 * isa.Lanes;
        if (!g.CountsKeys)
            return;
        string groups = $"padded = (count + {Literals.Int(width - 1)}) / {Literals.Int(width)} * {Literals.Int(width)};";
        if (!g.Op.IsCausal)
        {
            writer.Line($"int count = keyCount, {groups}");
            return;
        }
        string end = Literals.Plus("first", rows);
        writer.Line($"// Query i has the keys {(g.Op.Window is int window ? $"i − {Literals.Int(window - 1)}" : "0")} to i.");
        writer.Line($"int count = Math.Min({end}, {g.KeyCount}), {groups}");
        AttentionOptionCode.EmitWindow(writer, g, width);
    }

    /// <summary>The first key of a tile, rounded down to a group of vectors.</summary>
    public static string Start(AttentionGeometry g) => g.Op.Window is null ? "0" : "start";

    /// <summary>Keys of a tile in whole groups of vectors.</summary>
    public static string Padded(AttentionGeometry g, VectorIsa isa)
        => g.CountsKeys ? "padded" : Literals.Int((g.Keys + 2 * isa.Lanes - 1) / (2 * isa.Lanes) * (2 * isa.Lanes));

    /// <summary>Products of some rows with all keys, which lie in the lanes.</summary>
    /// <param name="bias">What is added to them; null for nothing.</param>
    public static void EmitScores(SourceWriter writer, VectorIsa isa, AttentionGeometry g, int rows, string operand, int pitch,
        string lanes, string scores, int features, float scale, DistanceBias? bias = null)
    {
        int width = 2 * isa.Lanes;
        long block = (long)features * Layout.Block;
        var tile = new RegisterTile(rows, 2)
        {
            RowOperand = operand,
            VectorOperand = "block",
            RowOffset = row => row * pitch,
            VectorOffset = v => Stride.OfVector(isa, v, block),
        };
        string padded = Padded(g, isa), start = Start(g), first = start == "0" ? "0" : $"{start} / {Literals.Int(width)}";
        writer.Line($"// Products with {Literals.Int(width)} keys at a time.");
        bias?.EmitBefore(writer);
        using (writer.Block($"for (int group = {first}, key = {start}; key < {padded}; group++, key += {Literals.Int(width)})"))
        {
            writer.Line($"float* block = {lanes} + {TileShapes.OfGroup(width, block)};");
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            tile.EmitReductions(
                writer, isa, [new Reduction([], features, 1, Layout.Block, $"Sum over {Literals.Int(features)} features.")]);
            string factor = isa.Broadcast(Literals.Float(scale));
            bias?.EmitGroup(writer);
            for (int row = 0; row < rows; row++)
            {
                for (int v = 0; v < 2; v++)
                {
                    string sum = tile.Accumulator(row, v);
                    writer.Line(isa.Store(bias is not null ? bias.Added(sum, factor, row, v) : scale == 1 ? sum : $"({sum} * {factor})",
                        Literals.Plus($"{scores} + key", row * (long)g.PaddedKeys + v * isa.Lanes)));
                }
            }
        }
    }

    private void EmitSoftmax(SourceWriter writer, VectorIsa isa, KernelNames names, int rows)
    {
        string padded = Padded(g, isa), lanes = Literals.Int(isa.Lanes), start = Start(g);
        writer.Line("// Exponentials, the largest score taken off first so that none overflows; their sum divides the result.");
        using (writer.Block($"for (int row = 0; row < {Literals.Int(rows)}; row++)"))
        {
            writer.Line($"float* score = scores + row * {Literals.Int(Pitch)};");
            _options.EmitMask(writer, isa, "score");
            EmitFill(writer, g, isa, "score", "float.NegativeInfinity");
            writer.Line($"{isa.Type} most = {isa.Load(start == "0" ? "score" : $"score + {start}")};");
            using (writer.Block($"for (int key = {(start == "0" ? lanes : $"{start} + {lanes}")}; key < {padded}; key += {lanes})"))
                writer.Line($"most = {isa.Static}.Max(most, {isa.Load("score + key")});");
            writer.Line($"float largest = {EmitLargest(writer, isa)};");
            if (g.HasEmptyRows)
            {
                writer.Line("// Where nothing is seen, all powers shall be zero.");
                writer.Line("if (float.IsNegativeInfinity(largest))");
                using (writer.Indent())
                    writer.Line("largest = 0;");
            }
            writer.Line($"{isa.Type} shift = {isa.Broadcast("largest")}, sums = {isa.Zero};");
            _options.EmitDraw(writer, padded);
            using (writer.Block($"for (int key = {start}; key < {padded}; key += {lanes})"))
            {
                writer.Line($"{isa.Type} power = {names.Math(Exponential.Exp)}({isa.Load("score + key")} - shift);");
                writer.Line("sums += power;");
                writer.Line(isa.Store(g.Op.Drops ? $"(power * {isa.Load("factors + key")})" : "power", "score + key"));
            }
            writer.Line($"float sum = {isa.Static}.Sum(sums);");
            writer.Line(g.HasEmptyRows ? "inverses[row] = sum == 0 ? 0 : 1 / sum;" : "inverses[row] = 1 / sum;");
            if (statistics is not null)
            {
                string logarithm = g.HasEmptyRows ? "(sum == 0 ? 0 : MathF.Log(sum))" : "MathF.Log(sum)";
                writer.Line($"statistics[row * {Literals.Int(statistics.Pitch)}] = largest + {logarithm};");
            }
        }
    }

    /// <summary>Scores of keys that the query of a row does not have.</summary>
    public static void EmitFill(SourceWriter writer, AttentionGeometry g, VectorIsa isa, string pointer, string value)
    {
        string padded = Padded(g, isa);
        if (!g.CountsKeys && padded == g.KeyCount)
            return;
        AttentionOptionCode.EmitFillBefore(writer, g, pointer, value);
        string present = g.Op.IsCausal ? $"Math.Min(first + row + 1, {g.KeyCount})" : g.KeyCount;
        using (writer.Block($"for (int key = {present}; key < {padded}; key++)"))
            writer.Line($"{pointer}[key] = {value};");
    }

    /// <summary>The expression of the largest lane of the vector <c>most</c>, which is halved first.</summary>
    public static string EmitLargest(SourceWriter writer, VectorIsa isa)
    {
        string vector = "most";
        for (int bits = isa.Bits; bits > 128; bits /= 2)
        {
            string half = $"Vector{Literals.Int(bits / 2)}", next = "most" + Literals.Int(bits / 2);
            writer.Line($"{half}<float> {next} = {half}.Max({vector}.GetLower(), {vector}.GetUpper());");
            vector = next;
        }
        return $"Math.Max(Math.Max({vector}.GetElement(0), {vector}.GetElement(1)), "
            + $"Math.Max({vector}.GetElement(2), {vector}.GetElement(3)))";
    }

    /// <summary>For each row, what its keys' numbers weigh of the keys' vectors.</summary>
    /// <param name="weights">A row's numbers, by key.</param>
    /// <param name="vectors">Vectors of features, by key.</param>
    /// <param name="inverses">What each row's result is multiplied by; null for nothing.</param>
    public static void EmitWeightedSums(SourceWriter writer, VectorIsa isa, AttentionGeometry g, int rows, string weights, string vectors,
        int pitch, string target, int targetPitch, int features, string comment, string? inverses)
    {
        writer.Line($"// {comment}.");
        (string row0, string vector0) = (weights, vectors);
        if (g.Op.Window is not null)
        {
            // From the first key that a query of the tile has.
            (row0, vector0) = (weights + "Seen", vectors + "Seen");
            writer.Line($"float* {row0} = {weights} + begin, {vector0} = {vectors} + begin * {Literals.Int(pitch)};");
        }
        foreach (TileRun groups in TileShapes.Groups(features / isa.Lanes, Math.Min(2, features / isa.Lanes)))
        {
            int width = groups.Size * isa.Lanes, start = groups.Start * isa.Lanes;
            var tile = new RegisterTile(rows, groups.Size)
            {
                RowOperand = row0,
                VectorOperand = "columns",
                RowOffset = row => row * g.PaddedKeys,
                VectorOffset = v => v * isa.Lanes,
            };
            using var scopes = new BlockStack(writer);
            string offset = Literals.Int(start);
            if (groups.Count > 1)
            {
                scopes.Open($"for (int feature = 0; feature < {Literals.Int(width * groups.Count)}; feature += {Literals.Int(width)})");
                offset = "feature";
            }
            else
            {
                scopes.Open();
            }
            writer.Line($"float* columns = {vector0} + {offset};");
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            tile.EmitReductions(writer, isa, [g.CountsKeys
                ? new Reduction([new ReductionLoop("Key", g.Op.Window is null ? "count" : "seen", 1, pitch)], 1, 0, 0, "Sum over the keys.")
                : new Reduction([], g.Keys, 1, pitch, $"Sum over {Literals.Int(g.Keys)} keys.")]);
            for (int row = 0; row < rows; row++)
            {
                for (int v = 0; v < groups.Size; v++)
                {
                    string sum = tile.Accumulator(row, v);
                    writer.Line(isa.Store(inverses is null ? sum : $"({sum} * {isa.Broadcast($"{inverses}[{Literals.Int(row)}]")})",
                        Literals.Plus($"{target} + {offset}", row * (long)targetPitch + v * isa.Lanes)));
                }
            }
        }
    }
}
