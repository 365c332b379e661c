using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with width lanes, of an image as the caller passes it to few channels: a vector holds neighbouring columns of one output channel,
/// each step broadcasts one weight per channel of the tile. No lane stands for a channel that does not exist. Rows of channels
/// are then transposed to the 16 channels of each pixel, in which order the layers behind read them. The sums have the order, and so
/// the bits, of <see cref="ChannelConvolution"/>.
/// </summary>
internal static class WidthConvolution
{
    private const int Square = Layout.Block;

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

    public static Kernel Create(string name, string summary, ConvolutionGeometry geometry, ConvolutionEpilogue epilogue)
    {
        string remarks = $"Width lanes: {Literals.Int(Square)} columns side by side. Input {geometry.Source}; output {geometry.Target}. {Literals.Count(geometry.MultiplyAdds)} multiply-adds per sample.";
        return new Kernel(name, summary, remarks, epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], [Samples]), (writer, isa, names) => EmitDriver(writer, isa, names, name, summary, geometry, epilogue, part: false))
        {
            IsHot = false,
            Part = new Kernel(name + "Part", summary, $"Width lanes: {Literals.Int(Square)} columns side by side. Input {geometry.Source}; output {geometry.Target}. One sample, whose rows are divided among workers.",
                epilogue.Parameters([ConvolutionParameters.Input, ConvolutionParameters.Weights], Share), (writer, isa, names) => EmitDriver(writer, isa, names, name, summary, geometry, epilogue, part: true)) { IsHot = false },
            Tile = isa => $"Tiles of {string.Join(", ", ChannelTiles(isa, geometry).Select(t => Literals.Int(t.Size)))} channels × {Literals.Int(Vectors(isa, geometry) * isa.Lanes)} columns. Rows of taps outside the image are skipped; columns outside read the halo.",
        };
    }

    /// <summary>Columns that a tile computes: two vectors, or one where a row is no longer.</summary>
    private static int Vectors(VectorIsa isa, ConvolutionGeometry g) => isa.Lanes == Square && g.Pixels.Width == Square ? 1 : 2;

    private static IReadOnlyList<TileRun> ChannelTiles(VectorIsa isa, ConvolutionGeometry g)
        => TileShapes.Split(g.TargetChannels, TileShapes.MaxRows(isa.Registers, Vectors(isa, g)));

    private static void EmitDriver(SourceWriter writer, VectorIsa isa, KernelNames names, string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue, bool part)
    {
        int width = g.Pixels.Width;
        // A strip is two squares; those of a row of fewer columns overlap, and so does a row's last strip with the one before: what is computed twice is the same twice.
        int strip = width >= 2 * Square ? 2 * Square : width, second = strip - Square;
        bool two = strip > Square;
        int pitch = two ? 2 * Square : Square;
        writer.Line($"// One row of each channel; those of the channels up to 16 that do not exist stay zero.");
        writer.Line($"float* rows = stackalloc float[{Literals.Int(Layout.Block * pitch)}];");
        writer.Line($"new Span<float>(rows, {Literals.Int(Layout.Block * pitch)}).Clear();");
        using (part ? (SourceWriter.Scope?)null : writer.Block($"for (int sample = 0; sample < samples; sample++, input += {Literals.Int(g.Source.SampleStride)}, output += {Literals.Int(g.Target.SampleStride)})"))
        using (writer.Block(part ? TaskShare.Loop(g.Pixels.Height, "row") : $"for (int row = 0; row < {Literals.Int(g.Pixels.Height)}; row++)"))
        {
            ConvolutionRows.EmitTapRange(writer, g);
            writer.Line($"float* x = {Literals.Plus($"input + {ConvolutionRows.FirstSourceRow(g)} * {Literals.Int(g.Source.RowStride)}", g.Source.Origin - g.Left)};");
            writer.Line($"float* w = {Literals.Plus("weights", g.WeightStart)} + firstTap * {Literals.Int(g.TapRowStride)};");
            writer.Line($"float* y = output + row * {Literals.Int(g.Target.RowStride)} + {Literals.Int(g.Target.Origin)};");
            if (width > strip)
            {
                using (writer.Block($"for (int i = 0; i < {Literals.Int(width)}; i += {Literals.Int(strip)})"))
                {
                    writer.Line(width % strip == 0 ? "int column = i;" : $"int column = Math.Min(i, {Literals.Int(width - strip)});");
                    EmitStrip("x + column", "y + column * 16");
                }
            }
            else
            {
                EmitStrip("x", "y");
            }
        }

        void EmitStrip(string x, string y)
        {
            int vectors = Vectors(isa, g), columns = vectors * isa.Lanes;
            // With full vectors the two of a tile are the two squares; narrower ones go through each square by themselves.
            for (int start = 0; start < pitch; start += columns)
            {
                int from = start >= Square ? start - Square + second : start;
                foreach (TileRun run in ChannelTiles(isa, g))
                {
                    for (int channel = run.Start; channel < run.End; channel += run.Size)
                    {
                        var operands = new List<string> { Literals.Plus(x, from), Literals.Plus("w", channel) };
                        if (epilogue.HasBias)
                            operands.Add(Literals.Plus("bias", channel));
                        operands.Add(Literals.Plus("rows", channel * pitch + start));
                        writer.Line($"{names.Use(TileKernel(isa, name, summary, g, run.Size, second, pitch, epilogue))}({string.Join(", ", operands)}, tapRows);");
                    }
                }
            }
            writer.Line("// Channels to the lanes.");
            writer.Line($"Transposition.ToLanes(rows, {Literals.Int(pitch)}, 16, {y}, 16);");
            if (two)
                writer.Line($"Transposition.ToLanes(rows + 16, {Literals.Int(pitch)}, 16, {y} + {Literals.Int(second * Layout.Block)}, 16);");
        }
    }

    private static Kernel TileKernel(VectorIsa isa, string name, string summary, ConvolutionGeometry g, int channels, int second, int pitch, ConvolutionEpilogue epilogue)
    {
        int vectors = Vectors(isa, g);
        return new Kernel($"{name}Tile{Literals.Int(channels)}x{Literals.Int(vectors)}", summary,
            $"Microkernel: {ConvolutionRows.Count(channels, "channel")} × {ConvolutionRows.Count(vectors, "vector")} of columns, {Literals.Int(channels * vectors)} accumulators.{epilogue.Fused(everyActivation: true)}",
            [Floats("input"), Floats("weights"), .. If(epilogue.HasBias, Floats("bias")), Floats("rows"), Int("tapRows")], (writer, isa, names) =>
        {
            var tile = new RegisterTile(channels, vectors)
            {
                RowOperand = "weights",
                VectorOperand = "input",
                VectorOffset = v => v == 0 ? 0L : isa.Lanes == Square ? second : isa.Lanes,
            };
            tile.EmitAccumulators(writer, isa, (row, _) => epilogue.HasBias ? isa.Broadcast($"bias[{Literals.Int(row)}]") : isa.Zero);
            tile.EmitReductions(writer, isa,
            [
                new Reduction(
                    [
                        new ReductionLoop("Channel", g.SourceChannels, g.SourceChannelStride.InnerStride, g.Source.PlaneStride),
                        new ReductionLoop("TapRow", "tapRows", g.TapRowStride, (long)g.Dilation.Height * g.Source.RowStride) { Most = g.Taps.Height },
                    ],
                    g.Taps.Width, g.TapColumnStride, g.Dilation.Width,
                    $"Compute: {ConvolutionRows.Count(g.SourceChannels, "input channel")} × rows of {ConvolutionRows.Count(g.Taps.Width, "tap")}."),
            ]);
            for (int row = 0; row < channels; row++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    string value = epilogue.Apply(isa, names, tile.Accumulator(row, v), _ => "", everyActivation: true);
                    writer.Line(isa.Store(value, Literals.Plus("rows", row * pitch + v * isa.Lanes)));
                }
            }
        });
    }
}
