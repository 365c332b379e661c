using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Functions;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.AttentionKernel;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The backward pass of attention: the probabilities of a block of queries are computed again from the scores and the logarithm of their
/// sum. With P the probabilities and dP = dO vᵀ, the scores' gradient is dS = P (dP − Σ P dP); then dq = scale · dS k, and over all queries
/// dk = scale · dSᵀ q and dv = Pᵀ dO.
/// </summary>
/// <param name="gradient">The output's gradient; its heads are those of the values.</param>
internal sealed class AttentionGradientKernel(
    string name, string summary, AttentionGeometry g, Layout gradient, Layout statistics, Layout? drawn,
    (Layout Query, Layout Key, Layout Value) gradients)
{
    private readonly AttentionOptionCode _options = new(g);

    private const int BlockRows = AttentionGeometry.QueryBlock;

    private int HeadSize => g.Op.HeadSize;

    private int ValueSize => g.Op.ValueSize;

    /// <summary>Floats between what are rows of one head in memory: in the values themselves, or in the copies.</summary>
    private int KeyGradientPitch => g.IsRagged ? g.PaddedHead : gradients.Key.Pitch;

    private int QueryGradientPitch => g.IsRagged ? g.PaddedHead : gradients.Query.Pitch;

    private int ValueGradientPitch => g.IsRagged ? g.PaddedValue : gradients.Value.Pitch;

    private int OutputGradientPitch => g.IsRagged ? g.PaddedValue : gradient.Pitch;

    public Kernel Create()
    {
        string layouts = Elementwise.Describe(
            [("output gradient", gradient), ("query", g.Query), ("key", g.Key), ("value", g.Value)], gradients.Query);
        return new Kernel(name, summary, $"{g.Words}. {layouts}",
            [
                Floats("outputGradient"), Floats("query"), Floats("key"), Floats("value"), .. If(g.Mask is not null, Floats("mask")),
                Floats("statistics"), .. If(drawn is not null, Floats("drawn")), Floats("queryGradient"), Floats("keyGradient"),
                Floats("valueGradient"), Floats("scratch"), .. If(drawn is not null, Int("stream")),
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
        string advance = Elementwise.Advance(
            [
                ("outputGradient", gradient), ("query", g.Query), ("key", g.Key), ("value", g.Value), ("statistics", statistics),
                ("queryGradient", gradients.Query), ("keyGradient", gradients.Key), ("valueGradient", gradients.Value),
                .. _options.Operands(drawn),
            ]);
        using (writer.Block($"for (int n = 0; n < samples; n++, {advance})"))
            EmitSample(writer, isa, names);
    }

    private void EmitSample(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        if (drawn is not null)
            AttentionOptionCode.EmitReadDrawn(writer);
        using (writer.Block($"for (int shared = 0; shared < {Literals.Int(g.Op.KeyValueHeads)}; shared++)"))
        {
            EmitKeys(writer);
            string first = $"shared * {Literals.Int(g.Group)}";
            using (writer.Block($"for (int head = {first}; head < {Literals.Plus(first, g.Group)}; head++)"))
                EmitHead(writer, isa, names);
            EmitKeyGradients(writer);
        }
        // Where queries, keys and values are one, so are their gradients.
        Elementwise.EmitClearFeatures(writer, gradients.Query, "queryGradient", g.QueryCount);
        Elementwise.EmitClearFeatures(writer, gradients.Key, "keyGradient", g.KeyCount);
        Elementwise.EmitClearFeatures(writer, gradients.Value, "valueGradient", g.KeyCount);
    }

    /// <summary>What a head of keys and values is read as, and its gradients, which start from zero.</summary>
    private void EmitKeys(SourceWriter writer)
    {
        string k = Literals.Plus($"key + shared * {Literals.Int(HeadSize)}", g.Op.KeyStart),
            v = Literals.Plus($"value + shared * {Literals.Int(ValueSize)}", g.Op.ValueStart);
        writer.Line("// The keys and values of the head go into the lanes.");
        EmitToLanes(writer, g, k, g.Key.Pitch, "scratch", HeadSize);
        EmitToLanes(writer, g, v, g.Value.Pitch, At(g.LaneValues), ValueSize);
        if (g.IsRagged)
        {
            EmitCopy(writer, k, g.Key.Pitch, At(g.CopiedKeys), g.PaddedHead, g.KeyCount, HeadSize);
            writer.Line($"float* k = {At(g.CopiedKeys)}, dk = {At(g.KeyGradients)}, dv = {At(g.ValueGradients)};");
        }
        else
        {
            writer.Line($"float* k = {k}, dk = {Literals.Plus($"keyGradient + shared * {Literals.Int(HeadSize)}", g.Op.KeyStart)}, "
                + $"dv = {Literals.Plus($"valueGradient + shared * {Literals.Int(ValueSize)}", g.Op.ValueStart)};");
        }
        using (writer.Block($"for (int row = 0; row < {g.KeyCount}; row++)"))
        {
            int head = g.IsRagged ? g.PaddedHead : HeadSize, value = g.IsRagged ? g.PaddedValue : ValueSize;
            writer.Line($"new Span<float>(dk + row * {Literals.Int(KeyGradientPitch)}, {Literals.Int(head)}).Clear();");
            writer.Line($"new Span<float>(dv + row * {Literals.Int(ValueGradientPitch)}, {Literals.Int(value)}).Clear();");
        }
    }

    private void EmitKeyGradients(SourceWriter writer)
    {
        if (!g.IsRagged)
            return;
        EmitCopy(writer, At(g.KeyGradients), g.PaddedHead,
            Literals.Plus($"keyGradient + shared * {Literals.Int(HeadSize)}", g.Op.KeyStart), gradients.Key.Pitch, g.KeyCount,
            HeadSize,
            clear: false);
        EmitCopy(writer, At(g.ValueGradients), g.PaddedValue,
            Literals.Plus($"valueGradient + shared * {Literals.Int(ValueSize)}", g.Op.ValueStart), gradients.Value.Pitch, g.KeyCount,
            ValueSize,
            clear: false);
    }

    private void EmitHead(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string q = Literals.Plus($"query + head * {Literals.Int(HeadSize)}", g.Op.QueryStart),
            dq = Literals.Plus($"queryGradient + head * {Literals.Int(HeadSize)}", g.Op.QueryStart),
            dy = $"outputGradient + head * {Literals.Int(ValueSize)}";
        if (g.IsRagged)
        {
            EmitCopy(writer, q, g.Query.Pitch, At(g.CopiedQueries), g.PaddedHead, g.QueryCount, HeadSize);
            EmitCopy(writer, dy, gradient.Pitch, At(g.OutputGradients), g.PaddedValue, g.QueryCount, ValueSize);
            writer.Line($"float* q = {At(g.CopiedQueries)}, dq = {At(g.QueryGradients)}, dy = {At(g.OutputGradients)};");
        }
        else
        {
            writer.Line($"float* q = {q}, dq = {dq}, dy = {dy};");
        }
        _options.EmitHead(writer);
        EmitBlocks(writer, isa, names);
        if (g.IsRagged)
        {
            EmitCopy(
                writer, At(g.QueryGradients), g.PaddedHead, dq, gradients.Query.Pitch, g.QueryCount, HeadSize, clear: false);
        }
    }

    /// <summary>Blocks of queries: first their own gradients, tile by tile, then what they add to those of keys and values.</summary>
    private void EmitBlocks(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int tileRows = AttentionGeometry.TileRows(isa), rest = g.Queries % tileRows;
        using (writer.Block($"for (int block = 0; block < {g.QueryCount}; block += {Literals.Int(BlockRows)})"))
        {
            writer.Line($"int end = Math.Min(block + {Literals.Int(BlockRows)}, {g.QueryCount});");
            string keys = g.Op.IsCausal ? "keys" : g.KeyCount;
            if (g.Op.IsCausal)
                writer.Line($"int keys = Math.Min(end, {g.KeyCount});");
            // What the block adds to keys is read in whole tiles of these, which may end behind the block's last.
            string written = keys;
            bool mayEndInTile = g.Query.HasLengths || (g.Queries < g.Keys && g.Queries % tileRows != 0);
            if (g.Op.IsCausal && !g.Key.HasLengths && mayEndInTile)
            {
                written = "tiledKeys";
                writer.Line($"int tiledKeys = (keys + {Literals.Int(tileRows - 1)}) / {Literals.Int(tileRows)} * {Literals.Int(tileRows)};");
            }
            EmitWindow(writer, tileRows);
            if (g.Query.HasLengths)
            {
                EmitAnyQueries(writer, "block", "end", tileRows, count => EmitTileCall(writer, names, QueryTile(count), written));
                EmitKeyTiles(writer, isa, names, keys);
                return;
            }
            string whole = rest == 0 ? "end" : $"end - {Literals.Int(tileRows - 1)}";
            writer.Line("int first = block;");
            if (g.Queries >= tileRows)
            {
                using (writer.Block($"for (; first < {whole}; first += {Literals.Int(tileRows)})"))
                    EmitTileCall(writer, names, QueryTile(tileRows), written);
            }
            if (rest > 0)
            {
                using (writer.Block("if (first < end)"))
                    EmitTileCall(writer, names, QueryTile(rest), written);
            }
            EmitKeyTiles(writer, isa, names, keys);
        }
    }

    private void EmitTileCall(SourceWriter writer, KernelNames names, Kernel tile, string keys)
    {
        string row = $"(first - block) * {Literals.Int(g.PaddedKeys)}";
        writer.Line($"{names.Use(tile)}(q + first * {Literals.Int(g.QueryPitch)}, scratch, "
            + $"dy + first * {Literals.Int(OutputGradientPitch)}, "
            + $"{At(g.LaneValues)}, statistics + first * {Literals.Int(statistics.Pitch)} + head, {At(g.Probabilities)} + {row}, "
            + $"{At(g.Slopes)} + {row}, k, dq + first * {Literals.Int(QueryGradientPitch)}"
            + $"{(_options.NeedsFirst ? ", first" : "")}{(g.Key.HasLengths ? ", keyCount" : "")}{(g.Op.IsCausal ? $", {keys}" : "")}{(g.Op.Window is null ? "" : ", low")}"
            + $"{_options.Arguments("first", g.BackwardFactors)});");
    }

    /// <summary>Declares the first key that a block's queries have, rounded down to a tile of keys.</summary>
    private void EmitWindow(SourceWriter writer, int tileRows)
    {
        if (g.Op.Window is not int window)
            return;
        string begin = $"Math.Max(0, {(window == 1 ? "block" : $"block - {Literals.Int(window - 1)}")})";
        if (g.IsBeyondKeys)
            begin = $"Math.Min({begin}, keys)";
        writer.Line($"int low = {begin} / {Literals.Int(tileRows)} * {Literals.Int(tileRows)};");
    }

    /// <summary>Adds a block's share of the gradients of keys and values.</summary>
    private void EmitKeyTiles(SourceWriter writer, VectorIsa isa, KernelNames names, string keys)
    {
        int rows = AttentionGeometry.TileRows(isa), rest = g.Keys % rows;
        writer.Line("// What the queries add to the gradients of keys and values.");
        if (g.Key.HasLengths)
        {
            string last = Literals.Int(rows - 1);
            writer.Line($"int from = {(g.Op.Window is null ? "0" : "low")};");
            using (writer.Block($"for (; from < {keys} - {last}; from += {Literals.Int(rows)})"))
                EmitAdd(rows, "from");
            using (writer.Block($"for (; from < {keys}; from++)"))
                EmitAdd(1, "from");
            return;
        }
        if (g.Keys >= rows)
        {
            string end = g.Op.IsCausal ? $"Math.Min(keys, {Literals.Int(g.Keys - rest)})" : Literals.Int(g.Keys - rest);
            string low = g.Op.Window is null ? "0" : "low";
            using (writer.Block($"for (int from = {low}; from < {end}; from += {Literals.Int(rows)})"))
                EmitAdd(rows, "from");
        }
        if (rest > 0)
        {
            using (g.Op.IsCausal && g.Keys > rest ? writer.Block($"if (keys > {Literals.Int(g.Keys - rest)})") : writer.Block())
                EmitAdd(rest, Literals.Int(g.Keys - rest));
        }

        void EmitAdd(int count, string key)
        {
            Kernel ofKeys = KeyTile("Key", count, g.IsRagged ? g.PaddedHead : HeadSize, g.QueryPitch, KeyGradientPitch),
                ofValues = KeyTile("Value", count, g.IsRagged ? g.PaddedValue : ValueSize, OutputGradientPitch, ValueGradientPitch);
            writer.Line($"{names.Use(ofKeys)}("
                + $"{At(g.Slopes)} + {key}, q + block * {Literals.Int(g.QueryPitch)}, dk + {key} * {Literals.Int(KeyGradientPitch)}, "
                + "end - block);");
            writer.Line($"{names.Use(ofValues)}("
                + $"{At(g.Probabilities)} + {key}, dy + block * {Literals.Int(OutputGradientPitch)}, "
                + $"dv + {key} * {Literals.Int(ValueGradientPitch)}, end - block);");
        }
    }

    private Kernel QueryTile(int rows) => new($"{name}Tile{Literals.Int(rows)}", summary,
        $"Microkernel: probabilities and gradients of {ConvolutionRows.Count(rows, "query")} of one head.",
        [
            Floats("query"), Floats("keys"), Floats("outputGradient"), Floats("values"), Floats("statistics"), Floats("probabilities"),
            Floats("slopes"), Floats("keyRows"), Floats("queryGradient"), .. If(_options.NeedsFirst, Int("first")),
            .. If(g.Key.HasLengths, Int("keyCount")), .. If(g.Op.IsCausal, Int("blockKeys")),
            .. If(g.Op.Window is not null, Int("blockLow")), .. _options.Parameters,
        ], (writer, isa, names) =>
        {
            EmitKeyCount(writer, g, isa, rows);
            EmitScores(writer, isa, g, rows, "query", g.QueryPitch, "keys", "probabilities", HeadSize, g.Op.Scale, _options.Bias(isa));
            EmitScores(writer, isa, g, rows, "outputGradient", OutputGradientPitch, "values", "slopes", ValueSize, 1);
            EmitSlopes(writer, isa, names, g, statistics, rows, g.Op.Scale, isInBlock: true);
            EmitWeightedSums(writer, isa, g, rows, "slopes", "keyRows", g.KeyPitch, "queryGradient", QueryGradientPitch,
                g.IsRagged ? g.PaddedHead : HeadSize, "The gradients of the queries", inverses: null);
        });

    /// <summary>
    /// From a tile's scores to probabilities as they were used, dropped ones zero, and from the gradients of these to those of the scores.
    /// </summary>
    /// <param name="scale">What the latter are multiplied by.</param>
    /// <param name="isInBlock">The numbers of all keys that the queries of the block have are read later.</param>
    public static void EmitSlopes(SourceWriter writer, VectorIsa isa, KernelNames names, AttentionGeometry g, Layout statistics, int rows,
        float scale, bool isInBlock)
    {
        string padded = Padded(g, isa), lanes = Literals.Int(isa.Lanes), start = Start(g);
        var options = new AttentionOptionCode(g);
        using (writer.Block($"for (int row = 0; row < {Literals.Int(rows)}; row++)"))
        {
            string offset = $"row * {Literals.Int(g.PaddedKeys)}";
            writer.Line($"float* p = probabilities + {offset}, ds = slopes + {offset};");
            options.EmitMask(writer, isa, "p");
            EmitFill(writer, g, isa, "p", "float.NegativeInfinity");
            EmitFill(writer, g, isa, "ds", "0");
            writer.Line($"{isa.Type} shift = {isa.Broadcast($"statistics[row * {Literals.Int(statistics.Pitch)}]")}, sums = {isa.Zero};");
            options.EmitDraw(writer, padded);
            using (writer.Block($"for (int key = {start}; key < {padded}; key += {lanes})"))
            {
                writer.Line($"{isa.Type} share = {names.Math(Exponential.Exp)}({isa.Load("p + key")} - shift);");
                if (g.Op.Drops)
                {
                    writer.Line($"{isa.Type} kept = {isa.Load("ds + key")} * {isa.Load("factors + key")};");
                    writer.Line(isa.Store("kept", "ds + key"));
                }
                writer.Line($"sums = {isa.MultiplyAdd("share", g.Op.Drops ? "kept" : isa.Load("ds + key"), "sums")};");
                writer.Line(isa.Store("share", "p + key"));
            }
            writer.Line($"{isa.Type} mean = {isa.Broadcast($"{isa.Static}.Sum(sums)")}, scale = {isa.Broadcast(Literals.Float(scale))};");
            using (writer.Block($"for (int key = {start}; key < {padded}; key += {lanes})"))
            {
                writer.Line(isa.Store($"({isa.Load("p + key")} * ({isa.Load("ds + key")} - mean) * scale)", "ds + key"));
                if (g.Op.Drops)
                    writer.Line(isa.Store($"({isa.Load("p + key")} * {isa.Load("factors + key")})", "p + key"));
            }
            if (!isInBlock || !g.Op.IsCausal)
                return;
            if (g.Op.Window is not null)
                EmitZeros("// Keys that only earlier queries of the block have.", "blockLow", "start");
            EmitZeros("// Keys of later queries of the block.", "padded", "blockKeys");
        }

        void EmitZeros(string comment, string from, string to)
        {
            writer.Line(comment);
            using (writer.Block($"for (int key = {from}; key < {to}; key++)"))
            {
                writer.Line("p[key] = 0;");
                writer.Line("ds[key] = 0;");
            }
        }
    }

    /// <summary>For some keys, what the queries' vectors weigh of their numbers, added to what is there.</summary>
    /// <param name="kind">Of what it is the gradient.</param>
    private Kernel KeyTile(string kind, int rows, int features, int vectorPitch, int targetPitch) => new(
        $"{name}{kind}Tile{Literals.Int(rows)}", summary,
        $"Microkernel: adds to the gradients of {ConvolutionRows.Count(rows, kind.ToLowerInvariant())}.",
        [Floats("numbers"), Floats("vectors"), Floats("target"), Int("queries")], (writer, isa, _) =>
        {
            foreach (TileRun groups in TileShapes.Groups(features / isa.Lanes, Math.Min(2, features / isa.Lanes)))
            {
                int width = groups.Size * isa.Lanes;
                var tile = new RegisterTile(rows, groups.Size)
                {
                    RowOperand = "numbers",
                    VectorOperand = "columns",
                    VectorOffset = v => v * isa.Lanes,
                };
                using (writer.Block($"for (int feature = {Literals.Int(groups.Start * isa.Lanes)}; "
                    + $"feature < {Literals.Int(groups.Start * isa.Lanes + width * groups.Count)}; feature += {Literals.Int(width)})"))
                {
                    writer.Line("float* columns = vectors + feature, sums = target + feature;");
                    tile.EmitAccumulators(writer, isa, (row, v) => isa.Load(Sum(row, v)));
                    var queries = new ReductionLoop("Query", "queries", g.PaddedKeys, vectorPitch);
                    tile.EmitReductions(writer, isa, [new Reduction([queries], 1, 0, 0, "Sum over the queries.")]);
                    for (int row = 0; row < rows; row++)
                    {
                        for (int v = 0; v < groups.Size; v++)
                            writer.Line(isa.Store(tile.Accumulator(row, v), Sum(row, v)));
                    }
                }
            }

            string Sum(int row, int v) => Literals.Plus("sums", row * (long)targetPitch + v * isa.Lanes);
        });
}
