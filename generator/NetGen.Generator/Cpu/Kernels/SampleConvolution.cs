using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with sample lanes: a vector holds one pixel of one channel for 16 samples (or a part of them where vectors are
/// narrower); each step broadcasts one weight per target channel of the tile. No lane is wasted whatever the channels are.
/// </summary>
internal sealed class SampleConvolution
{
    private static readonly KernelParameter[] s_operands = [ConvolutionParameters.Input, ConvolutionParameters.Weights];

    private readonly string _name, _summary;
    private readonly ConvolutionGeometry _g;
    private readonly ConvolutionEpilogue _epilogue;

    private SampleConvolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
        => (_name, _summary, _g, _epilogue) = (name, summary, g, epilogue);

    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
        => new SampleConvolution(name, summary, geometry, epilogue).Create();

    private Kernel Create()
    {
        string remarks = $"Sample lanes: 16 samples side by side. Input {_g.Source}; "
            + $"output {_g.Target}. {Literals.Count(_g.MultiplyAdds)} multiply-adds per sample.";
        return new Kernel(_name, _summary, remarks, _epilogue.Parameters(s_operands, [Blocks, .. _g.MoreParameters]), EmitDriver)
        {
            IsHot = false,
            Tile = isa =>
            {
                (int channels, int pixels) = ChooseTile(isa, _g.TargetChannels, _g.Pixels.Width);
                return $"Tiles of up to {Literals.Int(channels)} channels × {Literals.Int(pixels)} pixels. "
                    + "Rows of taps outside the image are skipped; columns outside read the halo.";
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

    private void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        string advance = $"input += {Literals.Int(_g.Source.SampleStride)}, output += {Literals.Int(_g.Target.SampleStride)}"
            + _epilogue.Advance(other => other.SampleStride);
        bool hasParts = isa.Lanes < Layout.Block;
        using var loops = new BlockStack(writer);
        loops.Open($"for (int block = 0; block < blocks; block++, {advance})");
        if (hasParts)
        {
            writer.Line($"// A vector holds {Literals.Int(isa.Lanes)} of the 16 samples.");
            loops.Open($"for (int part = 0; part < 16; part += {Literals.Int(isa.Lanes)})");
        }
        (int channels, int pixels) = ChooseTile(isa, _g.TargetChannels, _g.Pixels.Width);
        foreach (ChannelRun run in ChannelRun.All(_g.TargetChannels, channels))
            EmitTiles(writer, isa, names, run, pixels);
    }

    /// <summary>The rows of the channels of a run, a tile of channels at a time.</summary>
    private void EmitTiles(SourceWriter writer, VectorIsa isa, KernelNames names, ChannelRun run, int tilePixels)
    {
        bool hasParts = isa.Lanes < Layout.Block;
        string part = hasParts ? "part + " : "";
        using BlockStack loops = run.Open(writer);
        writer.Line($"// {ConvolutionRows.Count(run.Tiles.Size, "output channel")} at a time.");
        writer.Line($"int channel = {run.Channel};");
        writer.Line($"float* tileWeights = {run.Weights("weights", _g.WeightStart, _g.TargetChannelStride)};");
        using (writer.Block($"for (int row = 0; row < {_g.Rows}; row++)"))
        {
            ConvolutionRows.EmitTapRange(writer, _g);
            string position = _g.TargetStep.Height == 1 ? "row" : $"row * {Literals.Int(_g.TargetStep.Height)}";
            position = _g.TargetStart.Height == 0 ? position : $"({position} + {Literals.Int(_g.TargetStart.Height)})";
            writer.Line($"float* rowOutput = {Row("output", _g.Target)};");
            if (_epilogue.Other is { } other)
                writer.Line($"float* rowOther = {Row(_epilogue.OtherName, other)};");
            EmitRow(writer, isa, names, run.Tiles.Size, tilePixels, part);
            if (_epilogue.LateActivation is { } activation && !hasParts)
                EmitLate(writer, names, activation, run.Tiles.Size);

            string Row(string pointer, Layout layout)
                => $"{pointer} + {part}channel * {Literals.Int(layout.PlaneStride)} + {position} "
                    + $"* {Literals.Int(layout.RowStride)} + {Literals.Int(layout.Origin + _g.TargetStart.Width * Layout.Block)}";
        }
        if (_epilogue.LateActivation is { } late && hasParts)
        {
            // The last part completes the rows' 16 lanes.
            using (writer.Block($"if (part == {Literals.Int(Layout.Block - isa.Lanes)})"))
            using (writer.Block($"for (int row = 0; row < {Literals.Int(_g.Target.Height)}; row++)"))
            {
                writer.Line($"float* rowOutput = output + channel * {Literals.Int(_g.Target.PlaneStride)} "
                    + $"+ row * {Literals.Int(_g.Target.RowStride)} + {Literals.Int(_g.Target.Origin)};");
                EmitLate(writer, names, late, run.Tiles.Size);
            }
        }
    }

    /// <summary>The tiles of pixels of a row.</summary>
    private void EmitRow(SourceWriter writer, VectorIsa isa, KernelNames names, int channels, int tilePixels, string part)
    {
        foreach ((int pixels, int count, int start) in TileShapes.Split(_g.Pixels.Width, tilePixels))
        {
            string column = Literals.Int(start * _g.TargetStep.Width * Layout.Block);
            string source = _g.SourceAt($"input + {part}{ConvolutionRows.FirstSourceRow(_g)} * {Literals.Int(_g.Source.RowStride)}", start);
            string arguments = _epilogue.Arguments([source, $"tileWeights + firstTap * {Literals.Int(_g.TapRowStride)}"],
                "bias + channel", $"rowOutput + {column}", _ => $"rowOther + {column}", "tapRows", Literals.Int(count));
            writer.Line($"{names.Use(Tile(isa, channels, pixels))}({arguments});");
        }
    }

    /// <summary>An activation over the rows of some channels.</summary>
    private void EmitLate(SourceWriter writer, KernelNames names, Activation activation, int channels)
    {
        string length = Literals.Int(_g.Target.Width * Layout.Block);
        writer.Line($"// {activation} while the rows are in L1.");
        if (channels == 1)
        {
            writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}(rowOutput, {length});");
            return;
        }
        using (writer.Block($"for (int c = 0; c < {Literals.Int(channels)}; c++)"))
            writer.Line($"{names.Use(Elementwise.ActivateRow(activation))}(rowOutput + c * {Literals.Int(_g.Target.PlaneStride)}, "
                + $"{length});");
    }

    private Kernel Tile(VectorIsa isa, int channels, int pixels)
        => new($"{_name}Tile{Literals.Int(channels)}x{Literals.Int(pixels)}", _summary,
            $"Microkernel: {Literals.Int(channels)} channels × {Literals.Int(pixels)} pixels of {Literals.Int(isa.Lanes)} samples, "
            + $"{Literals.Int(channels * pixels)} accumulators.{_epilogue.Fused()}",
            _epilogue.Parameters(s_operands, [Int("tapRows"), Int("tiles")]),
            (writer, _, names) => EmitTile(writer, isa, names, channels, pixels));

    private void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names, int channels, int pixels)
    {
        List<Reduction> reductions = ConvolutionRows.SampleReductions(_g).ToList();
        int sourceStep = _g.Stride.Width * Layout.Block, targetStep = _g.TargetStep.Width * Layout.Block;
        var tile = new RegisterTile(channels, pixels)
        {
            RowOperand = "weights",
            VectorOperand = "input",
            RowOffset = c => c * _g.TargetChannelStride.InnerStride,
            VectorOffset = p => (long)p * sourceStep,
        };
        tile.EmitTotals(writer, isa, reductions);
        string advance = $"input += {Literals.Int(pixels * sourceStep)}, "
            + $"output += {Literals.Int(pixels * targetStep)}{_epilogue.Advance(_ => pixels * targetStep)}";
        using (writer.Block($"for (int tile = 0; tile < tiles; tile++, {advance})"))
        {
            writer.Line(_epilogue.Setup);
            tile.EmitAccumulators(writer, isa, (c, _) => _epilogue.HasBias ? isa.Broadcast($"bias[{Literals.Int(c)}]") : isa.Zero);
            tile.EmitReductions(writer, isa, reductions);
            writer.Line($"// Epilogue: {_epilogue.Stages}.");
            for (int c = 0; c < channels; c++)
            {
                for (int p = 0; p < pixels; p++)
                {
                    string value = _epilogue.Apply(isa, names, tile.Accumulator(c, p), other => At(_epilogue.OtherName, other, c, p));
                    writer.Line(isa.Store(value, At("output", _g.Target, c, p)));
                }
            }
        }

        string At(string pointer, Layout layout, int c, int p) => Literals.Plus(pointer, (long)c * layout.PlaneStride + p * targetStep);
    }
}
