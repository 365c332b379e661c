using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with sample lanes and five taps in a row: along the rows by <see cref="ToomCook"/>, four outputs from eight inputs with 8
/// products instead of 20. Rows of taps are summed at the points, so the input's rows are evaluated once for all of them. With samples in the
/// lanes no transform needs a shuffle, and the products are the same register tiles as those of <see cref="SampleConvolution"/>.
/// </summary>
internal static class SampleWinograd
{
    private const int Taps = 5, Outputs = 4;

    private static readonly ToomCook Transform = new(1, 2, 0.5);

    /// <summary>Operations on vectors for one tile's transforms: its inputs to the points, and one channel's products to outputs.</summary>
    private const double InputOperations = 25, OutputOperations = 17;

    /// <summary>Taken if it costs at most this part of the direct method.</summary>
    private const double MaxCost = 0.75;

    public static bool Applies(ConvolutionGeometry g)
    {
        if (g.Source.Kind != LayoutKind.Samples || g.Target.Kind != LayoutKind.Samples || g.Taps.Width != Taps || g.Stride.Width != 1 || g.Dilation.Width != 1
            || g.TargetStep != Pair.Both(1) || g.TargetStart != new Pair(0, 0) || g.TargetChannelStride.InnerStride != 1)
        {
            return false;
        }
        double products = (double)g.Taps.Height * g.SourceChannels * g.TargetChannels;
        double direct = products * Taps * g.Pixels.Width;
        double transformed = (products * Transform.Points + g.SourceChannels * InputOperations * g.Stride.Height + g.TargetChannels * OutputOperations) * Tiles(g);
        return transformed <= MaxCost * direct;
    }

    /// <summary>The epilogue takes windows that end where tiles end.</summary>
    public static bool Pools(Pair kernel) => kernel.Width is 1 or 2 or 4 && kernel.Height <= 4;

    private static int Tiles(ConvolutionGeometry g) => (g.Pixels.Width + Outputs - 1) / Outputs;

    private static int TargetBlocks(ConvolutionGeometry g) => Layout.RoundUp(g.TargetChannels) / Layout.Block;

    private static int TapRows(ConvolutionGeometry g) => g.SourceChannels * g.Taps.Height;

    /// <summary>Floats of the transformed weights, [target / 16][8][source][tap row][16].</summary>
    public static long WeightLength(ConvolutionGeometry g) => (long)TargetBlocks(g) * Transform.Points * TapRows(g) * Layout.Block;

    private static int RowPoints(ConvolutionGeometry g) => Transform.Points * Tiles(g) * Layout.Block;

    /// <summary>Floats that one worker needs: the input's rows at the points, and products of the channels computed together.</summary>
    public static long ScratchLength(ConvolutionGeometry g, FusedPool? pool)
        => (long)RowPoints(g) * (g.SourceChannels * g.Source.Height + Math.Min(Layout.Block, g.TargetChannels) * (pool?.Kernel.Height ?? 1));

    /// <summary>The 8 points of each row of taps. Tasks are blocks of 16 target channels of one source channel.</summary>
    public static Kernel Weights(string name, string summary, ConvolutionGeometry g)
    {
        int targetBlocks = TargetBlocks(g);
        return new Kernel(name, summary, $"G g along the rows of taps, 16 target channels in the lanes; result [{Literals.Int(targetBlocks)}][{Literals.Int(Transform.Points)}][{Literals.Int(g.SourceChannels)}][{Literals.Int(g.Taps.Height)}][16].",
            [Floats("weights"), Floats("transformed"), .. Share], (writer, isa, _) =>
        {
            using (writer.Block(TaskShare.Loop(targetBlocks * g.SourceChannels, "task")))
            {
                writer.Line($"int target = task / {Literals.Int(g.SourceChannels)}, source = task % {Literals.Int(g.SourceChannels)};");
                writer.Line($"float* taps = {Literals.Plus("weights", g.WeightStart)} + target * {Literals.Int(g.TargetChannelStride.BlockStride)} + {g.SourceChannelStride.At("source")};");
                writer.Line($"float* result = transformed + (target * {Literals.Int(Transform.Points * g.SourceChannels)} + source) * {Literals.Int(g.Taps.Height * Layout.Block)};");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(g.Taps.Height)}; row++, taps += {Literals.Int(g.TapRowStride)}, result += 16)"))
                using (writer.Block($"for (int i = 0; i < 16; i += {Literals.Int(isa.Lanes)})"))
                {
                    ToomCook.LoadAll(writer, isa, "g", Taps, k => $"taps + i + {Literals.Int(k * g.TapColumnStride)}");
                    ToomCook.EmitRows(writer, isa, Transform.KernelMatrix(Taps), "g", (point, value) => isa.Store(value, $"result + i + {Literals.Int(point * TapRows(g) * Layout.Block)}"));
                }
            }
        });
    }

    public static Kernel Convolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        int tiles = Tiles(g);
        long direct = g.MultiplyAdds, products = (long)TapRows(g) * g.TargetChannels * Transform.Points * tiles * g.Pixels.Height;
        string remarks = $"Sample lanes: 16 samples side by side. Along the rows F({Literals.Int(Outputs)}, {Literals.Int(Taps)}) by Toom and Cook. Input {g.Source}; output {(epilogue.Pool?.Target ?? g.Target)}. "
            + $"{Literals.Count(direct)} multiply-adds per sample directly, {Literals.Count(products)} this way.";
        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.TransformedWeights], [Floats("scratch"), Blocks]), EmitDriver)
        {
            IsHot = false,
            Tile = isa =>
            {
                (int channels, int columns) = SampleConvolution.ChooseTile(isa, g.TargetChannels, tiles);
                return $"Products in tiles of up to {Literals.Int(channels)} channels × {Literals.Int(columns)} places. Rows of taps outside the image are skipped; columns outside read the halo.";
            },
        };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            Layout target = epilogue.Pool?.Target ?? g.Target;
            int rowPoints = RowPoints(g), poolRows = epilogue.Pool?.Kernel.Height ?? 1;
            int tileChannels = SampleConvolution.ChooseTile(isa, g.TargetChannels, tiles).Channels;
            string points = names.Use(InputPoints(name, summary, g));
            writer.Line($"float* points = scratch, products = scratch + {Literals.Int(rowPoints * g.SourceChannels * g.Source.Height)};");
            using (writer.Block($"for (int block = 0; block < blocks; block++, input += {Literals.Int(g.Source.SampleStride)}, output += {Literals.Int(target.SampleStride)}{epilogue.Advance(other => other.SampleStride)})"))
            {
                string part = "";
                SourceWriter.Scope? parts = null;
                if (isa.Lanes < Layout.Block)
                {
                    writer.Line($"// A vector holds {Literals.Int(isa.Lanes)} of the 16 samples.");
                    parts = writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
                    part = " + part";
                }
                writer.Line($"{points}({Literals.Plus("input", g.Source.Origin - g.Left * Layout.Block)}{part}, points);");
                using (writer.Block($"for (int outputRow = 0; outputRow < {Literals.Int(target.Height)}; outputRow++)"))
                {
                    int full = g.TargetChannels / Layout.Block, rest = g.TargetChannels % Layout.Block;
                    if (full > 0)
                        EmitBlocks(full, 0, Layout.Block);
                    if (rest > 0)
                        EmitBlocks(1, full, rest);
                }
                parts?.Dispose();

                void EmitBlocks(int count, int firstBlock, int channels)
                {
                    foreach ((int size, int channelTiles, int first) in TileShapes.Split(channels, tileChannels))
                        EmitTiles(count, firstBlock, first, size, channelTiles);
                }

                void EmitTiles(int blocks, int firstBlock, int firstChannel, int size, int channelTiles)
                {
                    // Channel = (firstBlock + channelBlock) · 16 + firstChannel + channelTile · size.
                    int blockWeights = Transform.Points * TapRows(g) * Layout.Block;
                    string weights = Literals.Plus("transformedWeights", firstBlock * blockWeights + firstChannel), channel = Literals.Int(firstBlock * Layout.Block + firstChannel);
                    var loops = new Stack<SourceWriter.Scope>();
                    if (blocks > 1)
                    {
                        loops.Push(writer.Block($"for (int channelBlock = 0; channelBlock < {Literals.Int(blocks)}; channelBlock++)"));
                        weights += $" + channelBlock * {Literals.Int(blockWeights)}";
                        channel += " + channelBlock * 16";
                    }
                    if (channelTiles > 1)
                    {
                        loops.Push(writer.Block($"for (int channelTile = 0; channelTile < {Literals.Int(channelTiles)}; channelTile++)"));
                        weights += $" + channelTile * {Literals.Int(size)}";
                        channel += $" + channelTile * {Literals.Int(size)}";
                    }
                    if (loops.Count == 0)
                        loops.Push(writer.Block());

                    writer.Line($"// {ConvolutionRows.Count(size, "output channel")} at a time.");
                    writer.Line($"int channel = {channel};");
                    string rows = poolRows == 1 ? "int row = outputRow;" : $"for (int row = outputRow * {Literals.Int(poolRows)}, end = row + {Literals.Int(poolRows)}; row < end; row++)";
                    SourceWriter.Scope? window = null;
                    if (poolRows == 1)
                        writer.Line(rows);
                    else
                        window = writer.Block(rows);
                    ConvolutionRows.EmitTapRange(writer, g);
                    writer.Line($"float* tapPoints = points + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(rowPoints)}, tapWeights = {weights} + firstTap * 16;");
                    string rowProducts = poolRows == 1 ? "products" : $"products + (row - outputRow * {Literals.Int(poolRows)}) * {Literals.Int(size * rowPoints)}";
                    foreach ((int width, int count, int start) in TileShapes.Split(tiles, SampleConvolution.ChooseTile(isa, g.TargetChannels, tiles).Pixels))
                    {
                        string product = names.Use(ProductTile(name, summary, g, size, width));
                        for (int done = start; done < start + count * width; done += width)
                            writer.Line($"{product}({Literals.Plus("tapPoints", done * Layout.Block)}, tapWeights, {Literals.Plus(rowProducts, done * Layout.Block)}, tapRows);");
                    }
                    window?.Dispose();
                    string At(string pointer, Layout layout)
                        => Literals.Plus($"{pointer}{part} + channel * {Literals.Int(layout.PlaneStride)} + outputRow * {Literals.Int(layout.RowStride)}", layout.Origin);
                    string arguments = epilogue.Arguments(["products"], "bias + channel", At("output", target), other => At(epilogue.OtherName, other));
                    writer.Line($"{names.Use(OutputKernel(name, summary, g, epilogue, size))}({arguments});");
                    while (loops.Count > 0)
                        loops.Pop().Dispose();
                }
            }
        }
    }

    /// <summary>Every row of the input at the points: Bᵀ d.</summary>
    private static Kernel InputPoints(string name, string summary, ConvolutionGeometry g)
    {
        int tiles = Tiles(g), whole = g.Pixels.Width / Outputs, rest = g.Pixels.Width % Outputs;
        return new Kernel(name + "Points", summary + " Rows of the input at the points: Bᵀ d.", $"Result [{Literals.Int(g.SourceChannels)}][{Literals.Int(g.Source.Height)}][{Literals.Int(Transform.Points)}][{Literals.Int(tiles)}][16].",
            [Floats("input"), Floats("points")], (writer, isa, _) =>
        {
            using (writer.Block($"for (int row = 0; row < {Literals.Int(g.SourceChannels * g.Source.Height)}; row++, input += {Literals.Int(g.Source.RowStride)}, points += {Literals.Int(RowPoints(g))})"))
            {
                if (whole > 0)
                {
                    using (writer.Block($"for (int tile = 0; tile < {Literals.Int(whole)}; tile++)"))
                    {
                        writer.Line($"float* d = input + tile * {Literals.Int(Outputs * Layout.Block)}, p = points + tile * 16;");
                        EmitTile(writer, isa, Outputs);
                    }
                }
                if (rest > 0)
                {
                    using (writer.Block())
                    {
                        writer.Line($"// The last {ConvolutionRows.Count(rest, "column")} of a row: inputs behind those they need count as zero.");
                        writer.Line($"float* d = input + {Literals.Int(whole * Outputs * Layout.Block)}, p = points + {Literals.Int(whole * Layout.Block)};");
                        EmitTile(writer, isa, rest);
                    }
                }
            }
        });

        void EmitTile(SourceWriter writer, VectorIsa isa, int outputs)
        {
            int inputs = outputs + Taps - 1;
            ToomCook.LoadAll(writer, isa, "d", inputs, k => Literals.Plus("d", k * Layout.Block));
            Transform.EmitInputValues(writer, isa, [.. Enumerable.Range(0, Transform.Points).Select(k => k < inputs ? "d" + Literals.Int(k) : null)],
                (point, value) => isa.Store(value, Literals.Plus("p", point * tiles * Layout.Block)));
        }
    }

    /// <summary>Sums over channels and rows of taps at each point.</summary>
    private static Kernel ProductTile(string name, string summary, ConvolutionGeometry g, int channels, int width)
    {
        int tiles = Tiles(g);
        return new Kernel($"{name}Tile{Literals.Int(channels)}x{Literals.Int(width)}", summary,
            $"Microkernel: at each of the {Literals.Int(Transform.Points)} points {Literals.Int(channels)} channels × {ConvolutionRows.Count(width, "place")}, {Literals.Int(channels * width)} accumulators.",
            [Floats("points"), Floats("weights"), Floats("products"), Int("tapRows")], (writer, isa, _) =>
        {
            var tile = new RegisterTile(channels, width)
            {
                RowOperand = "weights",
                VectorOperand = "points",
                VectorOffset = place => place * Layout.Block,
            };
            using (writer.Block($"for (int point = 0; point < {Literals.Int(Transform.Points)}; point++, points += {Literals.Int(tiles * Layout.Block)}, weights += {Literals.Int(TapRows(g) * Layout.Block)}, products += {Literals.Int(channels * tiles * Layout.Block)})"))
            {
                tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
                tile.EmitReductions(writer, isa,
                [
                    new Reduction(
                        [
                            new ReductionLoop("Channel", g.SourceChannels, g.Taps.Height * Layout.Block, (long)g.Source.Height * RowPoints(g)),
                            new ReductionLoop("TapRow", "tapRows", Layout.Block, (long)g.Dilation.Height * RowPoints(g)),
                        ],
                        1, 0, 0, $"Compute: {ConvolutionRows.Count(g.SourceChannels, "input channel")} × rows of taps."),
                ]);
                for (int c = 0; c < channels; c++)
                    writer.Line(string.Join(" ", Enumerable.Range(0, width).Select(place => isa.Store(tile.Accumulator(c, place), Literals.Plus("products", (c * tiles + place) * Layout.Block)))));
            }
        });
    }

    /// <summary>Aᵀ p, and the epilogue.</summary>
    private static Kernel OutputKernel(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue, int channels)
    {
        int tiles = Tiles(g), rowPoints = RowPoints(g), whole = g.Pixels.Width / Outputs, rest = g.Pixels.Width % Outputs;
        int poolRows = epilogue.Pool?.Kernel.Height ?? 1, poolColumns = epilogue.Pool?.Kernel.Width ?? 1;
        Layout target = epilogue.Pool?.Target ?? g.Target;
        return new Kernel(name + "Output", summary + " From the points to pixels: Aᵀ p.", $"A row of {ConvolutionRows.Count(channels, "channel")}.{epilogue.Fused(everyActivation: true)}",
            epilogue.Parameters([Floats("products")], []), (writer, isa, names) =>
        {
            using (writer.Block($"for (int channel = 0; channel < {Literals.Int(channels)}; channel++, products += {Literals.Int(tiles * Layout.Block)}, output += {Literals.Int(target.PlaneStride)}{epilogue.Advance(other => other.PlaneStride)})"))
            {
                if (epilogue.HasBias)
                    writer.Line($"{isa.Type} start = {isa.Broadcast("bias[channel]")};");
                if (whole > 0)
                {
                    using (writer.Block($"for (int tile = 0; tile < {Literals.Int(whole)}; tile++)"))
                    {
                        EmitPointers(writer, "tile * ");
                        EmitTile(writer, isa, names, Outputs);
                    }
                }
                if (rest >= poolColumns)
                {
                    using (writer.Block())
                    {
                        writer.Line($"// The last {ConvolutionRows.Count(rest, "column")} of the row.");
                        EmitPointers(writer, Literals.Int(whole) + " * ");
                        EmitTile(writer, isa, names, rest);
                    }
                }
            }
        });

        void EmitPointers(SourceWriter writer, string tile)
        {
            writer.Line($"float* p = products + {tile}16, y = output + {tile}{Literals.Int(Outputs / poolColumns * Layout.Block)};");
            if (epilogue.Other is not null)
                writer.Line($"float* o = {epilogue.OtherName} + {tile}{Literals.Int(Outputs * Layout.Block)};");
        }

        void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names, int outputs)
        {
            for (int row = 0; row < poolRows; row++)
            {
                string[] pixels = [.. Enumerable.Range(0, outputs).Select(k => Pixel(row, k))];
                string stem = poolRows == 1 ? "p" : $"p{Literals.Int(row)}_";
                writer.Line($"{isa.Type} {string.Join(", ", Enumerable.Range(0, Transform.Points).Select(point => $"{stem}{Literals.Int(point)} = {isa.Load(Literals.Plus("p", (long)row * channels * rowPoints + (long)point * channels * tiles * Layout.Block))}"))};");
                if (epilogue.HasBias)
                {
                    // What is added at the point 1 is added to every output.
                    writer.Line($"{stem}1 += start;");
                }
                Transform.EmitOutputs(writer, isa, Outputs, pixels, point => stem + Literals.Int(point));
            }
            if (epilogue.Pool is { } pool)
            {
                for (int column = 0; column + poolColumns <= outputs; column += poolColumns)
                {
                    string[] window = [.. Enumerable.Range(0, poolRows).SelectMany(r => Enumerable.Range(column, poolColumns).Select(c => Pixel(r, c)))];
                    writer.Line(isa.Store(pool.Apply(isa, names, epilogue.Activation, window), Literals.Plus("y", column / poolColumns * Layout.Block)));
                }
                return;
            }
            for (int column = 0; column < outputs; column++)
            {
                string value = epilogue.Apply(isa, names, Pixel(0, column), _ => Literals.Plus("o", column * Layout.Block), everyActivation: true);
                writer.Line(isa.Store(value, Literals.Plus("y", column * Layout.Block)));
            }
        }

        static string Pixel(int row, int column) => $"y{Literals.Int(row)}{Literals.Int(column)}";
    }
}
