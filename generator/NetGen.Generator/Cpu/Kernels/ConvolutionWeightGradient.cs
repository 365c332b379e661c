using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Gradient of a convolution's weights: for each tap, the sum over samples and output pixels of input × output gradient.
/// Threads divide the weights, never the samples, so the sums and their order are the same at every thread count.
/// </summary>
internal static class ConvolutionWeightGradient
{
    /// <param name="count">What the samples are counted in.</param>
    public static IReadOnlyList<KernelParameter> Parameters(KernelParameter count)
        => [ConvolutionParameters.Input, ConvolutionParameters.OutputGradient, ConvolutionParameters.WeightGradient, count, .. Share];

    /// <param name="g">The forward geometry: source is the input, target has the layout of the output's gradient.</param>
    public static Kernel Create(string name, string summary, ConvolutionGeometry g)
        => g.Source.Kind == LayoutKind.Samples ? ForSampleLanes(name, summary, g) : ForChannelLanes(name, summary, g);

    /// <summary>Vectors hold 16 or 32 output channels; rows of the tile are neighbouring inputs of one tap row.</summary>
    private static Kernel ForChannelLanes(string name, string summary, ConvolutionGeometry g)
    {
        bool plain = g.Source.Kind == LayoutKind.Plain;
        int blocks = Layout.RoundUp(g.TargetChannels) / Layout.Block;
        int sweep = SweepSamples(g);
        string remarks = $"Channel lanes. Input {g.Source}; output gradient {g.Target}. Sweeps of {ConvolutionRows.Count(sweep, "sample")}, so that they stay in L2 while every tile of weights passes over them.";

        return new Kernel(name, summary, remarks, Parameters(Samples), EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int vectors = isa.Lanes == Layout.Block && blocks == 1 ? 1 : 2;
            int groupChannels = vectors * isa.Lanes;
            int groups = (blocks * Layout.Block + groupChannels - 1) / groupChannels;
            bool oddGroup = blocks * Layout.Block % groupChannels != 0;
            int full = plain ? g.SourceChannels : g.SourceChannels / Layout.Block, rest = plain ? 0 : g.SourceChannels % Layout.Block;
            int sourceBlocks = full + (rest > 0 ? 1 : 0);
            int tasks = groups * sourceBlocks * g.Taps.Height;

            writer.Line($"// {Literals.Int(tasks)} tasks: {ConvolutionRows.Count(groups, "group")} of output channels × {ConvolutionRows.Count(sourceBlocks, plain ? "input channel" : "block")}{(plain ? "" : " of input channels")} × {ConvolutionRows.Count(g.Taps.Height, "tap row")}.");
            writer.Line(TaskShare.Declare(tasks, "firstTask", "endTask"));
            using (writer.Block($"for (int start = 0; start < samples; start += {Literals.Int(sweep)})"))
            {
                writer.Line($"int count = Math.Min({Literals.Int(sweep)}, samples - start);");
                using (writer.Block("for (int task = firstTask; task < endTask; task++)"))
                {
                    writer.Line($"int tapRow = task % {Literals.Int(g.Taps.Height)}, block = task / {Literals.Int(g.Taps.Height)} % {Literals.Int(sourceBlocks)}, group = task / {Literals.Int(g.Taps.Height * sourceBlocks)};");
                    EmitRowRange(writer, g);
                    writer.Line($"float* x = input + start * (long){Literals.Int(g.Source.SampleStride)} + block * {Literals.Int(g.Source.PlaneStride)} + (firstRow * {Literals.Int(g.Stride.Height)} + {TapRow(g)} - {Literals.Int(g.Top)}) * {Literals.Int(g.Source.RowStride)} + {Literals.Int(g.Source.Origin - g.Left * g.Source.PixelStride)};");
                    writer.Line($"float* dy = outputGradient + start * (long){Literals.Int(g.Target.SampleStride)} + {GroupOffset(isa, vectors, g.Target.PlaneStride)} + firstRow * {Literals.Int(g.Target.RowStride)} + {Literals.Int(g.Target.Origin)};");
                    long blockStride = plain ? g.SourceChannelStride.InnerStride : g.SourceChannelStride.BlockStride;
                    writer.Line($"float* dw = weightGradient + {GroupOffset(isa, vectors, g.TargetChannelStride.BlockStride)} + block * {Literals.Int(blockStride)} + tapRow * {Literals.Int(g.TapRowStride)};");

                    if (oddGroup)
                    {
                        using (writer.Block($"if (group == {Literals.Int(groups - 1)})"))
                        {
                            writer.Line("// The last, odd block of 16 output channels.");
                            EmitBlock(1);
                        }
                        using (writer.Block("else"))
                            EmitBlock(vectors);
                    }
                    else
                    {
                        EmitBlock(vectors);
                    }

                    void EmitBlock(int groupVectors)
                    {
                        if (rest > 0 && full > 0)
                        {
                            using (writer.Block($"if (block < {Literals.Int(full)})"))
                                EmitFull(groupVectors);
                            using (writer.Block("else"))
                                EmitTaps(groupVectors, rest);
                        }
                        else if (rest > 0)
                        {
                            EmitTaps(groupVectors, rest);
                        }
                        else
                        {
                            EmitFull(groupVectors);
                        }
                    }

                    // All taps of a row lie side by side, unless they are spread.
                    void EmitFull(int groupVectors)
                    {
                        if (plain)
                            EmitRun(groupVectors, g.Taps.Width, g.Dilation.Width, "");
                        else if (g.Dilation.Width > 1 && g.Taps.Width > 1)
                            EmitTaps(groupVectors, Layout.Block);
                        else
                            EmitRun(groupVectors, g.Taps.Width * Layout.Block, 1, "");
                    }

                    void EmitTaps(int groupVectors, int channels)
                    {
                        using (writer.Block($"for (int tap = 0; tap < {Literals.Int(g.Taps.Width)}; tap++)"))
                            EmitRun(groupVectors, channels, 1, "tap");
                    }

                    // A run of inputs at equal distances, and so of neighbouring rows of 16 weights.
                    void EmitRun(int groupVectors, int run, int distance, string tap)
                    {
                        int limit = TileShapes.MaxRows(isa.Registers, groupVectors);
                        foreach ((int size, int count, int done) in TileShapes.Split(run, Math.Min(limit, 16)))
                        {
                            TileStrides? shared = names.SharesTiles && g.Pixels.Width <= LongSum.MaxTerms ? new TileStrides(isa, g, groupVectors) : null;
                            Kernel tile = ChannelTile(isa, name, summary, g, size, distance, groupVectors, shared);
                            string step = count > 1 ? $" + tile * {Literals.Int(size * distance)}" : "", tapStep = tap.Length > 0 ? $" + tap * {Literals.Int(g.Dilation.Width * Layout.Block)}" : "";
                            string weightStep = count > 1 ? $" + tile * {Literals.Int(size * Layout.Block)}" : "", weightTap = tap.Length > 0 ? $" + tap * {Literals.Int(g.TapColumnStride)}" : "";
                            string call = $"{names.Use(tile)}({Literals.Plus("x", done * distance)}{tapStep}{step}, dy, {Literals.Plus("dw", done * Layout.Block)}{weightTap}{weightStep}, count, rows, start > 0{shared?.Arguments});";
                            if (count > 1)
                            {
                                using (writer.Block($"for (int tile = 0; tile < {Literals.Int(count)}; tile++)"))
                                    writer.Line(call);
                            }
                            else
                            {
                                writer.Line(call);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Samples whose input and gradient stay in L2.</summary>
    private static int SweepSamples(ConvolutionGeometry g) => (int)Math.Max(1, CommonL2.HalfFloats / (g.Source.SampleStride + g.Target.SampleStride));

    private static string GroupOffset(VectorIsa isa, int vectors, long blockStride)
    {
        int channels = vectors * isa.Lanes;
        return channels >= Layout.Block
            ? $"group * {Literals.Int(channels / Layout.Block * blockStride)}"
            : $"(group >> 1) * {Literals.Int(blockStride)} + (group & 1) * {Literals.Int(channels)}";
    }

    /// <summary>Source rows from the first row of taps to that of the task.</summary>
    public static string TapRow(ConvolutionGeometry g) => g.Dilation.Height == 1 ? "tapRow" : $"tapRow * {Literals.Int(g.Dilation.Height)}";

    public static void EmitRowRange(SourceWriter writer, ConvolutionGeometry g)
    {
        int s = g.Stride.Height;
        string tapRow = TapRow(g);
        writer.Line("// Output rows whose tap of this row lies inside the image.");
        if (s == 1)
        {
            writer.Line($"int firstRow = Math.Max(0, {Literals.Int(g.Top)} - {tapRow}), rows = Math.Min({Literals.Int(g.Pixels.Height)}, {Literals.Int(g.Source.Height + g.Top)} - {tapRow}) - firstRow;");
            return;
        }
        writer.Line($"int firstRow = Math.Max(0, ({Literals.Int(g.Top + s - 1)} - {tapRow}) / {Literals.Int(s)}), rows = Math.Min({Literals.Int(g.Pixels.Height)}, ({Literals.Int(g.Source.Height + g.Top + s - 1)} - {tapRow}) / {Literals.Int(s)}) - firstRow;");
    }

    /// <summary>The sizes by which the tiles of two layers would differ, as parameters of one tile.</summary>
    private sealed class TileStrides
    {
        public TileStrides(VectorIsa isa, ConvolutionGeometry g, int vectors)
        {
            var all = new List<(KernelParameter Parameter, long Value)>
            {
                (Int("columns"), g.Pixels.Width),
                (NativeInt("inputSampleStride"), g.Source.SampleStride),
                (NativeInt("inputRowStride"), (long)g.Stride.Height * g.Source.RowStride),
                (NativeInt("inputColumnStride"), g.Stride.Width * g.Source.PixelStride),
                (NativeInt("outputGradientSampleStride"), g.Target.SampleStride),
                (NativeInt("outputGradientRowStride"), g.Target.RowStride),
            };
            // Vectors of one block of 16 channels lie side by side.
            if (vectors * isa.Lanes > Layout.Block)
            {
                all.Add((NativeInt("outputGradientBlockStride"), g.Target.PlaneStride));
                all.Add((NativeInt("weightGradientBlockStride"), g.TargetChannelStride.BlockStride));
            }
            Parameters = all.Select(stride => stride.Parameter).ToArray();
            Arguments = string.Concat(all.Select(stride => ", " + Literals.Int(stride.Value)));
        }

        /// <summary>At the end of the tile's parameters.</summary>
        public IReadOnlyList<KernelParameter> Parameters { get; }

        public string Arguments { get; }
    }

    private static Kernel ChannelTile(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int rows, int distance, int vectors, TileStrides? shared)
    {
        string size = $"Tile{Literals.Int(rows)}x{Literals.Int(vectors)}";
        return new Kernel(shared is null ? name + size : "WeightGradient" + size, shared is null ? summary : "Gradients of the weights of convolutions: layers of different sizes share it.",
            $"Microkernel: {Literals.Int(rows)} inputs × {Literals.Int(vectors)} vectors of output channels, {Literals.Int(rows * vectors)} accumulators.",
            [Floats("input"), Floats("outputGradient"), Floats("weightGradient"), Samples, Int("rows"), Bool("accumulate"), .. shared?.Parameters ?? []], Emit)
        {
            SharedAs = shared is null ? null : $"WeightGradient{size} {Literals.Int(distance)}",
        };

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            Stride Part(int v, string operand, long blockStride) => Stride.OfVector(isa, v, blockStride, shared is null ? null : operand + "BlockStride");

            Stride Size(string parameter, long value) => shared is null ? value : new Stride(0, parameter);
            var tile = new RegisterTile(rows, vectors)
            {
                IsUnbounded = true,
                VectorOperand = "outputGradient",
                RowOffset = row => (long)row * distance,
                VectorOffset = v => Part(v, "outputGradient", g.Target.PlaneStride),
            };
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            tile.EmitReductions(writer, isa,
            [
                new Reduction(
                    [
                        new ReductionLoop("Sample", "samples", Size("inputSampleStride", g.Source.SampleStride), Size("outputGradientSampleStride", g.Target.SampleStride)) { Most = shared is null ? SweepSamples(g) : null },
                        new ReductionLoop("Row", "rows", Size("inputRowStride", (long)g.Stride.Height * g.Source.RowStride), Size("outputGradientRowStride", g.Target.RowStride)) { Most = shared is null ? g.Pixels.Height : null },
                        .. shared is null ? Array.Empty<ReductionLoop>() : [new ReductionLoop("Column", "columns", new Stride(0, "inputColumnStride"), Layout.Block) { Most = LongSum.MaxTerms }],
                    ],
                    shared is null ? g.Pixels.Width : 1, g.Stride.Width * g.Source.PixelStride, Layout.Block,
                    $"Compute: samples × output rows × {(shared is null ? ConvolutionRows.Count(g.Pixels.Width, "output column") : "output columns")}."),
            ]);
            writer.Line("// Epilogue: add to what earlier sweeps left.");
            using (writer.Block("if (accumulate)"))
            {
                for (int row = 0; row < rows; row++)
                {
                    writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                        $"{tile.Accumulator(row, v)} += {isa.Load(Part(v, "weightGradient", g.TargetChannelStride.BlockStride).AddTo("weightGradient", row * Layout.Block))};")));
                }
            }
            for (int row = 0; row < rows; row++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, vectors).Select(v =>
                    isa.Store(tile.Accumulator(row, v), Part(v, "weightGradient", g.TargetChannelStride.BlockStride).AddTo("weightGradient", row * Layout.Block)))));
            }
        }
    }

    /// <summary>With fewer tasks than this, they are made smaller.</summary>
    private const int FewTasks = 16;

    private const int MaxTilesOfTask = 4;

    /// <summary>Vectors hold 16 samples; rows of the tile are output channels, columns neighbouring taps; lanes are summed at the end.</summary>
    private static Kernel ForSampleLanes(string name, string summary, ConvolutionGeometry g)
    {
        string remarks = $"Sample lanes. Input {g.Source}; output gradient {g.Target}.";
        return new Kernel(name, summary, remarks, Parameters(Blocks), EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            (int tileChannels, int tileTaps) = ChooseTile(isa, g);
            int tasks = g.SourceChannels * g.Taps.Height;
            IReadOnlyList<TileRun> channelTiles = TileShapes.Split(g.TargetChannels, tileChannels), tapTiles = TileShapes.Split(g.Taps.Width, tileTaps);
            int tilesOfTask = channelTiles.Sum(t => t.Count) * tapTiles.Sum(t => t.Count);
            // Few rows of taps would leave some workers with half as much again as others: then each tile is a task.
            bool byTile = tasks < FewTasks && g.TargetChannels <= Layout.Block && tilesOfTask is > 1 and <= MaxTilesOfTask;
            string tiles = Literals.Int(tilesOfTask), height = Literals.Int(g.Taps.Height);
            writer.Line($"// Tasks: {ConvolutionRows.Count(g.SourceChannels, "input channel")} × {ConvolutionRows.Count(g.Taps.Height, "tap row")}{(byTile ? $" × {tiles} tiles of taps and output channels" : "")}.");
            using (writer.Block(TaskShare.Loop(byTile ? tasks * tilesOfTask : tasks, "task")))
            {
                writer.Line(byTile
                    ? $"int tile = task % {tiles}, tapRow = task / {tiles} % {height}, channel = task / {Literals.Int(tilesOfTask * g.Taps.Height)};"
                    : $"int tapRow = task % {height}, channel = task / {height};");
                EmitRowRange(writer, g);
                writer.Line($"float* x = input + channel * {Literals.Int(g.Source.PlaneStride)} + (firstRow * {Literals.Int(g.Stride.Height)} + {TapRow(g)} - {Literals.Int(g.Top)}) * {Literals.Int(g.Source.RowStride)} + {Literals.Int(g.Source.Origin - g.Left * Layout.Block)};");
                writer.Line($"float* dy = outputGradient + firstRow * {Literals.Int(g.Target.RowStride)} + {Literals.Int(g.Target.Origin)};");
                string sourceOffset = g.SourceChannelStride.BlockStride == Layout.Block * g.SourceChannelStride.InnerStride
                    ? $"channel * {Literals.Int(g.SourceChannelStride.InnerStride)}"
                    : $"(channel >> 4) * {Literals.Int(g.SourceChannelStride.BlockStride)} + (channel & 15) * {Literals.Int(g.SourceChannelStride.InnerStride)}";
                writer.Line($"float* dw = weightGradient + {sourceOffset} + tapRow * {Literals.Int(g.TapRowStride)};");

                int full = g.TargetChannels / Layout.Block, rest = g.TargetChannels % Layout.Block;
                if (byTile)
                    EmitTiles();
                else if (full > 0)
                    EmitBlocks(full, 0, Layout.Block);
                if (rest > 0 && !byTile)
                    EmitBlocks(1, full, rest);

                void EmitTiles()
                {
                    int number = 0, first = 0;
                    foreach (int size in channelTiles.SelectMany(t => Enumerable.Repeat(t.Size, t.Count)))
                    {
                        int tap = 0;
                        foreach (int taps in tapTiles.SelectMany(t => Enumerable.Repeat(t.Size, t.Count)))
                        {
                            string method = names.Use(SampleTile(isa, name, summary, g, size, taps));
                            writer.Line($"{(number == 0 ? "" : "else ")}{(++number == tilesOfTask ? "" : $"if (tile == {Literals.Int(number - 1)})")}".TrimEnd());
                            using (writer.Indent())
                            {
                                writer.Line($"{method}({Literals.Plus("dy", (long)first * g.Target.PlaneStride)}, {Literals.Plus("x", tap * g.Dilation.Width * Layout.Block)}, "
                                    + $"{Literals.Plus("dw", first * g.TargetChannelStride.InnerStride + tap * g.TapColumnStride)}, blocks, rows);");
                            }
                            tap += taps;
                        }
                        first += size;
                    }
                }

                void EmitBlocks(int blockCount, int firstBlock, int channels)
                {
                    foreach ((int size, int count, int first) in TileShapes.Split(channels, tileChannels))
                    {
                        foreach ((int taps, int tapTiles, int tap) in TileShapes.Split(g.Taps.Width, tileTaps))
                        {
                            Kernel tile = SampleTile(isa, name, summary, g, size, taps);
                            string gradient = Literals.Plus("dy", ((long)firstBlock * Layout.Block + first) * g.Target.PlaneStride);
                            string weight = Literals.Plus("dw", firstBlock * g.TargetChannelStride.BlockStride + first * g.TargetChannelStride.InnerStride + tap * g.TapColumnStride);
                            string source = Literals.Plus("x", tap * g.Dilation.Width * Layout.Block);
                            var loops = new Stack<SourceWriter.Scope>();
                            if (blockCount > 1)
                            {
                                loops.Push(writer.Block($"for (int block = 0; block < {Literals.Int(blockCount)}; block++)"));
                                gradient += $" + block * {Literals.Int((long)Layout.Block * g.Target.PlaneStride)}";
                                weight += $" + block * {Literals.Int(g.TargetChannelStride.BlockStride)}";
                            }
                            if (count > 1)
                            {
                                loops.Push(writer.Block($"for (int channelTile = 0; channelTile < {Literals.Int(count)}; channelTile++)"));
                                gradient += $" + channelTile * {Literals.Int((long)size * g.Target.PlaneStride)}";
                                weight += $" + channelTile * {Literals.Int(size * g.TargetChannelStride.InnerStride)}";
                            }
                            if (tapTiles > 1)
                            {
                                loops.Push(writer.Block($"for (int tapTile = 0; tapTile < {Literals.Int(tapTiles)}; tapTile++)"));
                                source += $" + tapTile * {Literals.Int(taps * g.Dilation.Width * Layout.Block)}";
                                weight += $" + tapTile * {Literals.Int(taps * g.TapColumnStride)}";
                            }
                            writer.Line($"{names.Use(tile)}({gradient}, {source}, {weight}, blocks, rows);");
                            while (loops.Count > 0)
                                loops.Pop().Dispose();
                        }
                    }
                }
            }
        }
    }

    private static (int Channels, int Taps) ChooseTile(VectorIsa isa, ConvolutionGeometry g)
    {
        int channels = Math.Min(Layout.Block, g.TargetChannels), bestProduct = 0;
        (int, int) best = (1, 1);
        for (int taps = 1; taps <= Math.Min(g.Taps.Width, 8); taps++)
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

    private static Kernel SampleTile(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int channels, int taps)
    {
        return new Kernel($"{name}Tile{Literals.Int(channels)}x{Literals.Int(taps)}", summary,
            $"Microkernel: {Literals.Int(channels)} output channels × {Literals.Int(taps)} taps, {Literals.Int(channels * taps)} accumulators of {Literals.Int(isa.Lanes)} samples.",
            [Floats("outputGradient"), Floats("input"), Floats("weightGradient"), Blocks, Int("rows")], Emit);

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
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
            var loops = new List<ReductionLoop>
            {
                new("Block", "blocks", g.Target.SampleStride, g.Source.SampleStride),
                new("Row", "rows", g.Target.RowStride, (long)g.Stride.Height * g.Source.RowStride),
            };
            int steps = g.Pixels.Width;
            if (isa.Lanes < Layout.Block)
            {
                loops.Add(new ReductionLoop("Column", Literals.Int(steps), Layout.Block, (long)g.Stride.Width * Layout.Block));
                tile.EmitReductions(writer, isa, [new Reduction(loops, Layout.Block / isa.Lanes, isa.Lanes, isa.Lanes, $"Compute: blocks of samples × output rows × {ConvolutionRows.Count(steps, "output column")} × parts of 16 samples.")]);
            }
            else
            {
                tile.EmitReductions(writer, isa, [new Reduction(loops, steps, Layout.Block, (long)g.Stride.Width * Layout.Block, $"Compute: blocks of samples × output rows × {ConvolutionRows.Count(steps, "output column")}.")]);
            }
            writer.Line("// Epilogue: sum the lanes.");
            for (int c = 0; c < channels; c++)
            {
                writer.Line(string.Join(" ", Enumerable.Range(0, taps).Select(t =>
                    $"weightGradient[{Literals.Int(c * g.TargetChannelStride.InnerStride + t * g.TapColumnStride)}] = {isa.Static}.Sum({tile.Accumulator(c, t)});")));
            }
        }
    }
}
