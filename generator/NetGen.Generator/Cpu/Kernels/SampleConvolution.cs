using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with sample lanes: a vector holds one pixel of one channel for 16 samples (or a part of them where vectors are
/// narrower); each step broadcasts one weight per target channel of the tile. No lane is wasted whatever the channels are.
/// </summary>
internal static class SampleConvolution
{
    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
    {
        string remarks = $"Sample lanes: 16 samples side by side. Input {geometry.Source}; output {geometry.Target}. {Literals.Count(geometry.MultiplyAdds)} multiply-adds per sample.";
        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Blocks, .. geometry.MoreParameters]), (writer, isa, names) =>
            EmitDriver(writer, isa, names, name, summary, geometry, epilogue))
        {
            IsHot = false,
            Tile = isa =>
            {
                (int channels, int pixels) = ChooseTile(isa, geometry.TargetChannels, geometry.Pixels.Width);
                return $"Tiles of up to {Literals.Int(channels)} channels × {Literals.Int(pixels)} pixels. Rows of taps outside the image are skipped; columns outside read the halo.";
            },
        };
    }

    /// <summary>
    /// The tile with the best ratio of multiply-adds to loads that the registers hold. Loads cost about half a multiply-add;
    /// fewer than eight accumulators leave the multiply-add units waiting.
    /// </summary>
    /// <param name="targetChannels">Channels to compute; a tile takes at most a block of 16.</param>
    /// <param name="width">Vectors side by side.</param>
    public static (int Channels, int Pixels) ChooseTile(VectorIsa isa, int targetChannels, int width)
    {
        int channels = Math.Min(Layout.Block, targetChannels);
        (int Channels, int Pixels) best = (1, 1);
        double bestScore = double.MaxValue;
        for (int c = 1; c <= channels; c++)
        {
            for (int p = 1; p <= Math.Min(width, isa.Registers); p++)
            {
                if (c * p + p + 1 > isa.Registers)
                    continue;
                double meanChannels = (double)channels / ((channels + c - 1) / c), meanPixels = (double)width / ((width + p - 1) / p);
                double accumulators = meanChannels * meanPixels;
                double score = (accumulators + 0.5 * (meanChannels + meanPixels)) / accumulators * Math.Max(1, 8 / accumulators);
                if (score < bestScore - 1e-9)
                {
                    bestScore = score;
                    best = (c, p);
                }
            }
        }
        return best;
    }

    private static void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary,
        ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        Layout source = g.Source, target = g.Target;
        (int tileChannels, int tilePixels) = ChooseTile(isa, g.TargetChannels, g.Pixels.Width);
        int parts = Layout.Block / isa.Lanes;

        using (writer.Block($"for (int block = 0; block < blocks; block++, input += {Literals.Int(source.SampleStride)}, output += {Literals.Int(target.SampleStride)}{epilogue.Advance(other => other.SampleStride)})"))
        {
            if (parts > 1)
            {
                writer.Line($"// A vector holds {Literals.Int(isa.Lanes)} of the 16 samples.");
                using (writer.Block($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})"))
                    EmitChannels("part + ");
            }
            else
            {
                EmitChannels("");
            }
        }

        void EmitChannels(string part)
        {
            int full = g.TargetChannels / Layout.Block, rest = g.TargetChannels % Layout.Block;
            if (full > 0)
                EmitBlocks(part, full, 0, Layout.Block);
            if (rest > 0)
                EmitBlocks(part, 1, full, rest);
        }

        void EmitBlocks(string part, int count, int firstBlock, int channels)
        {
            foreach ((int size, int tiles, int first) in TileShapes.Split(channels, tileChannels))
                EmitTiles(part, count, firstBlock, first, size, tiles);
        }

        void EmitTiles(string part, int blocks, int firstBlock, int firstChannel, int size, int tiles)
        {
            // Channel = (firstBlock + channelBlock) · 16 + firstChannel + tileIndex · size.
            var loops = new Stack<SourceWriter.Scope>();
            string weights = Literals.Plus("weights", g.WeightStart + firstBlock * g.TargetChannelStride.BlockStride + firstChannel * g.TargetChannelStride.InnerStride);
            string channel = Literals.Int(firstBlock * Layout.Block + firstChannel);
            if (blocks > 1)
            {
                loops.Push(writer.Block($"for (int channelBlock = 0; channelBlock < {Literals.Int(blocks)}; channelBlock++)"));
                weights += $" + channelBlock * {Literals.Int(g.TargetChannelStride.BlockStride)}";
                channel += " + channelBlock * 16";
            }
            if (tiles > 1)
            {
                loops.Push(writer.Block($"for (int channelTile = 0; channelTile < {Literals.Int(tiles)}; channelTile++)"));
                weights += $" + channelTile * {Literals.Int(size * g.TargetChannelStride.InnerStride)}";
                channel += $" + channelTile * {Literals.Int(size)}";
            }
            if (loops.Count == 0)
                loops.Push(writer.Block());

            writer.Line($"// {ConvolutionRows.Count(size, "output channel")} at a time.");
            writer.Line($"int channel = {channel};");
            writer.Line($"float* tileWeights = {weights};");
            using (writer.Block($"for (int row = 0; row < {g.Rows}; row++)"))
            {
                ConvolutionRows.EmitTapRange(writer, g);
                string position = g.TargetStep.Height == 1 ? "row" : $"row * {Literals.Int(g.TargetStep.Height)}";
                position = g.TargetStart.Height == 0 ? position : $"({position} + {Literals.Int(g.TargetStart.Height)})";
                writer.Line($"float* rowOutput = output + {part}channel * {Literals.Int(target.PlaneStride)} + {position} * {Literals.Int(target.RowStride)} + {Literals.Int(target.Origin + g.TargetStart.Width * Layout.Block)};");
                if (epilogue.Other is { } other)
                    writer.Line($"float* rowOther = {epilogue.OtherName} + {part}channel * {Literals.Int(other.PlaneStride)} + {position} * {Literals.Int(other.RowStride)} + {Literals.Int(other.Origin + g.TargetStart.Width * Layout.Block)};");
                foreach ((int pixels, int pixelTiles, int done) in TileShapes.Split(g.Pixels.Width, tilePixels))
                {
                    Kernel tile = TileKernel(isa, name, summary, g, size, pixels, epilogue);
                    string column = Literals.Int(done * g.TargetStep.Width * Layout.Block);
                    string arguments = epilogue.Arguments(
                        [
                            g.SourceAt($"input + {part}{ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(source.RowStride)}", done),
                            $"tileWeights + firstTap * {Literals.Int(g.TapRowStride)}",
                        ],
                        "bias + channel", $"rowOutput + {column}", _ => $"rowOther + {column}", "tapRows", Literals.Int(pixelTiles));
                    writer.Line($"{names.Use(tile)}({arguments});");
                }
                if (epilogue.LateActivation is { } activation && parts == 1)
                    EmitActivation("rowOutput", activation);
            }
            if (epilogue.LateActivation is { } late && parts > 1)
            {
                // The last part completes the rows' 16 lanes.
                using (writer.Block($"if (part == {Literals.Int(Layout.Block - isa.Lanes)})"))
                using (writer.Block($"for (int row = 0; row < {Literals.Int(target.Height)}; row++)"))
                {
                    writer.Line($"float* rowOutput = output + channel * {Literals.Int(target.PlaneStride)} + row * {Literals.Int(target.RowStride)} + {Literals.Int(target.Origin)};");
                    EmitActivation("rowOutput", late);
                }
            }

            while (loops.Count > 0)
                loops.Pop().Dispose();

            void EmitActivation(string row, Activation activation)
            {
                writer.Line($"// {activation} while the rows are in L1.");
                if (size == 1)
                {
                    writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}({row}, {Literals.Int(target.Width * Layout.Block)});");
                    return;
                }
                using (writer.Block($"for (int c = 0; c < {Literals.Int(size)}; c++)"))
                    writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}({row} + c * {Literals.Int(target.PlaneStride)}, {Literals.Int(target.Width * Layout.Block)});");
            }
        }
    }

    private static Kernel TileKernel(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int channels, int pixels, ConvolutionEpilogue epilogue)
    {
        return new Kernel($"{name}Tile{Literals.Int(channels)}x{Literals.Int(pixels)}", summary,
            $"Microkernel: {Literals.Int(channels)} channels × {Literals.Int(pixels)} pixels of {Literals.Int(isa.Lanes)} samples, {Literals.Int(channels * pixels)} accumulators.{epilogue.Fused()}",
            epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Int("tapRows"), Int("tiles")]), EmitTile);

        void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            long Position(Layout layout, int c, int p) => (long)c * layout.PlaneStride + p * g.TargetStep.Width * Layout.Block;

            var tile = new RegisterTile(channels, pixels)
            {
                RowOperand = "weights",
                VectorOperand = "input",
                RowOffset = c => c * g.TargetChannelStride.InnerStride,
                VectorOffset = p => (long)p * g.Stride.Width * Layout.Block,
            };
            tile.EmitTotals(writer, isa, ConvolutionRows.SampleReductions(g));
            using (writer.Block($"for (int tile = 0; tile < tiles; tile++, input += {Literals.Int(pixels * g.Stride.Width * Layout.Block)}, output += {Literals.Int(pixels * g.TargetStep.Width * Layout.Block)}{epilogue.Advance(_ => pixels * g.TargetStep.Width * Layout.Block)})"))
            {
                writer.Line(epilogue.HasBias ? "// Setup: the accumulators start from the bias." : "// Setup: the accumulators start from zero.");
                tile.EmitAccumulators(writer, isa, (c, _) => epilogue.HasBias ? isa.Broadcast($"bias[{Literals.Int(c)}]") : isa.Zero);
                tile.EmitReductions(writer, isa, ConvolutionRows.SampleReductions(g));
                writer.Line($"// Epilogue: {epilogue.Stages}.");
                for (int c = 0; c < channels; c++)
                {
                    for (int p = 0; p < pixels; p++)
                    {
                        string value = epilogue.Apply(isa, names, tile.Accumulator(c, p), other => Literals.Plus(epilogue.OtherName, Position(other, c, p)));
                        writer.Line(isa.Store(value, Literals.Plus("output", Position(g.Target, c, p))));
                    }
                }
            }
        }
    }
}
