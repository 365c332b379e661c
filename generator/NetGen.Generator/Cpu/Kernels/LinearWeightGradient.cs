using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Gradient of a linear layer's weights: rows of a tile are input features, vectors are output features, the sum runs over the samples.
/// </summary>
/// <remarks>
/// <para>
/// A fully connected layer has as many weights as multiply-adds per sample, so that the optimiser's traffic counts: a worker
/// computes the gradients of neighbouring weights, those that it will update, and fetches their cache lines while it computes.
/// </para>
/// <para>
/// Many samples, such as all positions of sequences, are more than caches hold, and each tile would read them all. So some of them pass
/// at a time, by all tiles of a panel, whose sums wait in the place of the gradients meanwhile: as in registers, to the bit. Blocks of
/// <see cref="LongSum.MaxTerms"/> go on in double precision, in working memory.
/// </para>
/// </remarks>
internal sealed class LinearWeightGradient(string name, string summary, LinearKernels.Geometry g)
{
    /// <summary>Rows of the largest tile.</summary>
    private const int MaxRows = 14;

    /// <summary>Samples that pass at a time; a block of a sum is a multiple of them.</summary>
    private const int SamplesAtATime = LongSum.MaxTerms / 4;

    /// <summary>Gradients of a panel: with what its tiles read at a time they stay in L2.</summary>
    private const int PanelFloats = 3 * CommonL2.HalfFloats / 4;

    /// <summary>Floats of a worker's memory for totals. Tiles are of two sizes at most, and places for them of the larger.</summary>
    public static long ScratchLength(LinearKernels.Geometry g) => 2 * Math.Min(PanelFloats, 2 * g.WeightBlock * g.OutBlocks);

    public Kernel Create()
        => new(name, summary, $"Weights packed [{Literals.Int(g.OutBlocks)}][{Literals.Int(g.InFeatures)}][16 outputs].",
            [Floats("input"), Floats("outputGradient"), Floats("weights"), Floats("weightGradient"), Floats("scratch"), Samples, .. Share],
            EmitDriver) { IsHot = false };

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int vectors = Math.Min(2, g.Vectors(isa));
        IReadOnlyList<TileRun> tiles = TileShapes.Split(g.InFeatures, Math.Min(TileShapes.MaxRows(isa.Registers, vectors), MaxRows));
        foreach (TileRun groups in TileShapes.Groups(g.Vectors(isa), vectors))
            EmitGroups(writer, isa, names, tiles, groups);
    }

    /// <summary>Groups of vectors of output features, each with all tiles of input features.</summary>
    private void EmitGroups(SourceWriter writer, VectorIsa isa, KernelNames names, IReadOnlyList<TileRun> tiles, TileRun groups)
    {
        int lanes = groups.Start * isa.Lanes, width = groups.Size * isa.Lanes, tilesOfGroup = tiles.Sum(t => t.Count);
        int tasks = groups.Count * tilesOfGroup, tileFloats = tiles[0].Size * width, panel = Math.Max(1, PanelFloats / tileFloats);
        string features = Literals.Int(width) + " output features",
            ofGroup = ConvolutionRows.Count(tilesOfGroup, "tile") + " of input features";
        string what = groups.Count > 1
            ? $"{Literals.Int(groups.Count)} groups of {features} × {ofGroup}, in the order of the weights"
            : $"{ofGroup} for {features}, in the order of the weights";
        writer.Line($"// Tasks: {what}{(tasks > panel ? $"; {Literals.Int(panel)} at a time" : "")}.");
        const string begin = "panel", end = "end";
        using var scopes = new BlockStack(writer);
        if (tasks > panel)
        {
            scopes.Open(TaskShare.Loop(tasks, begin, "stop", step: panel));
            writer.Line($"int {end} = Math.Min({begin} + {Literals.Int(panel)}, stop);");
        }
        else
        {
            scopes.Open();
            writer.Line(TaskShare.Declare(tasks, begin, end));
        }
        writer.Line("// Some samples at a time pass by all tasks; their sums wait in the place of the gradients.");
        using (writer.Block($"for (int first = 0; first < samples; first += {Literals.Int(SamplesAtATime)})"))
        {
            writer.Line($"int count = Math.Min({Literals.Int(SamplesAtATime)}, samples - first);");
            using (writer.Block($"for (int task = {begin}; task < {end}; task++)"))
            {
                string outputs = EmitTask(writer, tiles, groups, lanes, width);
                EmitFetch(writer, width, RowsOf(tiles));
                for (int i = 0; i < tiles.Count; i++)
                {
                    string call = $"{names.Use(Tile(isa, tiles[i].Size, groups.Size))}("
                        + $"input + first * {Literals.Int(g.InputStride)}L + row, "
                        + $"outputGradient + first * {Literals.Int(g.OutputStride)}L{outputs}, weightGradient + at, "
                        + $"first % {Literals.Int(LongSum.MaxTerms)} == 0, count);";
                    string which = i == 0 ? $"if (tile < {Literals.Int(tiles[0].Count)})" : "else";
                    writer.Line(tiles.Count == 1 ? call : which + "\n    " + call);
                }
            }
            string isFull = $"first % {Literals.Int(LongSum.MaxTerms)} == {Literals.Int(LongSum.MaxTerms - SamplesAtATime)}";
            EmitTotals($"{isFull} && first + count < samples", "LongSums.AddRows", $", first > {Literals.Int(LongSum.MaxTerms)}",
                "A block of the sums is full, and goes on in double precision.");
        }
        EmitTotals($"samples > {Literals.Int(LongSum.MaxTerms)}", "LongSums.FinishRows", "", "The last block, and the totals rounded once.");

        void EmitTotals(string condition, string method, string more, string comment)
        {
            writer.Line($"// {comment}");
            using (writer.Block($"if ({condition})"))
            using (writer.Block($"for (int task = {begin}; task < {end}; task++)"))
            {
                EmitTask(writer, tiles, groups, lanes, width);
                writer.Line($"double* totals = (double*)scratch + (task - {begin}) * {Literals.Int(tileFloats)};");
                string rows = RowsOf(tiles);
                for (int b = 0; b < Math.Max(1, width / Layout.Block); b++)
                {
                    string own = b == 0 ? "totals" : $"totals + {rows} * {Literals.Int(b * Layout.Block)}";
                    writer.Line($"{method}({Literals.Plus("weightGradient + at", b * g.WeightBlock)}, {own}, {rows}, "
                        + $"{Literals.Int(Math.Min(width, Layout.Block))}{more});");
                }
            }
        }
    }

    /// <summary>Declares a task's first input feature, and where its weights begin.</summary>
    /// <returns>What is added to lead to its output features.</returns>
    private string EmitTask(SourceWriter writer, IReadOnlyList<TileRun> tiles, TileRun groups, int lanes, int width)
    {
        int tilesOfGroup = tiles.Sum(t => t.Count);
        string outputs = Literals.Plus("", lanes), block = Literals.Int(g.ElementsOf(lanes));
        if (groups.Count > 1)
        {
            writer.Line($"int group = task / {Literals.Int(tilesOfGroup)}, tile = task % {Literals.Int(tilesOfGroup)};");
            (outputs, block) = ($" + group * {Literals.Int(width)}", TileShapes.OfGroup(width, g.WeightBlock));
        }
        string tile = groups.Count > 1 ? "tile" : "task";
        (int size, int count, _) = tiles[0];
        string row = $"{tile} * {Literals.Int(size)}";
        if (tiles.Count > 1)
        {
            if (groups.Count == 1)
                writer.Line("int tile = task;");
            int less = size - tiles[1].Size;
            row += $" - Math.Max(0, tile - {Literals.Int(count)})" + (less == 1 ? "" : $" * {Literals.Int(less)}");
            writer.Line($"int rows = tile < {Literals.Int(count)} ? {Literals.Int(size)} : {Literals.Int(tiles[1].Size)};");
        }
        writer.Line($"int row = {row}, at = {(block == "0" ? "" : block + " + ")}row * {Literals.Int(Layout.Block)};");
        return outputs;
    }

    /// <summary>C# expression of a task's input features.</summary>
    private static string RowsOf(IReadOnlyList<TileRun> tiles) => tiles.Count > 1 ? "rows" : Literals.Int(tiles[0].Size);

    private void EmitFetch(SourceWriter writer, int width, string rows)
    {
        writer.Line("// The optimiser's turn is next; other cores have copies of the weights.");
        writer.Line("if (workers > 1 && first == 0)");
        int blocks = Math.Max(1, width / Layout.Block);
        using (blocks > 1 ? writer.Block() : writer.Indent())
        {
            for (int b = 0; b < blocks; b++)
            {
                writer.Line($"CacheLines.FetchForWriting({Literals.Plus("weights + at", b * g.WeightBlock)}, "
                    + $"{rows} * {Literals.Int(Layout.Block)});");
            }
        }
    }

    private Kernel Tile(VectorIsa isa, int rows, int vectors)
        => new($"{name}Tile{Literals.Int(rows)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {Literals.Int(rows)} input features × {Literals.Int(vectors)} vectors of output features, "
            + $"{Literals.Int(rows * vectors)} accumulators, which begin with zero or go on from where they were.",
            [Floats("input"), Floats("outputGradient"), Floats("weightGradient"), Bool("begins"), Samples],
            (writer, _, _) => EmitTile(writer, isa, rows, vectors));

    private void EmitTile(SourceWriter writer, VectorIsa isa, int rows, int vectors)
    {
        var tile = new RegisterTile(rows, vectors)
        {
            VectorOperand = "outputGradient",
            VectorOffset = v => v * isa.Lanes,
        };
        tile.EmitAccumulators(writer, isa, "begins", (_, _) => isa.Zero, (row, v) => isa.Load(At(row, v)));
        tile.EmitReductions(writer, isa,
            [new Reduction([new ReductionLoop("Sample", "samples", g.InputStride, g.OutputStride)],
                1, 0, 0, "Compute: sum over the samples.")]);
        for (int row = 0; row < rows; row++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v => isa.Store(tile.Accumulator(row, v), At(row, v)))));
        }

        string At(int row, int v) => Stride.OfVector(isa, v, g.WeightBlock).AddTo("weightGradient", row * Layout.Block);
    }
}
