using NetGen.Generator.Emit;
using NetGen.Generator.Emit.Isa;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>
/// Convolution with channel lanes: a vector holds channels of one target pixel; each step broadcasts one source element per pixel
/// of the tile. The 16 channels of a pixel and its right neighbours are contiguous, so a row of taps is one straight run.
/// </summary>
internal static class ChannelConvolution
{
    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
    {
        string remarks = $"Channel lanes. Input {geometry.Source}; output {geometry.Target}. {Literals.Count(geometry.MultiplyAdds)} multiply-adds per sample.";
        return new Kernel(name, summary, remarks, epilogue.Parameters("float* input, float* weights", "int samples"), (writer, isa, names) =>
            EmitDriver(writer, isa, names, name, summary, geometry, epilogue))
        {
            IsHot = false,
            Tile = isa => $"Tiles of {string.Join(", ", TileSizes(isa, geometry, Vectors(isa, geometry)).Select(t => Literals.Int(t.Size)).Distinct())} pixels × {Literals.Int(Vectors(isa, geometry) * isa.Lanes)} channels. Rows of taps outside the image are skipped; columns outside read the halo.",
        };
    }

    private static int Blocks(ConvolutionGeometry geometry) => Layout.RoundUp(geometry.TargetChannels) / Layout.Block;

    private static int Vectors(VectorIsa isa, ConvolutionGeometry geometry) => isa.Lanes == Layout.Block && Blocks(geometry) == 1 ? 1 : 2;

    private static IReadOnlyList<(int Size, int Count)> TileSizes(VectorIsa isa, ConvolutionGeometry geometry, int vectors)
        => TileShapes.Split(geometry.Pixels.Width, Math.Min(28, TileShapes.MaxRows(isa.Registers, vectors)));

    private static void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary,
        ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        Layout source = g.Source, target = g.Target;
        int blocks = Blocks(g), vectors = Vectors(isa, g);
        int groupChannels = vectors * isa.Lanes;

        using (writer.Block($"for (int sample = 0; sample < samples; sample++, input += {Literals.Int(source.SampleStride)}, output += {Literals.Int(target.SampleStride)}{epilogue.Advance(other => other.SampleStride)})"))
        {
            int groups = blocks * Layout.Block / groupChannels;
            if (groups > 0)
                EmitGroups(vectors, groups, 0);
            // An odd block of 16 channels is left where vectors hold a whole block each.
            if (groups * groupChannels < blocks * Layout.Block)
                EmitGroups(1, 1, groups * groupChannels);

            if (epilogue.LateActivation is { } activation)
            {
                writer.Line($"// {activation}, over the sample just computed.");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(target.Planes * target.Height)}; row++)"))
                    writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}(output + row * {Literals.Int(target.RowStride)} + {Literals.Int(target.Origin)}, {Literals.Int(target.Width * Layout.Block)});");
                if (!activation.KeepsZero && g.TargetChannels % Layout.Block != 0)
                    Elementwise.EmitClearPaddingLanes(writer, target, g.TargetChannels);
            }
        }

        void EmitGroups(int groupVectors, int count, int firstChannel)
        {
            string Group(string pointer, long start, long blockStride)
            {
                long fixedOffset = start + firstChannel / Layout.Block * blockStride;
                if (count == 1)
                    return Literals.Plus(pointer, fixedOffset);
                if (groupChannels >= Layout.Block)
                    return $"{Literals.Plus(pointer, fixedOffset)} + group * {Literals.Int(groupChannels / Layout.Block * blockStride)}";
                return $"{Literals.Plus(pointer, fixedOffset)} + (group >> 1) * {Literals.Int(blockStride)} + (group & 1) * {Literals.Int(groupChannels)}";
            }

            IReadOnlyList<(int Size, int Count)> tiles = TileSizes(isa, g, groupVectors);
            writer.Line($"// {ConvolutionRows.Count(count, "group")} of {Literals.Int(groupVectors * isa.Lanes)} output channels: the weights of a group stay in the cache while all rows pass.");
            var scope = count > 1 ? writer.Block($"for (int group = 0; group < {Literals.Int(count)}; group++)") : writer.Block();
            using (scope)
            {
                writer.Line($"float* groupWeights = {Group("weights", g.WeightStart, g.TargetChannelStride.BlockStride)};");
                writer.Line($"float* groupOutput = {Group("output", target.Origin + g.TargetStart.Height * target.RowStride + g.TargetStart.Width * Layout.Block, target.PlaneStride)};");
                if (epilogue.HasBias)
                    writer.Line($"float* groupBias = {Group("bias", 0, Layout.Block)};");
                if (epilogue.Other is { } other)
                    writer.Line($"float* groupOther = {Group(epilogue.OtherName, other.Origin + g.TargetStart.Height * other.RowStride + g.TargetStart.Width * Layout.Block, other.PlaneStride)};");
                using (writer.Block($"for (int row = 0; row < {Literals.Int(g.Pixels.Height)}; row++)"))
                {
                    ConvolutionRows.EmitTapRange(writer, g);
                    int done = 0;
                    foreach ((int size, int tileCount) in tiles)
                    {
                        TileStrides? shared = names.SharesTiles && ConvolutionRows.CanShare(g) ? new TileStrides(isa, g, groupVectors, epilogue) : null;
                        Kernel tile = TileKernel(isa, name, summary, g, size, groupVectors, epilogue, shared);
                        string At(string pointer, Layout layout)
                            => Literals.Plus($"{pointer} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)}", done * g.TargetStep.Width * Layout.Block);
                        string arguments = epilogue.Arguments(
                            [
                                Literals.Plus($"input + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(source.RowStride)}", source.Origin + (done * g.Stride.Width - g.Left) * source.PixelStride),
                                $"groupWeights + firstTap * {Literals.Int(g.TapRowStride)}",
                            ],
                            "groupBias", At("groupOutput", target), layout => At("groupOther", layout), ["tapRows", Literals.Int(tileCount), .. shared?.Arguments ?? []]);
                        writer.Line($"{names.Use(tile)}({arguments});");
                        done += size * tileCount;
                    }
                }
            }
        }
    }

    /// <summary>The sizes by which the tiles of two layers would differ, as parameters of one tile.</summary>
    private sealed class TileStrides
    {
        public TileStrides(VectorIsa isa, ConvolutionGeometry g, int vectors, ConvolutionEpilogue epilogue)
        {
            var all = new List<(string Parameter, long Value)>
            {
                ("int blocks", g.SourceChannels / Layout.Block),
                ("nint inputBlockStride", g.Source.PlaneStride),
                ("nint inputRowStride", (long)g.Dilation.Height * g.Source.RowStride),
            };
            // Vectors of one block of 16 channels lie side by side.
            if (vectors * isa.Lanes > Layout.Block)
            {
                all.Add(("nint weightsBlockStride", g.TargetChannelStride.BlockStride));
                all.Add(("nint outputBlockStride", g.Target.PlaneStride));
                if (epilogue.Other is { } other)
                    all.Add(($"nint {epilogue.OtherName}BlockStride", other.PlaneStride));
            }
            Parameters = string.Concat(all.Select(stride => ", " + stride.Parameter));
            Arguments = all.Select(stride => Literals.Int(stride.Value)).ToArray();
        }

        /// <summary>At the end of the tile's parameters.</summary>
        public string Parameters { get; }

        public IReadOnlyList<string> Arguments { get; }
    }

    private static Kernel TileKernel(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int pixels, int vectors, ConvolutionEpilogue epilogue, TileStrides? shared)
    {
        string size = $"Tile{Literals.Int(pixels)}x{Literals.Int(vectors)}";
        return new Kernel(shared is null ? name + size : $"Convolution{size}Of{ConvolutionRows.Count(g.Taps.Width, "Tap").Replace(" ", "")}",
            shared is null ? summary : $"Convolutions with rows of {ConvolutionRows.Count(g.Taps.Width, "tap")}: layers of different sizes share it.",
            $"Microkernel: {Literals.Int(pixels)} pixels × {Literals.Int(vectors)} vectors, {Literals.Int(pixels * vectors)} accumulators.{epilogue.Fused()}",
            epilogue.Parameters("float* input, float* weights", "int tapRows, int tiles" + shared?.Parameters), EmitTile);

        void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            Stride VectorPart(int v, string operand, long blockStride)
            {
                // At most one block further: a tile has two vectors at most.
                int block = v * isa.Lanes / Layout.Block, lane = v * isa.Lanes % Layout.Block;
                return shared is not null && block > 0 ? new Stride(0, operand + "BlockStride") : block * blockStride + lane;
            }

            long Pixel(int p) => (long)p * g.TargetStep.Width * Layout.Block;

            var tile = new RegisterTile(pixels, vectors)
            {
                RowOffset = p => (long)p * g.Stride.Width * g.Source.PixelStride,
                VectorOffset = v => VectorPart(v, "weights", g.TargetChannelStride.BlockStride),
                UnrolledMultiplyAdds = shared is null ? RegisterTile.DefaultUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds / 2,
            };
            using (writer.Block($"for (int tile = 0; tile < tiles; tile++, input += {Literals.Int(pixels * g.Stride.Width * g.Source.PixelStride)}, output += {Literals.Int(pixels * g.TargetStep.Width * Layout.Block)}{epilogue.Advance(_ => pixels * g.TargetStep.Width * Layout.Block)})"))
            {
                writer.Line(epilogue.HasBias ? "// Setup: the accumulators start from the bias." : "// Setup: the accumulators start from zero.");
                tile.EmitAccumulators(writer, isa, (_, v) => epilogue.HasBias ? isa.Load(Literals.Plus("bias", v * isa.Lanes)) : isa.Zero);
                tile.EmitReductions(writer, isa, ConvolutionRows.ChannelReductions(g, shared is not null));

                writer.Line($"// Epilogue: {epilogue.Stages}.");
                for (int p = 0; p < pixels; p++)
                {
                    for (int v = 0; v < vectors; v++)
                    {
                        string value = epilogue.Apply(isa, names, tile.Accumulator(p, v),
                            other => VectorPart(v, epilogue.OtherName, other.PlaneStride).AddTo(epilogue.OtherName, Pixel(p)));
                        writer.Line(isa.Store(value, VectorPart(v, "output", g.Target.PlaneStride).AddTo("output", Pixel(p))));
                    }
                }
            }
        }
    }
}
