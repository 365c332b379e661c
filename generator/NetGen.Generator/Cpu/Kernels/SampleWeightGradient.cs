using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// A convolution's weight gradient with sample lanes: vectors hold 16 samples; rows of the tile are output channels, columns neighbouring
/// taps; lanes are summed at the end.
/// </summary>
internal sealed class SampleWeightGradient(string name, string summary, ConvolutionGeometry g)
{
    /// <summary>With fewer tasks than this, they are made smaller.</summary>
    private const int FewTasks = 16;

    private const int MaxTilesOfTask = 4;

    /// <summary>Taps of a tile.</summary>
    private const int MaxTaps = 8;

    public Kernel Create()
    {
        string remarks = $"Sample lanes. Input {g.Source}; output gradient {g.Target}.";
        return new Kernel(name, summary, remarks, ConvolutionWeightGradient.Parameters(Blocks), EmitDriver) { IsHot = false };
    }

    /// <summary>The tiles of one instruction set.</summary>
    /// <param name="Channels">Most output channels of a tile.</param>
    /// <param name="Taps">The taps of a row, in tiles.</param>
    /// <param name="ByTile">Few rows of taps would leave some workers with half as much again as others: then each tile is a task.</param>
    private sealed record Tiling(int Channels, IReadOnlyList<TileRun> ChannelTiles, IReadOnlyList<TileRun> Taps, bool ByTile)
    {
        public int OfTask => ChannelTiles.Sum(t => t.Count) * Taps.Sum(t => t.Count);
    }

    private Tiling Choose(VectorIsa isa)
    {
        (int channels, int taps) = ChooseTile(isa);
        var tiling = new Tiling(channels, TileShapes.Split(g.TargetChannels, channels),
            TileShapes.Split(g.Taps.Width, taps), ByTile: false);
        bool isFew = g.SourceChannels * g.Taps.Height < FewTasks && g.TargetChannels <= Layout.Block;
        return tiling with { ByTile = isFew && tiling.OfTask is > 1 and <= MaxTilesOfTask };
    }

    private (int Channels, int Taps) ChooseTile(VectorIsa isa)
    {
        int channels = Math.Min(Layout.Block, g.TargetChannels), bestProduct = 0;
        (int, int) best = (1, 1);
        for (int taps = 1; taps <= Math.Min(g.Taps.Width, MaxTaps); taps++)
        {
            int limit = Math.Min(channels, (isa.Registers - taps - 1) / taps);
            if (limit < 1)
                continue;
            int tiles = (channels + limit - 1) / limit, size = (channels + tiles - 1) / tiles;
            if (size * taps > bestProduct)
            {
                bestProduct = size * taps;
                best = (size, taps);
            }
        }
        return best;
    }

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        Tiling tiling = Choose(isa);
        int rows = g.SourceChannels * g.Taps.Height;
        string tiles = Literals.Int(tiling.OfTask), height = Literals.Int(g.Taps.Height);
        string ofTiles = tiling.ByTile ? $" × {tiles} tiles of taps and output channels" : "";
        writer.Line($"// Tasks: {ConvolutionRows.Count(g.SourceChannels, "input channel")} "
            + $"× {ConvolutionRows.Count(g.Taps.Height, "tap row")}{ofTiles}.");
        using (writer.Block(TaskShare.Loop(tiling.ByTile ? rows * tiling.OfTask : rows, "task")))
        {
            writer.Line(tiling.ByTile
                ? $"int tile = task % {tiles}, tapRow = task / {tiles} % {height}, "
                    + $"channel = task / {Literals.Int(tiling.OfTask * g.Taps.Height)};"
                : $"int tapRow = task % {height}, channel = task / {height};");
            ConvolutionWeightGradient.EmitRowRange(writer, g);
            writer.Line($"float* x = input + channel * {Literals.Int(g.Source.PlaneStride)} + {ConvolutionWeightGradient.FirstSource(g)};");
            writer.Line($"float* dy = outputGradient + {ConvolutionWeightGradient.FirstTarget(g)};");
            writer.Line($"float* dw = weightGradient + {g.SourceChannelStride.At("channel")} + tapRow * {Literals.Int(g.TapRowStride)};");
            if (tiling.ByTile)
            {
                EmitTiles(writer, isa, names, tiling);
                return;
            }
            foreach (TileRun blocks in TileShapes.Groups(g.TargetChannels, Layout.Block))
                EmitBlocks(writer, isa, names, tiling, blocks);
        }
    }

    /// <summary>The tile whose number is in the variable <c>tile</c>.</summary>
    private void EmitTiles(SourceWriter writer, VectorIsa isa, KernelNames names, Tiling tiling)
    {
        int number = 0;
        foreach ((int size, int first) in Each(tiling.ChannelTiles))
        {
            foreach ((int taps, int tap) in Each(tiling.Taps))
            {
                string method = names.Use(Tile(isa, size, taps));
                bool isFirst = number == 0, isLast = number == tiling.OfTask - 1;
                writer.Line(isLast ? "else" : $"{(isFirst ? "" : "else ")}if (tile == {Literals.Int(number)})");
                number++;
                using (writer.Indent())
                    writer.Line($"{method}({Gradient(first)}, {Source(tap)}, {Weight(0, first, tap)}, blocks, rows);");
            }
        }

        static IEnumerable<(int Size, int Start)> Each(IEnumerable<TileRun> runs)
            => runs.SelectMany(run => Enumerable.Range(0, run.Count).Select(i => (run.Size, run.Start + i * run.Size)));
    }

    /// <summary>All tiles of some whole blocks of output channels, or of the channels that fill none.</summary>
    private void EmitBlocks(SourceWriter writer, VectorIsa isa, KernelNames names, Tiling tiling, TileRun blocks)
    {
        int firstBlock = blocks.Start / Layout.Block;
        foreach (TileRun channels in TileShapes.Split(blocks.Size, tiling.Channels))
        {
            foreach (TileRun taps in tiling.Taps)
            {
                string gradient = Gradient(blocks.Start + channels.Start), source = Source(taps.Start),
                    weight = Weight(firstBlock, channels.Start, taps.Start);
                using var loops = new BlockStack(writer);
                if (blocks.Count > 1)
                {
                    loops.Open($"for (int block = 0; block < {Literals.Int(blocks.Count)}; block++)");
                    gradient += $" + block * {Literals.Int((long)Layout.Block * g.Target.PlaneStride)}";
                    weight += $" + block * {Literals.Int(g.TargetChannelStride.BlockStride)}";
                }
                if (channels.Count > 1)
                {
                    loops.Open($"for (int channelTile = 0; channelTile < {Literals.Int(channels.Count)}; channelTile++)");
                    gradient += $" + channelTile * {Literals.Int((long)channels.Size * g.Target.PlaneStride)}";
                    weight += $" + channelTile * {Literals.Int(channels.Size * g.TargetChannelStride.InnerStride)}";
                }
                if (taps.Count > 1)
                {
                    loops.Open($"for (int tapTile = 0; tapTile < {Literals.Int(taps.Count)}; tapTile++)");
                    source += $" + tapTile * {Literals.Int(taps.Size * g.Dilation.Width * Layout.Block)}";
                    weight += $" + tapTile * {Literals.Int(taps.Size * g.TapColumnStride)}";
                }
                writer.Line($"{names.Use(Tile(isa, channels.Size, taps.Size))}({gradient}, {source}, {weight}, blocks, rows);");
            }
        }
    }

    private string Gradient(int channel) => Literals.Plus("dy", (long)channel * g.Target.PlaneStride);

    private string Source(int tap) => Literals.Plus("x", tap * g.Dilation.Width * Layout.Block);

    private string Weight(int block, int channel, int tap)
        => Literals.Plus("dw", block * g.TargetChannelStride.BlockStride + channel * g.TargetChannelStride.InnerStride
            + tap * g.TapColumnStride);

    private Kernel Tile(VectorIsa isa, int channels, int taps)
        => new($"{name}Tile{Literals.Int(channels)}x{Literals.Int(taps)}", summary,
            $"Microkernel: {Literals.Int(channels)} output channels × {Literals.Int(taps)} taps, "
            + $"{Literals.Int(channels * taps)} accumulators of {Literals.Int(isa.Lanes)} samples.",
            [Floats("outputGradient"), Floats("input"), Floats("weightGradient"), Blocks, Int("rows")],
            (writer, _, _) => EmitTile(writer, isa, channels, taps));

    private void EmitTile(SourceWriter writer, VectorIsa isa, int channels, int taps)
    {
        var tile = new RegisterTile(channels, taps)
        {
            RowOperand = "outputGradient",
            VectorOperand = "input",
            RowOffset = c => (long)c * g.Target.PlaneStride,
            VectorOffset = t => (long)t * g.Dilation.Width * Layout.Block,
            RowsAreVectors = true,
            IsUnbounded = true,
        };
        tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
        tile.EmitReductions(writer, isa, [TileReduction(isa)]);
        writer.Line("// Epilogue: sum the lanes.");
        for (int c = 0; c < channels; c++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, taps).Select(t =>
                $"weightGradient[{Literals.Int(c * g.TargetChannelStride.InnerStride + t * g.TapColumnStride)}] "
                    + $"= {isa.Static}.Sum({tile.Accumulator(c, t)});")));
        }
    }

    /// <summary>Blocks of samples × output rows × output columns.</summary>
    private Reduction TileReduction(VectorIsa isa)
    {
        var loops = new List<ReductionLoop>
        {
            new("Block", "blocks", g.Target.SampleStride, g.Source.SampleStride),
            new("Row", "rows", g.Target.RowStride, (long)g.Stride.Height * g.Source.RowStride),
        };
        int columns = g.Pixels.Width;
        long column = (long)g.Stride.Width * Layout.Block;
        string comment = $"Compute: blocks of samples × output rows × {ConvolutionRows.Count(columns, "output column")}";
        if (isa.Lanes == Layout.Block)
            return new Reduction(loops, columns, Layout.Block, column, comment + ".");
        loops.Add(new ReductionLoop("Column", columns, Layout.Block, column));
        return new Reduction(loops, Layout.Block / isa.Lanes, isa.Lanes, isa.Lanes, comment + " × parts of 16 samples.");
    }
}
