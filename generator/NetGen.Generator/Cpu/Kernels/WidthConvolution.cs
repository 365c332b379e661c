using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with width lanes, of an image as the caller passes it to few channels: a vector holds neighbouring columns of one output
/// channel, each step broadcasts one weight per channel of the tile. No lane stands for a channel that does not exist. Rows of channels
/// are then transposed to the 16 channels of each pixel, in which order the layers behind read them. The sums have the order, and so
/// the bits, of <see cref="ChannelConvolution"/>.
/// </summary>
internal sealed class WidthConvolution
{
    private const int Square = Layout.Block;

    private static readonly KernelParameter[] s_operands = [ConvolutionParameters.Input, ConvolutionParameters.Weights];

    /// <summary>A transposition of 16 columns, in multiply-adds of a vector.</summary>
    private const int TranspositionCost = 96;

    /// <summary>How much better the estimate must be: a fifth of it is loop ends and the clipped rows of taps.</summary>
    private const double MinGain = 1.15;

    public static bool Applies(ConvolutionGeometry g, ConvolutionEpilogue epilogue)
    {
        if (g.Source.Kind != LayoutKind.Plain || g.Target.Kind != LayoutKind.Blocked || g.Stride.Width != 1 || g.TargetStep != Pair.Both(1)
            || g.Pixels.Width < Square || g.TargetChannels >= Layout.Block || epilogue.Other is not null || epilogue.Pool is not null)
        {
            return false;
        }
        double sums = (double)g.SourceChannels * g.Taps.Area;
        return g.Pixels.Width * sums > MinGain * Squares(g) * (g.TargetChannels * sums + TranspositionCost);
    }

    private static int Squares(ConvolutionGeometry g) => (g.Pixels.Width + Square - 1) / Square;

    private readonly string _name, _summary;
    private readonly ConvolutionGeometry _g;
    private readonly ConvolutionEpilogue _epilogue;

    private WidthConvolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
        => (_name, _summary, _g, _epilogue) = (name, summary, g, epilogue);

    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
        => new WidthConvolution(name, summary, geometry, epilogue).Create();

    /// <summary>
    /// Columns of a strip: two squares, or all columns of a row that has fewer. Those of such a row overlap, and so does a row's last strip
    /// with the one before: what is computed twice is the same twice.
    /// </summary>
    private int Strip => Math.Min(_g.Pixels.Width, 2 * Square);

    /// <summary>The column where the strip's second square begins.</summary>
    private int Second => Strip - Square;

    private bool HasTwoSquares => Strip > Square;

    /// <summary>Floats of a channel's row in the buffer.</summary>
    private int Pitch => HasTwoSquares ? 2 * Square : Square;

    private Kernel Create()
    {
        string what = $"Width lanes: {Literals.Int(Square)} columns side by side. Input {_g.Source}; output {_g.Target}.";
        return new Kernel(_name, _summary, $"{what} {Literals.Count(_g.MultiplyAdds)} multiply-adds per sample.",
            _epilogue.Parameters(s_operands, [Samples]), EmitAll)
        {
            IsHot = false,
            Part = new Kernel(_name + "Part", _summary, what + " One sample, whose rows are divided among workers.",
                _epilogue.Parameters(s_operands, Share), EmitPart) { IsHot = false },
            Tile = isa => $"Tiles of {string.Join(", ", ChannelTiles(isa).Select(t => Literals.Int(t.Size)))} "
                + $"channels × {Literals.Int(Vectors(isa) * isa.Lanes)} columns. "
                + "Rows of taps outside the image are skipped; columns outside read the halo.",
        };
    }

    /// <summary>Vectors of columns of a tile: two, or one where a row is no longer.</summary>
    private int Vectors(VectorIsa isa) => isa.Lanes == Square && _g.Pixels.Width == Square ? 1 : 2;

    private IReadOnlyList<TileRun> ChannelTiles(VectorIsa isa)
        => TileShapes.Split(_g.TargetChannels, TileShapes.MaxRows(isa.Registers, Vectors(isa)));

    private void EmitAll(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        EmitBuffer(writer);
        string advance = $"input += {Literals.Int(_g.Source.SampleStride)}, output += {Literals.Int(_g.Target.SampleStride)}";
        using (writer.Block($"for (int sample = 0; sample < samples; sample++, {advance})"))
        using (writer.Block($"for (int row = 0; row < {Literals.Int(_g.Pixels.Height)}; row++)"))
            EmitRow(writer, isa, names);
    }

    /// <summary>One worker's share of a sample: some of the rows.</summary>
    private void EmitPart(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        EmitBuffer(writer);
        using (writer.Block(TaskShare.Loop(_g.Pixels.Height, "row")))
            EmitRow(writer, isa, names);
    }

    private void EmitBuffer(SourceWriter writer)
    {
        string length = Literals.Int(Layout.Block * Pitch);
        writer.Line("// One row of each channel; those of the channels up to 16 that do not exist stay zero.");
        writer.Line($"float* rows = stackalloc float[{length}];");
        writer.Line($"new Span<float>(rows, {length}).Clear();");
    }

    private void EmitRow(SourceWriter writer, VectorIsa isa, KernelNames names)
    {
        int width = _g.Pixels.Width;
        string source = $"input + {ConvolutionRows.FirstSourceRow(_g)} * {Literals.Int(_g.Source.RowStride)}";
        ConvolutionRows.EmitTapRange(writer, _g);
        writer.Line($"float* x = {Literals.Plus(source, _g.Source.Origin - _g.Left)};");
        writer.Line($"float* w = {Literals.Plus("weights", _g.WeightStart)} + firstTap * {Literals.Int(_g.TapRowStride)};");
        writer.Line($"float* y = output + row * {Literals.Int(_g.Target.RowStride)} + {Literals.Int(_g.Target.Origin)};");
        if (width == Strip)
        {
            EmitStrip(writer, isa, names, "x", "y");
            return;
        }
        using (writer.Block($"for (int i = 0; i < {Literals.Int(width)}; i += {Literals.Int(Strip)})"))
        {
            writer.Line(width % Strip == 0 ? "int column = i;" : $"int column = Math.Min(i, {Literals.Int(width - Strip)});");
            EmitStrip(writer, isa, names, "x + column", "y + column * 16");
        }
    }

    private void EmitStrip(SourceWriter writer, VectorIsa isa, KernelNames names, string x, string y)
    {
        string pitch = Literals.Int(Pitch);
        // With full vectors the two of a tile are the two squares; narrower ones go through each square by themselves.
        for (int start = 0; start < Pitch; start += Vectors(isa) * isa.Lanes)
        {
            string from = Literals.Plus(x, start >= Square ? start - Square + Second : start);
            foreach (TileRun run in ChannelTiles(isa))
            {
                for (int channel = run.Start; channel < run.End; channel += run.Size)
                {
                    string bias = _epilogue.HasBias ? Literals.Plus("bias", channel) + ", " : "";
                    string operands = $"{from}, {Literals.Plus("w", channel)}, {bias}{Literals.Plus("rows", channel * Pitch + start)}";
                    writer.Line($"{names.Use(Tile(isa, run.Size))}({operands}, tapRows);");
                }
            }
        }
        writer.Line("// Channels to the lanes.");
        writer.Line($"Transposition.ToLanes(rows, {pitch}, 16, {y}, 16);");
        if (HasTwoSquares)
            writer.Line($"Transposition.ToLanes(rows + 16, {pitch}, 16, {y} + {Literals.Int(Second * Layout.Block)}, 16);");
    }

    private Kernel Tile(VectorIsa isa, int channels)
    {
        int vectors = Vectors(isa);
        string words = $"{ConvolutionRows.Count(channels, "channel")} × {ConvolutionRows.Count(vectors, "vector")} of columns";
        return new Kernel($"{_name}Tile{Literals.Int(channels)}x{Literals.Int(vectors)}", _summary,
            $"Microkernel: {words}, {Literals.Int(channels * vectors)} accumulators.{_epilogue.Fused(everyActivation: true)}",
            [Floats("input"), Floats("weights"), .. If(_epilogue.HasBias, Floats("bias")), Floats("rows"), Int("tapRows")],
            (writer, _, names) => EmitTile(writer, isa, names, channels, vectors));
    }

    private void EmitTile(SourceWriter writer, VectorIsa isa, KernelNames names, int channels, int vectors)
    {
        var tile = new RegisterTile(channels, vectors)
        {
            RowOperand = "weights",
            VectorOperand = "input",
            VectorOffset = v => v == 0 ? 0L : isa.Lanes == Square ? Second : isa.Lanes,
        };
        tile.EmitAccumulators(writer, isa, (row, _) => _epilogue.HasBias ? isa.Broadcast($"bias[{Literals.Int(row)}]") : isa.Zero);
        ReductionLoop[] loops =
        [
            new("Channel", _g.SourceChannels, _g.SourceChannelStride.InnerStride, _g.Source.PlaneStride),
            ConvolutionRows.TapRows(_g, _g.TapRowStride, (long)_g.Dilation.Height * _g.Source.RowStride),
        ];
        string comment = $"Compute: {ConvolutionRows.Count(_g.SourceChannels, "input channel")} "
            + $"× rows of {ConvolutionRows.Count(_g.Taps.Width, "tap")}.";
        tile.EmitReductions(writer, isa, [new Reduction(loops, _g.Taps.Width, _g.TapColumnStride, _g.Dilation.Width, comment)]);
        for (int row = 0; row < channels; row++)
        {
            for (int v = 0; v < vectors; v++)
            {
                string value = _epilogue.Apply(isa, names, tile.Accumulator(row, v), _ => "", everyActivation: true);
                writer.Line(isa.Store(value, Literals.Plus("rows", row * Pitch + v * isa.Lanes)));
            }
        }
    }
}
