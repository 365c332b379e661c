using NetGen.Generator.Ir;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with channel lanes: a vector holds channels of one target pixel; each step broadcasts one source element per pixel
/// of the tile. The 16 channels of a pixel and its right neighbours are contiguous, so a row of taps is one straight run.
/// Weights that no near cache holds are read once for a block of samples instead of for each; where an image has too few pixels for a
/// tile, the tile's rows are the same pixel of many samples, and taps outside the image are skipped on all four sides.
/// </summary>
internal static class ChannelConvolution
{
    /// <summary>Pixels in a row that are too few for a tile.</summary>
    private const int MaxTinyWidth = 2;

    private static bool HasFarWeights(ConvolutionGeometry g)
        => g.Source.Kind == LayoutKind.Blocked && (long)Layout.RoundUp(g.SourceChannels) * Layout.RoundUp(g.TargetChannels) * g.Taps.Area > CommonL2.Floats && SamplesOfBlock(g) > 1;

    /// <summary>Samples whose input stays in the cache while groups of output channels pass over it.</summary>
    private static int SamplesOfBlock(ConvolutionGeometry g)
    {
        int samples = (int)Math.Max(1, CommonL2.HalfFloats / g.Source.SampleStride);
        return samples > 14 ? samples / 14 * 14 : samples;
    }

    /// <summary>A tile's rows are samples.</summary>
    private static bool IsTiny(ConvolutionGeometry g) => HasFarWeights(g) && g.Pixels.Width <= MaxTinyWidth;

    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
    {
        bool far = HasFarWeights(geometry), tiny = IsTiny(geometry);
        string remarks = $"Channel lanes. Input {geometry.Source}; output {geometry.Target}. {Literals.Count(geometry.MultiplyAdds)} multiply-adds per sample."
            + (far ? $" {Literals.Int(SamplesOfBlock(geometry))} samples at a time, because the weights do not stay in L2." : "");
        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Samples, .. geometry.MoreParameters]), (writer, isa, names) =>
            EmitDriver(writer, isa, names, name, summary, geometry, epilogue))
        {
            IsHot = false,
            TakesAllSamples = far,
            Part = geometry.IsShared || !CanDivide(geometry, epilogue) ? null : new Kernel(name + "Part", summary, $"Channel lanes. Input {geometry.Source}; output {geometry.Target}. One sample, divided among workers.",
                epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], Share), (writer, isa, names) => EmitPart(writer, isa, names, name, summary, geometry, epilogue)) { IsHot = false },
            Tile = isa => tiny ? $"Tiles of {string.Join(", ", TileShapes.AnySizes(isa).Select(size => Literals.Int(size)))} samples × {Literals.Int(Vectors(isa, geometry) * isa.Lanes)} channels, pixel by pixel. Taps outside the image are skipped."
                : $"Tiles of {string.Join(", ", TileSizes(isa, geometry, Vectors(isa, geometry)).Select(t => Literals.Int(t.Size)).Distinct())} pixels × {Literals.Int(Vectors(isa, geometry) * isa.Lanes)} channels. Rows of taps outside the image are skipped; columns outside read the halo.",
        };
    }

    private static int Blocks(ConvolutionGeometry geometry) => Layout.RoundUp(geometry.TargetChannels) / Layout.Block;

    private static int Vectors(VectorIsa isa, ConvolutionGeometry geometry) => isa.Lanes == Layout.Block && Blocks(geometry) == 1 ? 1 : 2;

    private static IReadOnlyList<TileRun> TileSizes(VectorIsa isa, ConvolutionGeometry geometry, int vectors)
        => TileShapes.Split(geometry.Pixels.Width, Math.Min(28, TileShapes.MaxRows(isa.Registers, vectors)));

    private static void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary,
        ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        Layout source = g.Source, target = g.Target;
        int blocks = Blocks(g), vectors = Vectors(isa, g);
        int groupChannels = vectors * isa.Lanes;

        bool far = HasFarWeights(g), tiny = IsTiny(g);
        var rows = new RowWriter(writer, isa, names, name, summary, g, epilogue, ofBlock: far);
        string step = far ? Literals.Int(SamplesOfBlock(g)) : "1";
        string Advance(Layout layout) => Literals.Int((far ? SamplesOfBlock(g) : 1) * layout.SampleStride);
        string others = epilogue.Other is { } advanced ? $", {epilogue.OtherName} += {Advance(advanced)}" : "";
        using (writer.Block($"for (int sample = 0; sample < samples; {(far ? $"sample += {step}" : "sample++")}, input += {Advance(source)}, output += {Advance(target)}{others})"))
        {
            if (far)
                writer.Line($"int count = Math.Min({step}, samples - sample);");
            int groups = blocks * Layout.Block / groupChannels;
            if (groups > 0)
                EmitGroups(vectors, groups, 0);
            // An odd block of 16 channels is left where vectors hold a whole block each.
            if (groups * groupChannels < blocks * Layout.Block)
                EmitGroups(1, 1, groups * groupChannels);

            if (epilogue.LateActivation is { } activation)
            {
                writer.Line($"// {activation}, over {(far ? "the samples" : "the sample")} just computed.");
                using (far ? writer.Block("for (int s = 0; s < count; s++)") : (SourceWriter.Scope?)null)
                {
                    if (far)
                        writer.Line($"float* image = output + s * {Literals.Int(target.SampleStride)};");
                    string image = far ? "image" : "output";
                    using (writer.Block($"for (int row = 0; row < {Literals.Int(target.Planes * target.Height)}; row++)"))
                        writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}({image} + row * {Literals.Int(target.RowStride)} + {Literals.Int(target.Origin)}, {Literals.Int(target.Width * Layout.Block)});");
                    if (!activation.KeepsZero && g.TargetChannels % Layout.Block != 0)
                        Elementwise.EmitClearPaddingLanes(writer, target, g.TargetChannels, image);
                }
            }
        }

        void EmitGroups(int groupVectors, int count, int firstChannel)
        {
            writer.Line($"// {ConvolutionRows.Count(count, "group")} of {Literals.Int(groupVectors * isa.Lanes)} output channels: the weights of a group stay in the cache while all rows pass.");
            var scope = count > 1 ? writer.Block($"for (int group = 0; group < {Literals.Int(count)}; group++)") : writer.Block();
            using (scope)
            {
                rows.EmitGroupPointers(groupChannels, count, firstChannel);
                using (far && !tiny ? writer.Block("for (int s = 0; s < count; s++)") : (SourceWriter.Scope?)null)
                using (writer.Block($"for (int row = 0; row < {g.Rows}; row++)"))
                {
                    if (tiny)
                        rows.EmitTinyRow(groupVectors);
                    else
                        rows.EmitRow(groupVectors);
                }
            }
        }
    }

    /// <summary>One worker's share of a single sample: some of the rows of some of the groups of channels.</summary>
    private static void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        Layout target = g.Target;
        int blocks = Blocks(g), vectors = Vectors(isa, g), groupChannels = vectors * isa.Lanes;
        var rows = new RowWriter(writer, isa, names, name, summary, g, epilogue, ofBlock: false);
        int groups = blocks * Layout.Block / groupChannels;
        if (groups > 0)
            EmitTasks(vectors, groups, 0);
        if (groups * groupChannels < blocks * Layout.Block)
            EmitTasks(1, 1, groups * groupChannels);

        // With a late activation narrow vectors go through a whole block of 16 channels before it.
        void EmitTasks(int groupVectors, int count, int firstChannel)
        {
            int height = g.Pixels.Height, perTask = epilogue.LateActivation is not null && groupChannels < Layout.Block ? Layout.Block / groupChannels : 1;
            int channels = groupVectors * isa.Lanes * perTask, tasks = count / perTask;
            writer.Line($"// Tasks: {(tasks > 1 ? ConvolutionRows.Count(tasks, "group") + " of " : "")}{Literals.Int(channels)} output channels × {ConvolutionRows.Count(height, "row")}.");
            using (writer.Block(TaskShare.Loop(tasks * height, tasks > 1 ? "task" : "row")))
            {
                if (tasks > 1)
                    writer.Line($"int {(perTask > 1 ? "block" : "group")} = task / {Literals.Int(height)}, row = task % {Literals.Int(height)};");
                string block = perTask == 1 ? "" : tasks > 1 ? $"{Literals.Int(perTask)} * block" : "0";
                using (perTask > 1 ? writer.Block($"for (int group = {block}; group < {block} + {Literals.Int(perTask)}; group++)") : (SourceWriter.Scope?)null)
                {
                    rows.EmitGroupPointers(groupChannels, count, firstChannel);
                    if (IsTiny(g))
                        rows.EmitTinyRow(groupVectors);
                    else
                        rows.EmitRow(groupVectors);
                }
                if (epilogue.LateActivation is { } activation)
                {
                    writer.Line($"// {activation}, over the row just computed.");
                    string first = perTask > 1
                        ? Literals.Plus("output", target.Origin + g.TargetStart.Height * target.RowStride) + (tasks > 1 ? $" + block * {Literals.Int(target.PlaneStride)}" : "")
                        : "groupOutput";
                    for (int plane = 0; plane < channels / Layout.Block; plane++)
                        writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}({Literals.Plus(first, plane * target.PlaneStride)} + row * {Literals.Int(g.TargetStep.Height * target.RowStride)}, {Literals.Int(target.Width * Layout.Block)});");
                }
            }
        }
    }

    /// <summary>Whether <see cref="EmitPart"/> serves: sweeps for activations need whole rows of whole blocks, and nothing to set back to zero.</summary>
    private static bool CanDivide(ConvolutionGeometry g, ConvolutionEpilogue epilogue)
        => epilogue.LateActivation is not { } activation
            || (g.TargetStep.Width == 1 && (activation.KeepsZero || g.TargetChannels % Layout.Block == 0));

    /// <summary>Writes what computes a row of a group of output channels.</summary>
    /// <param name="ofBlock">Samples come in blocks: in the variable s, for tiny images all count of them at once.</param>
    private sealed class RowWriter(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue, bool ofBlock)
    {
        private readonly Layout _source = g.Source, _target = g.Target;

        /// <summary>Declares the pointers of the group whose number is in the variable group.</summary>
        public void EmitGroupPointers(int groupChannels, int count, int firstChannel)
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

            writer.Line($"float* groupWeights = {Group("weights", g.WeightStart, g.TargetChannelStride.BlockStride)};");
            writer.Line($"float* groupOutput = {Group("output", _target.Origin + g.TargetStart.Height * _target.RowStride + g.TargetStart.Width * Layout.Block, _target.PlaneStride)};");
            if (epilogue.HasBias)
                writer.Line($"float* groupBias = {Group("bias", 0, Layout.Block)};");
            if (epilogue.Other is { } other)
                writer.Line($"float* groupOther = {Group(epilogue.OtherName, other.Origin + g.TargetStart.Height * other.RowStride + g.TargetStart.Width * Layout.Block, other.PlaneStride)};");
        }

        /// <summary>Tiles of neighbouring pixels.</summary>
        public void EmitRow(int groupVectors)
        {
            string image = Image("input", _source);
            ConvolutionRows.EmitTapRange(writer, g);
            foreach ((int size, int tileCount, int done) in TileSizes(isa, g, groupVectors))
            {
                TileStrides? shared = names.SharesTiles && ConvolutionRows.CanShare(g) ? new TileStrides(isa, g, size, groupVectors, epilogue) : null;
                Kernel tile = TileKernel(isa, name, summary, g, size, groupVectors, epilogue, shared);
                string At(string pointer, Layout layout)
                    => Literals.Plus($"{Image(pointer, layout)} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)}", done * g.TargetStep.Width * Layout.Block);
                string arguments = epilogue.Arguments(
                    [
                        g.SourceAt($"{image} + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(_source.RowStride)}", done),
                        $"groupWeights + firstTap * {Literals.Int(g.TapRowStride)}",
                    ],
                    "groupBias", At("groupOutput", _target), layout => At("groupOther", layout), ["tapRows", Literals.Int(tileCount), .. shared?.Arguments ?? []]);
                writer.Line($"{names.Use(tile)}({arguments});");
            }

            string Image(string pointer, Layout layout) => ofBlock ? $"{pointer} + s * {Literals.Int(layout.SampleStride)}" : pointer;
        }

        /// <summary>Tiles of samples, pixel by pixel.</summary>
        public void EmitTinyRow(int groupVectors)
        {
            ConvolutionRows.EmitTapRange(writer, g);
            using (writer.Block($"for (int column = 0; column < {Literals.Int(g.Pixels.Width)}; column++)"))
            {
                ConvolutionRows.EmitTapColumnRange(writer, g);
                writer.Line($"float* x = input + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(_source.RowStride)} + {ConvolutionRows.FirstSourceColumn(g)} * {Literals.Int(_source.PixelStride)} + {Literals.Int(_source.Origin)};");
                writer.Line($"float* w = groupWeights + firstTap * {Literals.Int(g.TapRowStride)} + firstTapColumn * {Literals.Int(g.TapColumnStride)};");
                if (ofBlock)
                    TileShapes.EmitAny(writer, isa, "count", "s", (size, first) => Call(size, (pointer, layout) => $"{pointer} + {first} * {Literals.Int(layout.SampleStride)}"));
                else
                    writer.Line(Call(1, (pointer, _) => pointer));
            }

            string At(string pointer, Layout layout)
                => $"{pointer} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)} + column * {Literals.Int(g.TargetStep.Width * Layout.Block)}";

            string Call(int size, Func<string, Layout, string> ofSample)
            {
                string arguments = epilogue.Arguments([ofSample("x", _source), "w"], "groupBias", ofSample(At("groupOutput", _target), _target), layout => ofSample(At("groupOther", layout), layout),
                    "tapRows", "tapColumns");
                return $"{names.Use(TinyTileKernel(name, summary, g, size, groupVectors, epilogue))}({arguments});";
            }
        }
    }

    /// <summary>One pixel of several samples.</summary>
    private static Kernel TinyTileKernel(string name, string summary, ConvolutionGeometry g, int samples, int vectors, ConvolutionEpilogue epilogue)
        => new($"{name}Tile{Literals.Int(samples)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: one pixel of {ConvolutionRows.Count(samples, "sample")} × {ConvolutionRows.Count(vectors, "vector")}, {Literals.Int(samples * vectors)} accumulators.{epilogue.Fused()}",
            epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Int("tapRows"), Int("tapColumns")]), (writer, isa, names) =>
        {
            var tile = new RegisterTile(samples, vectors)
            {
                RowOffset = s => s * g.Source.SampleStride,
                VectorOffset = v => Stride.OfVector(isa, v, g.TargetChannelStride.BlockStride),
                UnrolledMultiplyAdds = names.SharesTiles ? RegisterTile.SharedUnrolledMultiplyAdds : RegisterTile.DefaultUnrolledMultiplyAdds,
            };
            tile.EmitAccumulators(writer, isa, (_, v) => epilogue.HasBias ? isa.Load(Literals.Plus("bias", v * isa.Lanes)) : isa.Zero);
            tile.EmitReductions(writer, isa, ConvolutionRows.PixelReductions(g));
            writer.Line($"// Epilogue: {epilogue.Stages}.");
            for (int s = 0; s < samples; s++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    string value = epilogue.Apply(isa, names, tile.Accumulator(s, v), other => Stride.OfVector(isa, v, other.PlaneStride).AddTo(epilogue.OtherName, s * other.SampleStride));
                    writer.Line(isa.Store(value, Stride.OfVector(isa, v, g.Target.PlaneStride).AddTo("output", s * g.Target.SampleStride)));
                }
            }
        });

    /// <summary>The sizes by which the tiles of two layers would differ, as parameters of one tile.</summary>
    private sealed class TileStrides
    {
        public TileStrides(VectorIsa isa, ConvolutionGeometry g, int pixels, int vectors, ConvolutionEpilogue epilogue)
        {
            int unroll = new RegisterTile(pixels, vectors) { UnrolledMultiplyAdds = RegisterTile.SharedUnrolledMultiplyAdds }.ChooseUnroll(Layout.Block);
            var all = new List<(KernelParameter Parameter, long Value)>
            {
                (Int("blocks"), g.SourceChannels / Layout.Block),
                (Int("rounds"), g.Taps.Width * Layout.Block / unroll),
                (NativeInt("inputBlockStride"), g.Source.PlaneStride),
                (NativeInt("inputRowStride"), (long)g.Dilation.Height * g.Source.RowStride),
                (NativeInt("weightsInputStride"), g.SourceChannelStride.BlockStride),
                (NativeInt("weightsRowStride"), g.TapRowStride),
            };
            // Vectors of one block of 16 channels lie side by side.
            if (vectors * isa.Lanes > Layout.Block)
            {
                all.Add((NativeInt("weightsBlockStride"), g.TargetChannelStride.BlockStride));
                all.Add((NativeInt("outputBlockStride"), g.Target.PlaneStride));
                if (epilogue.Other is { } other)
                    all.Add((NativeInt(epilogue.OtherName + "BlockStride"), other.PlaneStride));
            }
            Parameters = all.Select(stride => stride.Parameter).ToArray();
            Arguments = all.Select(stride => Literals.Int(stride.Value)).ToArray();
        }

        /// <summary>At the end of the tile's parameters.</summary>
        public IReadOnlyList<KernelParameter> Parameters { get; }

        public IReadOnlyList<string> Arguments { get; }
    }

    private static Kernel TileKernel(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int pixels, int vectors, ConvolutionEpilogue epilogue, TileStrides? shared)
    {
        string size = $"Tile{Literals.Int(pixels)}x{Literals.Int(vectors)}";
        long pixelStep = (long)g.Stride.Width * g.Source.PixelStride, targetStep = (long)g.TargetStep.Width * Layout.Block;
        return new Kernel(shared is null ? name + size : "Convolution" + size, shared is null ? summary : "Convolutions: layers of different sizes share it.",
            $"Microkernel: {Literals.Int(pixels)} pixels × {Literals.Int(vectors)} vectors, {Literals.Int(pixels * vectors)} accumulators.{epilogue.Fused()}",
            epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Int("tapRows"), Int("tiles"), .. shared?.Parameters ?? []]), EmitTile)
        {
            SharedAs = shared is null ? null : $"Convolution{size} {Literals.Int(pixelStep)} {Literals.Int(targetStep)} {epilogue.HasBias} {epilogue.Residual is not null} {epilogue.Activation} {epilogue.Mask?.Kind}",
        };

        void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names)
        {
            Stride VectorPart(int v, string operand, long blockStride) => Stride.OfVector(isa, v, blockStride, shared is null ? null : operand + "BlockStride");

            long Pixel(int p) => p * targetStep;

            var tile = new RegisterTile(pixels, vectors)
            {
                RowOffset = p => p * pixelStep,
                VectorOffset = v => VectorPart(v, "weights", g.TargetChannelStride.BlockStride),
                UnrolledMultiplyAdds = shared is null ? RegisterTile.DefaultUnrolledMultiplyAdds : RegisterTile.SharedUnrolledMultiplyAdds,
            };
            tile.EmitTotals(writer, isa, ConvolutionRows.ChannelReductions(g, shared is not null));
            using (writer.Block($"for (int tile = 0; tile < tiles; tile++, input += {Literals.Int(pixels * pixelStep)}, output += {Literals.Int(pixels * targetStep)}{epilogue.Advance(_ => pixels * targetStep)})"))
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
