using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Gradient of a linear layer's weights: rows of a tile are input features, vectors are output features, the sum runs over the samples.
/// </summary>
/// <remarks>
/// A fully connected layer has as many weights as multiply-adds per sample, so that the optimiser's traffic counts: a worker
/// computes the gradients of neighbouring weights, those that it will update, and fetches their cache lines while it computes.
/// </remarks>
internal sealed class LinearWeightGradient(string name, string summary, LinearKernels.Geometry g)
{
    /// <summary>Rows of the largest tile.</summary>
    private const int MaxRows = 14;

    public Kernel Create()
        => new(name, summary, $"Weights packed [{Literals.Int(g.OutBlocks)}][{Literals.Int(g.InFeatures)}][16 outputs].",
            [Floats("input"), Floats("outputGradient"), Floats("weights"), Floats("weightGradient"), Samples, .. Share],
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
        string features = Literals.Int(width) + " output features",
            ofGroup = ConvolutionRows.Count(tilesOfGroup, "tile") + " of input features";
        writer.Line(groups.Count > 1
            ? $"// Tasks: {Literals.Int(groups.Count)} groups of {features} × {ofGroup}, in the order of the weights."
            : $"// Tasks: {ofGroup} for {features}, in the order of the weights.");
        using (writer.Block(TaskShare.Loop(groups.Count * tilesOfGroup, groups.Count > 1 ? "task" : "tile")))
        {
            string outputs = Literals.Plus("outputGradient", lanes),
                block = Literals.Int(lanes / Layout.Block * g.WeightBlock + lanes % Layout.Block);
            if (groups.Count > 1)
            {
                writer.Line($"int group = task / {Literals.Int(tilesOfGroup)}, tile = task % {Literals.Int(tilesOfGroup)};");
                (outputs, block) = ($"outputGradient + group * {Literals.Int(width)}", TileShapes.OfGroup(width, g.WeightBlock));
            }
            EmitRow(writer, tiles, block, out string floats);
            EmitFetch(writer, width, floats);
            for (int i = 0; i < tiles.Count; i++)
            {
                string call = $"{names.Use(Tile(isa, tiles[i].Size, groups.Size))}(input + row, {outputs}, weightGradient + at, samples);";
                writer.Line(tiles.Count == 1 ? call : (i == 0 ? $"if (tile < {Literals.Int(tiles[0].Count)})" : "else") + "\n    " + call);
            }
        }
    }

    /// <summary>Declares the tile's first input feature, and where its weights begin.</summary>
    /// <param name="floats">C# expression of the tile's weights in a block of output features.</param>
    private static void EmitRow(SourceWriter writer, IReadOnlyList<TileRun> tiles, string block, out string floats)
    {
        (int size, int count, _) = tiles[0];
        string row = $"tile * {Literals.Int(size)}";
        floats = Literals.Int(size * Layout.Block);
        if (tiles.Count > 1)
        {
            int less = size - tiles[1].Size;
            row += $" - Math.Max(0, tile - {Literals.Int(count)})" + (less == 1 ? "" : $" * {Literals.Int(less)}");
            floats = $"tile < {Literals.Int(count)} ? {floats} : {Literals.Int(tiles[1].Size * Layout.Block)}";
        }
        writer.Line($"int row = {row}, at = {(block == "0" ? "" : block + " + ")}row * {Literals.Int(Layout.Block)};");
    }

    private void EmitFetch(SourceWriter writer, int width, string floats)
    {
        writer.Line("// The optimiser's turn is next; other cores have copies of the weights.");
        writer.Line("if (workers > 1)");
        int blocks = Math.Max(1, width / Layout.Block);
        using (blocks > 1 ? writer.Block() : writer.Indent())
        {
            for (int b = 0; b < blocks; b++)
                writer.Line($"CacheLines.FetchForWriting({Literals.Plus("weights + at", b * g.WeightBlock)}, {floats});");
        }
    }

    private Kernel Tile(VectorIsa isa, int rows, int vectors)
        => new($"{name}Tile{Literals.Int(rows)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {Literals.Int(rows)} input features × {Literals.Int(vectors)} vectors of output features, "
            + $"{Literals.Int(rows * vectors)} accumulators.",
            [Floats("input"), Floats("outputGradient"), Floats("weightGradient"), Samples],
            (writer, _, _) => EmitTile(writer, isa, rows, vectors));

    private void EmitTile(SourceWriter writer, VectorIsa isa, int rows, int vectors)
    {
        var tile = new RegisterTile(rows, vectors)
        {
            IsUnbounded = true,
            VectorOperand = "outputGradient",
            VectorOffset = v => v * isa.Lanes,
        };
        tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
        tile.EmitReductions(writer, isa,
            [new Reduction([new ReductionLoop("Sample", "samples", g.InputStride, g.OutputStride)],
                1, 0, 0, "Compute: sum over the samples.")]);
        for (int row = 0; row < rows; row++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                isa.Store(tile.Accumulator(row, v), Stride.OfVector(isa, v, g.WeightBlock).AddTo("weightGradient", row * Layout.Block)))));
        }
    }
}
