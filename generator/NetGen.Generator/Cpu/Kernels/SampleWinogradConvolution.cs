using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// The forward pass of <see cref="SampleWinograd"/>: the input's rows to the points, products there, and back to pixels row by row.
/// </summary>
internal sealed class SampleWinogradConvolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
{
    private const int Taps = SampleWinograd.Taps, Outputs = SampleWinograd.Outputs;

    private readonly int _tiles = SampleWinograd.Tiles(g), _rowPoints = SampleWinograd.RowPoints(g), _tapRows = SampleWinograd.TapRows(g);

    private static ToomCook Transform => SampleWinograd.Transform;

    /// <summary>Tiles of a row whose outputs all exist.</summary>
    private int WholeTiles => g.Pixels.Width / Outputs;

    /// <summary>Outputs of the last tile of a row, where they are fewer.</summary>
    private int Rest => g.Pixels.Width % Outputs;

    private int PoolRows => epilogue.Pool?.Kernel.Height ?? 1;

    private int PoolColumns => epilogue.Pool?.Kernel.Width ?? 1;

    /// <summary>Layout of what is stored.</summary>
    private Layout Target => epilogue.Pool?.Target ?? g.Target;

    public Kernel Create()
    {
        long products = (long)_tapRows * g.TargetChannels * Transform.Points * _tiles * g.Pixels.Height;
        string remarks = $"Sample lanes: 16 samples side by side. Along the rows F({Literals.Int(Outputs)}, "
            + $"{Literals.Int(Taps)}) by Toom and Cook. Input {g.Source}; output {Target}. "
            + $"{Literals.Count(g.MultiplyAdds)} multiply-adds per sample directly, {Literals.Count(products)} this way.";
        KernelParameter[] operands = [ConvolutionParameters.Input, ConvolutionParameters.TransformedWeights];
        return new Kernel(name, summary, remarks, epilogue.Parameters(operands, [Floats("scratch"), Blocks]), EmitDriver)
        {
            IsHot = false,
            Tile = isa =>
            {
                (int channels, int columns) = Tile(isa);
                return $"Products in tiles of up to {Literals.Int(channels)} channels × {Literals.Int(columns)} places. "
                    + "Rows of taps outside the image are skipped; columns outside read the halo.";
            },
        };
    }

    private (int Channels, int Places) Tile(VectorIsa isa) => SampleConvolution.ChooseTile(isa, g.TargetChannels, _tiles);

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string points = names.Use(InputPoints());
        string advance = $"input += {Literals.Int(g.Source.SampleStride)}, "
            + $"output += {Literals.Int(Target.SampleStride)}{epilogue.Advance(other => other.SampleStride)}";
        writer.Line($"float* points = scratch, products = scratch + {Literals.Int(_rowPoints * g.SourceChannels * g.Source.Height)};");
        using var loops = new BlockStack(writer);
        loops.Open($"for (int block = 0; block < blocks; block++, {advance})");
        string part = "";
        if (isa.Lanes < Layout.Block)
        {
            writer.Line($"// A vector holds {Literals.Int(isa.Lanes)} of the 16 samples.");
            loops.Open($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
            part = " + part";
        }
        writer.Line($"{points}({Literals.Plus("input", g.Source.Origin - g.Left * Layout.Block)}{part}, points);");
        loops.Open($"for (int outputRow = 0; outputRow < {Literals.Int(Target.Height)}; outputRow++)");
        foreach (ChannelRun run in ChannelRun.All(g.TargetChannels, Tile(isa).Channels))
            EmitTiles(writer, isa, names, run, part);
    }

    /// <summary>A row of outputs of the channels of a run, a tile of channels at a time.</summary>
    private void EmitTiles(SourceWriter writer, VectorIsa isa, KernelNames names, ChannelRun run, string part)
    {
        using BlockStack loops = run.Open(writer);
        writer.Line($"// {ConvolutionRows.Count(run.Tiles.Size, "output channel")} at a time.");
        writer.Line($"int channel = {run.Channel};");
        SourceWriter.Scope? window = null;
        if (PoolRows == 1)
            writer.Line("int row = outputRow;");
        else
            window = writer.Block($"for (int row = outputRow * {Literals.Int(PoolRows)}, "
                + $"end = row + {Literals.Int(PoolRows)}; row < end; row++)");
        EmitProducts(writer, isa, names, run);
        window?.Dispose();
        string arguments = epilogue.Arguments(["products"], "bias + channel", At("output", Target), other => At(epilogue.OtherName, other));
        writer.Line($"{names.Use(OutputKernel(run.Tiles.Size))}({arguments});");

        string At(string pointer, Layout layout)
            => Literals.Plus($"{pointer}{part} + channel * {Literals.Int(layout.PlaneStride)} "
                + $"+ outputRow * {Literals.Int(layout.RowStride)}", layout.Origin);
    }

    /// <summary>The products of a row at the points, a tile of places at a time.</summary>
    private void EmitProducts(SourceWriter writer, VectorIsa isa, KernelNames names, ChannelRun run)
    {
        var weights = new ChannelStride((long)Transform.Points * _tapRows * Layout.Block, 1);
        ConvolutionRows.EmitTapRange(writer, g);
        writer.Line($"float* tapPoints = points + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(_rowPoints)}, "
            + $"tapWeights = {run.Weights("transformedWeights", 0, weights)} + firstTap * 16;");
        string products = PoolRows == 1 ? "products"
            : $"products + (row - outputRow * {Literals.Int(PoolRows)}) * {Literals.Int(run.Tiles.Size * _rowPoints)}";
        foreach (TileRun places in TileShapes.Split(_tiles, Tile(isa).Places))
        {
            string product = names.Use(ProductTile(run.Tiles.Size, places.Size));
            for (int place = places.Start; place < places.End; place += places.Size)
                writer.Line($"{product}({Literals.Plus("tapPoints", place * Layout.Block)}, "
                    + $"tapWeights, {Literals.Plus(products, place * Layout.Block)}, tapRows);");
        }
    }

    /// <summary>Every row of the input at the points: Bᵀ d.</summary>
    private Kernel InputPoints()
    {
        string rows = Literals.Int(g.SourceChannels * g.Source.Height);
        string result = $"Result [{Literals.Int(g.SourceChannels)}][{Literals.Int(g.Source.Height)}]"
            + $"[{Literals.Int(Transform.Points)}][{Literals.Int(_tiles)}][16].";
        return new Kernel(name + "Points", summary + " Rows of the input at the points: Bᵀ d.",
            result, [Floats("input"), Floats("points")], (writer, isa, _) =>
        {
            using (writer.Block($"for (int row = 0; row < {rows}; row++, input += {Literals.Int(g.Source.RowStride)}, "
                + $"points += {Literals.Int(_rowPoints)})"))
            {
                if (WholeTiles > 0)
                {
                    using (writer.Block($"for (int tile = 0; tile < {Literals.Int(WholeTiles)}; tile++)"))
                    {
                        writer.Line($"float* d = input + tile * {Literals.Int(Outputs * Layout.Block)}, p = points + tile * 16;");
                        EmitPoints(writer, isa, Outputs);
                    }
                }
                if (Rest > 0)
                {
                    using (writer.Block())
                    {
                        writer.Line($"// The last {ConvolutionRows.Count(Rest, "column")} of "
                            + "a row: inputs behind those they need count as zero.");
                        writer.Line($"float* d = input + {Literals.Int(WholeTiles * Outputs * Layout.Block)}, "
                            + $"p = points + {Literals.Int(WholeTiles * Layout.Block)};");
                        EmitPoints(writer, isa, Rest);
                    }
                }
            }
        });
    }

    private void EmitPoints(SourceWriter writer, VectorIsa isa, int outputs)
    {
        int inputs = outputs + Taps - 1;
        ToomCook.LoadAll(writer, isa, "d", inputs, k => Literals.Plus("d", k * Layout.Block));
        Transform.EmitInputValues(writer, isa,
            [.. Enumerable.Range(0, Transform.Points).Select(k => k < inputs ? "d" + Literals.Int(k) : null)],
            (point, value) => isa.Store(value, Literals.Plus("p", point * _tiles * Layout.Block)));
    }

    /// <summary>Sums over channels and rows of taps at each point.</summary>
    private Kernel ProductTile(int channels, int width)
    {
        string points = Literals.Int(Transform.Points), places = ConvolutionRows.Count(width, "place");
        return new Kernel($"{name}Tile{Literals.Int(channels)}x{Literals.Int(width)}", summary,
            $"Microkernel: at each of the {points} points {Literals.Int(channels)} channels × {places}, "
            + $"{Literals.Int(channels * width)} accumulators.",
            [Floats("points"), Floats("weights"), Floats("products"), Int("tapRows")], (writer, isa, _) =>
        {
            string advance = $"points += {Literals.Int(_tiles * Layout.Block)}, weights += {Literals.Int(_tapRows * Layout.Block)}, "
                + $"products += {Literals.Int(channels * _tiles * Layout.Block)}";
            using (writer.Block($"for (int point = 0; point < {points}; point++, {advance})"))
                EmitProductTile(writer, isa, channels, width);
        });
    }

    private void EmitProductTile(SourceWriter writer, VectorIsa isa, int channels, int width)
    {
        var tile = new RegisterTile(channels, width)
        {
            RowOperand = "weights",
            VectorOperand = "points",
            VectorOffset = place => place * Layout.Block,
        };
        tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
        ReductionLoop[] loops =
        [
            new("Channel", g.SourceChannels, g.Taps.Height * Layout.Block, (long)g.Source.Height * _rowPoints),
            new("TapRow", "tapRows", Layout.Block, (long)g.Dilation.Height * _rowPoints),
        ];
        tile.EmitReductions(writer, isa,
            [new Reduction(loops, 1, 0, 0, $"Compute: {ConvolutionRows.Count(g.SourceChannels, "input channel")} × rows of taps.")]);
        for (int c = 0; c < channels; c++)
        {
            writer.Line(string.Join(" ", Enumerable.Range(0, width).Select(place =>
                isa.Store(tile.Accumulator(c, place), Literals.Plus("products", (c * _tiles + place) * Layout.Block)))));
        }
    }

    /// <summary>Aᵀ p, and the epilogue.</summary>
    private Kernel OutputKernel(int channels)
    {
        string remarks = $"A row of {ConvolutionRows.Count(channels, "channel")}.{epilogue.Fused(everyActivation: true)}";
        return new Kernel(name + "Output", summary + " From the points to pixels: Aᵀ p.",
            remarks, epilogue.Parameters([Floats("products")], []), (writer, isa, names) =>
        {
            string advance = $"products += {Literals.Int(_tiles * Layout.Block)}, "
                + $"output += {Literals.Int(Target.PlaneStride)}{epilogue.Advance(other => other.PlaneStride)}";
            using (writer.Block($"for (int channel = 0; channel < {Literals.Int(channels)}; channel++, {advance})"))
            {
                if (epilogue.HasBias)
                    writer.Line($"{isa.Type} start = {isa.Broadcast("bias[channel]")};");
                if (WholeTiles > 0)
                {
                    using (writer.Block($"for (int tile = 0; tile < {Literals.Int(WholeTiles)}; tile++)"))
                        EmitPixels(writer, isa, names, channels, "tile * ", Outputs);
                }
                if (Rest >= PoolColumns)
                {
                    using (writer.Block())
                    {
                        writer.Line($"// The last {ConvolutionRows.Count(Rest, "column")} of the row.");
                        EmitPixels(writer, isa, names, channels, Literals.Int(WholeTiles) + " * ", Rest);
                    }
                }
            }
        });
    }

    /// <param name="tile">C# expression of the tile's number, and the sign of a product.</param>
    private void EmitPixels(SourceWriter writer, VectorIsa isa, KernelNames names, int channels, string tile, int outputs)
    {
        writer.Line($"float* p = products + {tile}16, y = output + {tile}{Literals.Int(Outputs / PoolColumns * Layout.Block)};");
        if (epilogue.Other is not null)
            writer.Line($"float* o = {epilogue.OtherName} + {tile}{Literals.Int(Outputs * Layout.Block)};");
        for (int row = 0; row < PoolRows; row++)
            EmitRow(writer, isa, channels, row, outputs);
        if (epilogue.Pool is { } pool)
        {
            for (int column = 0; column + PoolColumns <= outputs; column += PoolColumns)
            {
                IEnumerable<int> columns = Enumerable.Range(column, PoolColumns);
                string[] window = [.. Enumerable.Range(0, PoolRows).SelectMany(r => columns.Select(c => Pixel(r, c)))];
                writer.Line(isa.Store(pool.Apply(isa, names, epilogue.Activation, window),
                    Literals.Plus("y", column / PoolColumns * Layout.Block)));
            }
            return;
        }
        for (int column = 0; column < outputs; column++)
        {
            string value = epilogue.Apply(isa, names, Pixel(0, column), _ => Literals.Plus("o", column * Layout.Block),
                everyActivation: true);
            writer.Line(isa.Store(value, Literals.Plus("y", column * Layout.Block)));
        }
    }

    /// <summary>The sums of one row of a tile, with their bias.</summary>
    private void EmitRow(SourceWriter writer, VectorIsa isa, int channels, int row, int outputs)
    {
        string stem = PoolRows == 1 ? "p" : $"p{Literals.Int(row)}_";
        IEnumerable<string> points = Enumerable.Range(0, Transform.Points).Select(point =>
        {
            long offset = (long)row * channels * _rowPoints + (long)point * channels * _tiles * Layout.Block;
            return $"{stem}{Literals.Int(point)} = {isa.Load(Literals.Plus("p", offset))}";
        });
        writer.Line($"{isa.Type} {string.Join(", ", points)};");
        if (epilogue.HasBias)
        {
            // What is added at the point 1 is added to every output.
            writer.Line($"{stem}1 += start;");
        }
        Transform.EmitOutputs(writer, isa, Outputs, [.. Enumerable.Range(0, outputs).Select(k => Pixel(row, k))],
            point => stem + Literals.Int(point));
    }

    private static string Pixel(int row, int column) => $"y{Literals.Int(row)}{Literals.Int(column)}";
}
