using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution of each channel by itself. With channel lanes nothing is broadcast: 16 channels of a pixel times their 16 weights of a
/// tap; with sample lanes a channel's weights are broadcast over the samples. Weights [channel / 16][row][column][16] serve both, and
/// the input's gradient, which runs over the taps in reverse.
/// </summary>
internal static class DepthwiseConvolution
{
    /// <summary>Most pixels whose sums are kept in registers, beside one weight and one input.</summary>
    private static int MaxPixels(VectorIsa isa) => Math.Min(14, isa.Registers - 2);

    /// <param name="g">Its target channels are all channels; it sums over one source channel.</param>
    public static Kernel Create(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        bool lanes = g.Source.Kind == LayoutKind.Samples;
        string count = CountOf(g.Source).Name;
        string remarks = $"Depthwise, {(lanes ? "sample lanes" : "channel lanes")}. Input {g.Source}; output {g.Target}. {Literals.Count(g.MultiplyAdds)} multiply-adds per sample.";
        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [CountOf(g.Source), .. g.MoreParameters]), (writer, isa, names) => EmitDriver(writer, isa, names, part: false))
        {
            IsHot = false,
            Part = lanes || g.IsShared ? null : new Kernel(name + "Part", summary, $"Depthwise, channel lanes. Input {g.Source}; output {g.Target}. One sample, divided among workers.",
                epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], Share), (writer, isa, names) => EmitDriver(writer, isa, names, part: true)) { IsHot = false },
            Tile = isa => $"Tiles of {string.Join(", ", TileShapes.Split(g.Pixels.Width, MaxPixels(isa)).Select(t => Literals.Int(t.Size)).Distinct())} pixels. Rows of taps outside the image are skipped; columns outside read the halo.",
        };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names, bool part)
        {
            Layout source = g.Source, target = g.Target;
            int parts = Layout.Block / isa.Lanes, blocks = Layout.RoundUp(g.TargetChannels) / Layout.Block, height = g.Pixels.Height;
            string ofPart = parts > 1 ? " + part" : "";
            if (part)
                writer.Line($"// Tasks: {ConvolutionRows.Count(blocks, "block")} of 16 channels × {ConvolutionRows.Count(height, "row")}.");
            using (part ? writer.Block(TaskShare.Loop(blocks * height, "task")) : writer.Block($"for (int n = 0; n < {count}; n++, input += {Literals.Int(source.SampleStride)}, output += {Literals.Int(target.SampleStride)}{epilogue.Advance(other => other.SampleStride)})"))
            using (part ? (SourceWriter.Scope?)null : writer.Block(lanes ? $"for (int channel = 0; channel < {Literals.Int(g.TargetChannels)}; channel++)" : $"for (int block = 0; block < {Literals.Int(blocks)}; block++)"))
            {
                if (part)
                    writer.Line($"int block = task / {Literals.Int(height)}, row = task % {Literals.Int(height)};");
                SourceWriter.Scope? scope = null;
                if (parts > 1)
                {
                    writer.Line($"// A vector holds {Literals.Int(isa.Lanes)} of the 16 {(lanes ? "samples" : "channels")}.");
                    scope = writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
                }
                string plane = lanes ? "channel" : "block";
                writer.Line($"float* planeWeights = {Literals.Plus("weights", g.WeightStart)} + {WeightOffset(g, lanes)}{(lanes ? "" : ofPart)};");
                writer.Line($"float* planeInput = input + {plane} * {Literals.Int(source.PlaneStride)}{ofPart};");
                writer.Line($"float* planeOutput = output + {plane} * {Literals.Int(target.PlaneStride)} + {Literals.Int(Start(target))}{ofPart};");
                if (epilogue.HasBias)
                    writer.Line($"float* planeBias = bias + {(lanes ? "channel" : "block * 16" + ofPart)};");
                if (epilogue.Other is { } other)
                    writer.Line($"float* planeOther = {epilogue.OtherName} + {plane} * {Literals.Int(other.PlaneStride)} + {Literals.Int(Start(other))}{ofPart};");
                using (part ? (SourceWriter.Scope?)null : writer.Block($"for (int row = 0; row < {g.Rows}; row++)"))
                {
                    ConvolutionRows.EmitTapRange(writer, g);
                    foreach ((int size, int tiles, int done) in TileShapes.Split(g.Pixels.Width, MaxPixels(isa)))
                    {
                        string[] operands =
                        [
                            g.SourceAt($"planeInput + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(source.RowStride)}", done),
                            $"planeWeights + firstTap * {Literals.Int(g.TapRowStride)}",
                        ];
                        string Row(string pointer, Layout layout) => Literals.Plus($"{pointer} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)}", done * g.TargetStep.Width * Layout.Block);
                        string arguments = epilogue.Arguments(operands, "planeBias", Row("planeOutput", target), layout => Row("planeOther", layout), "tapRows", Literals.Int(tiles));
                        writer.Line($"{names.Use(Tile(name, summary, g, size, epilogue))}({arguments});");
                    }
                }
                scope?.Dispose();
            }
        }

        long Start(Layout layout) => layout.Origin + g.TargetStart.Height * layout.RowStride + g.TargetStart.Width * Layout.Block;
    }

    private static string WeightOffset(ConvolutionGeometry g, bool lanes) => lanes
        ? $"(channel >> 4) * {Literals.Int(g.TargetChannelStride.BlockStride)} + (channel & 15)"
        : $"block * {Literals.Int(g.TargetChannelStride.BlockStride)}";

    private static Kernel Tile(string name, string summary, ConvolutionGeometry g, int pixels, ConvolutionEpilogue epilogue)
    {
        bool lanes = g.Source.Kind == LayoutKind.Samples;
        return new Kernel($"{name}Tile{Literals.Int(pixels)}", summary,
            $"Microkernel: {Literals.Int(pixels)} pixels.{epilogue.Fused()}",
            epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Int("tapRows"), Int("tiles")]), Emit);

        void Emit(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            long Pixel(int p) => (long)p * g.TargetStep.Width * Layout.Block;
            long SourcePixel(int p) => (long)p * g.Stride.Width * Layout.Block;

            // Rows are what is broadcast: nothing with channel lanes, where both operands are vectors; the weight with sample lanes.
            RegisterTile tile = lanes
                ? new RegisterTile(1, pixels) { RowOperand = "weights", VectorOperand = "input", RowOffset = _ => 0, VectorOffset = p => SourcePixel(p) }
                : new RegisterTile(pixels, 1) { RowOperand = "input", VectorOperand = "weights", RowOffset = SourcePixel, VectorOffset = _ => 0, RowsAreVectors = true };
            string Sum(int p) => lanes ? tile.Accumulator(0, p) : tile.Accumulator(p, 0);
            long sourceRow = (long)g.Dilation.Height * g.Source.RowStride, sourceTap = (long)g.Dilation.Width * Layout.Block;
            string comment = $"Compute: rows of {ConvolutionRows.Count(g.Taps.Width, "tap")}.";
            Reduction reduction = lanes
                ? new Reduction([new ReductionLoop("TapRow", "tapRows", g.TapRowStride, sourceRow) { Most = g.Taps.Height }], g.Taps.Width, g.TapColumnStride, sourceTap, comment)
                : new Reduction([new ReductionLoop("TapRow", "tapRows", sourceRow, g.TapRowStride) { Most = g.Taps.Height }], g.Taps.Width, sourceTap, g.TapColumnStride, comment);

            if (g.Taps.Width > 0)
                tile.EmitTotals(writer, isa, [reduction]);
            using (writer.Block($"for (int tile = 0; tile < tiles; tile++, input += {Literals.Int(SourcePixel(pixels))}, output += {Literals.Int(Pixel(pixels))}{epilogue.Advance(_ => Pixel(pixels))})"))
            {
                writer.Line(epilogue.HasBias ? "// Setup: the accumulators start from the bias." : "// Setup: the accumulators start from zero.");
                tile.EmitAccumulators(writer, isa, (_, _) => !epilogue.HasBias ? isa.Zero : lanes ? isa.Broadcast("*bias") : isa.Load("bias"));
                if (g.Taps.Width > 0)
                    tile.EmitReductions(writer, isa, [reduction]);
                writer.Line($"// Epilogue: {epilogue.Stages}.");
                for (int p = 0; p < pixels; p++)
                    writer.Line(isa.Store(epilogue.Apply(isa, names, Sum(p), _ => Literals.Plus(epilogue.OtherName, Pixel(p))), Literals.Plus("output", Pixel(p))));
            }
        }
    }

    /// <summary>Gradient of the weights: for each channel and tap, the sum over samples and output pixels of input × output gradient.</summary>
    /// <param name="g">The forward geometry: source is the input, target has the layout of the output's gradient.</param>
    public static Kernel WeightGradient(string name, string summary, ConvolutionGeometry g)
    {
        bool lanes = g.Source.Kind == LayoutKind.Samples;
        string count = CountOf(g.Source).Name;
        return new Kernel(name, summary, $"Depthwise, {(lanes ? "sample lanes" : "channel lanes")}. Input {g.Source}; output gradient {g.Target}.",
            ConvolutionWeightGradient.Parameters(CountOf(g.Source)), EmitDriver) { IsHot = false };

        void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            int planes = lanes ? g.TargetChannels : Layout.RoundUp(g.TargetChannels) / Layout.Block, tasks = planes * g.Taps.Height;
            string plane = lanes ? "channel" : "block";
            writer.Line($"// Tasks: {ConvolutionRows.Count(planes, lanes ? "channel" : "block")}{(lanes ? "" : " of channels")} × {ConvolutionRows.Count(g.Taps.Height, "tap row")}.");
            using (writer.Block(TaskShare.Loop(tasks, "task")))
            {
                writer.Line($"int tapRow = task % {Literals.Int(g.Taps.Height)}, {plane} = task / {Literals.Int(g.Taps.Height)};");
                writer.Line("// Output rows whose tap of this row lies inside the image.");
                ConvolutionWeightGradient.EmitRowRange(writer, g);
                writer.Line($"float* x = input + {plane} * {Literals.Int(g.Source.PlaneStride)} + {ConvolutionWeightGradient.FirstSource(g)};");
                writer.Line($"float* dy = outputGradient + {plane} * {Literals.Int(g.Target.PlaneStride)} + {ConvolutionWeightGradient.FirstTarget(g)};");
                writer.Line($"float* dw = weightGradient + {WeightOffset(g, lanes)} + tapRow * {Literals.Int(g.TapRowStride)};");
                // With sample lanes the parts of 16 samples are summed in the kernel; with channel lanes they are channels of their own.
                bool split = !lanes && isa.Lanes < Layout.Block;
                string part = split ? " + part" : "";
                SourceWriter.Scope? scope = split ? writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})") : null;
                foreach ((int size, int tiles, int tap) in TileShapes.Split(g.Taps.Width, isa.Registers - 4))
                {
                    Kernel kernel = GradientTile(name, summary, g, size);
                    string x = Literals.Plus("x", tap * g.Dilation.Width * Layout.Block), dw = Literals.Plus("dw", tap * g.TapColumnStride);
                    if (tiles > 1)
                    {
                        x += $" + tile * {Literals.Int(size * g.Dilation.Width * Layout.Block)}";
                        dw += $" + tile * {Literals.Int(size * g.TapColumnStride)}";
                    }
                    using (tiles > 1 ? writer.Block($"for (int tile = 0; tile < {Literals.Int(tiles)}; tile++)") : (SourceWriter.Scope?)null)
                        writer.Line($"{names.Use(kernel)}(dy{part}, {x}{part}, {dw}{part}, {count}, rows);");
                }
                scope?.Dispose();
            }
        }
    }

    private static Kernel GradientTile(string name, string summary, ConvolutionGeometry g, int taps)
    {
        bool lanes = g.Source.Kind == LayoutKind.Samples;
        string count = CountOf(g.Source).Name;
        return new Kernel($"{name}Tile{Literals.Int(taps)}", summary, $"Microkernel: {ConvolutionRows.Count(taps, "tap")} of a row.",
            [Floats("outputGradient"), Floats("input"), Floats("weightGradient"), CountOf(g.Source), Int("rows")], (writer, isa, _) =>
        {
            var tile = new RegisterTile(1, taps)
            {
                IsUnbounded = true,
                RowOperand = "outputGradient",
                VectorOperand = "input",
                VectorOffset = t => (long)t * g.Dilation.Width * Layout.Block,
                RowsAreVectors = true,
            };
            tile.EmitAccumulators(writer, isa, (_, _) => isa.Zero);
            var loops = new List<ReductionLoop>
            {
                new("Sample", count, g.Target.SampleStride, g.Source.SampleStride),
                new("Row", "rows", g.Target.RowStride, (long)g.Stride.Height * g.Source.RowStride),
            };
            string comment = $"Compute: {count} × output rows × {ConvolutionRows.Count(g.Pixels.Width, "output column")}";
            long column = (long)g.Stride.Width * Layout.Block;
            if (lanes && isa.Lanes < Layout.Block)
            {
                loops.Add(new ReductionLoop("Column", g.Pixels.Width, Layout.Block, column));
                tile.EmitReductions(writer, isa, [new Reduction(loops, Layout.Block / isa.Lanes, isa.Lanes, isa.Lanes, comment + " × parts of 16 samples.")]);
            }
            else
            {
                tile.EmitReductions(writer, isa, [new Reduction(loops, g.Pixels.Width, Layout.Block, column, comment + ".")]);
            }
            writer.Line(lanes ? "// Epilogue: sum the lanes." : "// Epilogue.");
            for (int t = 0; t < taps; t++)
            {
                writer.Line(lanes
                    ? $"weightGradient[{Literals.Int(t * g.TapColumnStride)}] = {isa.Static}.Sum({tile.Accumulator(0, t)});"
                    : isa.Store(tile.Accumulator(0, t), Literals.Plus("weightGradient", t * g.TapColumnStride)));
            }
        });
    }
}
