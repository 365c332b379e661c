using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with channel lanes: a vector holds channels of one target pixel; each step broadcasts one source element per pixel
/// of the tile. The 16 channels of a pixel and its right neighbours are contiguous, so a row of taps is one straight run.
/// Weights that no near cache holds are read once for a block of samples instead of for each; where an image has too few pixels for a
/// tile, the tile's rows are the same pixel of many samples, and taps outside the image are skipped on all four sides.
/// </summary>
internal sealed class ChannelConvolution
{
    private readonly string _name, _summary;
    private readonly ConvolutionGeometry _g;
    private readonly ConvolutionEpilogue _epilogue;
    private readonly ChannelTiling _tiling;

    private ChannelConvolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        (_name, _summary, _g, _epilogue) = (name, summary, g, epilogue);
        _tiling = new ChannelTiling(g);
    }

    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
        => new ChannelConvolution(name, summary, geometry, epilogue).Create();

    private Kernel Create()
    {
        string what = $"Channel lanes. Input {_g.Source}; output {_g.Target}.";
        string remarks = $"{what} {Literals.Count(_g.MultiplyAdds)} multiply-adds per sample."
            + (_tiling.IsFar ? $" {Literals.Int(_tiling.SamplesOfBlock)} samples at a time, because the weights do not stay in L2." : "");
        KernelParameter[] operands = [ConvolutionParameters.Input, ConvolutionParameters.Weights];
        return new Kernel(_name, _summary, remarks, _epilogue.Parameters(operands, [Samples, .. _g.MoreParameters]), EmitDriver)
        {
            IsHot = false,
            TakesAllSamples = _tiling.IsFar,
            Part = _g.IsShared || !CanDivide ? null : new Kernel(_name + "Part", _summary, what + " One sample, divided among workers.",
                _epilogue.Parameters(operands, Share), EmitPart) { IsHot = false },
            Tile = _tiling.Words,
        };
    }

    private RowWriter Rows(SourceWriter writer, VectorIsa isa, KernelNames names, bool ofBlock)
        => new(new ChannelTiles(_name, _summary, _g, _epilogue), _tiling, writer, isa, names, _g, _epilogue, ofBlock);

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        bool far = _tiling.IsFar;
        int samples = far ? _tiling.SamplesOfBlock : 1;
        RowWriter rows = Rows(writer, isa, names, ofBlock: far);
        string step = Literals.Int(samples), advance = $"input += {Advance(_g.Source)}, output += {Advance(_g.Target)}";
        if (_epilogue.Other is { } other)
            advance += $", {_epilogue.OtherName} += {Advance(other)}";
        using (writer.Block($"for (int sample = 0; sample < samples; {(far ? $"sample += {step}" : "sample++")}, {advance})"))
        {
            if (far)
                writer.Line($"int count = Math.Min({step}, samples - sample);");
            foreach (TileRun groups in _tiling.Groups(isa))
                EmitGroups(writer, rows, groups, groups.Size / isa.Lanes);
            if (_epilogue.LateActivation is { } activation)
                EmitLate(writer, names, activation);
        }

        string Advance(Layout layout) => Literals.Int(samples * layout.SampleStride);
    }

    /// <summary>All rows of groups of output channels.</summary>
    private void EmitGroups(SourceWriter writer, RowWriter rows, TileRun groups, int vectors)
    {
        writer.Line($"// {ConvolutionRows.Count(groups.Count, "group")} of {Literals.Int(groups.Size)} "
            + "output channels: the weights of a group stay in the cache while all rows pass.");
        using var loops = new BlockStack(writer);
        loops.Open(groups.Count > 1 ? $"for (int group = 0; group < {Literals.Int(groups.Count)}; group++)" : "");
        rows.EmitGroupPointers(groups);
        if (_tiling.IsFar && !_tiling.IsTiny)
            loops.Open("for (int s = 0; s < count; s++)");
        loops.Open($"for (int row = 0; row < {_g.Rows}; row++)");
        rows.EmitRow(vectors);
    }

    /// <summary>An activation over the samples just computed.</summary>
    private void EmitLate(SourceWriter writer, KernelNames names, Activation activation)
    {
        Layout target = _g.Target;
        bool far = _tiling.IsFar;
        writer.Line($"// {activation}, over {(far ? "the samples" : "the sample")} just computed.");
        using (far ? writer.Block("for (int s = 0; s < count; s++)") : (SourceWriter.Scope?)null)
        {
            string image = far ? "image" : "output", origin = Literals.Int(target.Origin),
                length = Literals.Int(target.Width * Layout.Block);
            if (far)
                writer.Line($"float* image = output + s * {Literals.Int(target.SampleStride)};");
            using (writer.Block($"for (int row = 0; row < {Literals.Int(target.Planes * target.Height)}; row++)"))
                writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}({image} "
                    + $"+ row * {Literals.Int(target.RowStride)} + {origin}, {length});");
            if (!activation.KeepsZero && _g.TargetChannels % Layout.Block != 0)
                Elementwise.EmitClearPaddingLanes(writer, target, _g.TargetChannels, image);
        }
    }

    /// <summary>
    /// Whether <see cref="EmitPart"/> serves: sweeps for activations need whole rows of whole blocks, and nothing to set back to zero.
    /// </summary>
    private bool CanDivide => _epilogue.LateActivation is not { } activation
        || (_g.TargetStep.Width == 1 && (activation.KeepsZero || _g.TargetChannels % Layout.Block == 0));

    /// <summary>One worker's share of a single sample: some of the rows of some of the groups of channels.</summary>
    private void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        RowWriter rows = Rows(writer, isa, names, ofBlock: false);
        foreach (TileRun groups in _tiling.Groups(isa))
            EmitTasks(writer, isa, names, rows, groups);
    }

    private void EmitTasks(SourceWriter writer, VectorIsa isa, KernelNames names, RowWriter rows, TileRun groups)
    {
        // With a late activation narrow vectors go through a whole block of 16 channels before it.
        int perTask = _epilogue.LateActivation is not null && groups.Size < Layout.Block ? Layout.Block / groups.Size : 1;
        int channels = groups.Size * perTask, tasks = groups.Count / perTask, height = _g.Pixels.Height;
        string ofGroups = tasks > 1 ? ConvolutionRows.Count(tasks, "group") + " of " : "";
        writer.Line($"// Tasks: {ofGroups}{Literals.Int(channels)} output channels × {ConvolutionRows.Count(height, "row")}.");
        using (writer.Block(TaskShare.Loop(tasks * height, tasks > 1 ? "task" : "row")))
        {
            if (tasks > 1)
                writer.Line($"int {(perTask > 1 ? "block" : "group")} = task / {Literals.Int(height)}, "
                    + $"row = task % {Literals.Int(height)};");
            string first = perTask == 1 ? "" : tasks > 1 ? $"{Literals.Int(perTask)} * block" : "0";
            using (var loop = new BlockStack(writer))
            {
                if (perTask > 1)
                    loop.Open($"for (int group = {first}; group < {first} + {Literals.Int(perTask)}; group++)");
                rows.EmitGroupPointers(groups);
                rows.EmitRow(groups.Size / isa.Lanes);
            }
            if (_epilogue.LateActivation is { } activation)
                EmitLateRow(writer, names, activation, channels, perTask == 1 ? null : tasks > 1 ? "block" : "");
        }
    }

    /// <summary>An activation over the row just computed.</summary>
    /// <param name="block">The variable with the number of the block that it is of, empty for the first; null where the group's pointer
    /// serves.</param>
    private void EmitLateRow(SourceWriter writer, KernelNames names, Activation activation, int channels, string? block)
    {
        Layout target = _g.Target;
        writer.Line($"// {activation}, over the row just computed.");
        string first = block is null ? "groupOutput" : Literals.Plus("output", target.Origin + _g.TargetStart.Height * target.RowStride);
        if (block is { Length: > 0 })
            first += $" + {block} * {Literals.Int(target.PlaneStride)}";
        string row = Literals.Int(_g.TargetStep.Height * target.RowStride), length = Literals.Int(target.Width * Layout.Block);
        for (int plane = 0; plane < channels / Layout.Block; plane++)
            writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}({Literals.Plus(first, plane * target.PlaneStride)} "
                + $"+ row * {row}, {length});");
    }

    /// <summary>Writes what computes a row of a group of output channels.</summary>
    /// <param name="ofBlock">Samples come in blocks: in the variable s, for tiny images all count of them at once.</param>
    private sealed class RowWriter(
        ChannelTiles tiles, ChannelTiling tiling, SourceWriter writer, VectorIsa isa, KernelNames names,
        ConvolutionGeometry g, ConvolutionEpilogue epilogue, bool ofBlock)
    {
        private readonly Layout _source = g.Source, _target = g.Target;

        /// <summary>Declares the pointers of the group whose number is in the variable group.</summary>
        public void EmitGroupPointers(TileRun groups)
        {
            writer.Line($"float* groupWeights = {Group("weights", g.WeightStart, g.TargetChannelStride.BlockStride)};");
            writer.Line($"float* groupOutput = {Group("output", Start(_target), _target.PlaneStride)};");
            if (epilogue.HasBias)
                writer.Line($"float* groupBias = {Group("bias", 0, Layout.Block)};");
            if (epilogue.Other is { } other)
                writer.Line($"float* groupOther = {Group(epilogue.OtherName, Start(other), other.PlaneStride)};");

            string Group(string pointer, long start, long blockStride)
            {
                string first = Literals.Plus(pointer, start + groups.Start / Layout.Block * blockStride);
                return groups.Count == 1 ? first : $"{first} + {TileShapes.OfGroup(groups.Size, blockStride)}";
            }

            long Start(Layout layout) => layout.Origin + g.TargetStart.Height * layout.RowStride + g.TargetStart.Width * Layout.Block;
        }

        public void EmitRow(int vectors)
        {
            ConvolutionRows.EmitTapRange(writer, g);
            if (tiling.IsTiny)
                EmitTinyRow(vectors);
            else
                EmitTiles(vectors);
        }

        /// <summary>Tiles of neighbouring pixels.</summary>
        private void EmitTiles(int vectors)
        {
            foreach ((int size, int count, int start) in tiling.Pixels(isa, vectors))
            {
                ChannelTiles.Strides? shared = names.SharesTiles && ConvolutionRows.CanShare(g)
                    ? new ChannelTiles.Strides(isa, g, size, vectors, epilogue) : null;
                string arguments = epilogue.Arguments(
                    [
                        g.SourceAt(
                            $"{Image("input", _source)} + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(_source.RowStride)}", start),
                        $"groupWeights + firstTap * {Literals.Int(g.TapRowStride)}",
                    ],
                    "groupBias", At("groupOutput", _target), layout => At("groupOther", layout),
                    ["tapRows", Literals.Int(count), .. shared?.Arguments ?? []]);
                writer.Line($"{names.Use(tiles.Pixels(isa, size, vectors, shared))}({arguments});");

                string At(string pointer, Layout layout)
                {
                    string row = $"{Image(pointer, layout)} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)}";
                    return Literals.Plus(row, start * g.TargetStep.Width * Layout.Block);
                }
            }

            string Image(string pointer, Layout layout) => ofBlock ? $"{pointer} + s * {Literals.Int(layout.SampleStride)}" : pointer;
        }

        /// <summary>Tiles of samples, pixel by pixel.</summary>
        private void EmitTinyRow(int vectors)
        {
            using (writer.Block($"for (int column = 0; column < {Literals.Int(g.Pixels.Width)}; column++)"))
            {
                ConvolutionRows.EmitTapColumnRange(writer, g);
                writer.Line($"float* x = input + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(_source.RowStride)} "
                    + $"+ {ConvolutionRows.FirstSourceColumn(g)} * {Literals.Int(_source.PixelStride)} + {Literals.Int(_source.Origin)};");
                writer.Line($"float* w = groupWeights + firstTap * {Literals.Int(g.TapRowStride)} "
                    + $"+ firstTapColumn * {Literals.Int(g.TapColumnStride)};");
                if (ofBlock)
                    TileShapes.EmitAny(writer, isa, "count", "s",
                        (size, first) => Call(size, (pointer, layout) => $"{pointer} + {first} * {Literals.Int(layout.SampleStride)}"));
                else
                    writer.Line(Call(1, (pointer, _) => pointer));
            }

            string At(string pointer, Layout layout)
                => $"{pointer} + row * {Literals.Int(g.TargetStep.Height * layout.RowStride)} "
                    + $"+ column * {Literals.Int(g.TargetStep.Width * Layout.Block)}";

            string Call(int size, Func<string, Layout, string> ofSample)
            {
                string arguments = epilogue.Arguments([ofSample("x", _source), "w"], "groupBias",
                    ofSample(At("groupOutput", _target), _target),
                    layout => ofSample(At("groupOther", layout), layout), "tapRows", "tapColumns");
                return $"{names.Use(tiles.OnePixel(size, vectors))}({arguments});";
            }
        }
    }
}
