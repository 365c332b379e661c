using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What channel-lane and sample-lane convolutions have in common: the range of tap rows, and the loops of the reduction.</summary>
internal static class ConvolutionRows
{
    /// <summary>Declares top, firstTap and tapRows for the target row <c>row</c>; compile-time constants where no row is clipped.</summary>
    public static void EmitTapRange(SourceWriter writer, ConvolutionGeometry g)
    {
        writer.Line($"int top = {g.TopAt(g.Stride.Height == 1 ? "row" : $"row * {Literals.Int(g.Stride.Height)}")};");
        if (g.ClipsRows)
        {
            writer.Line("// Rows of taps that lie inside the image; the others would add zeros.");
            EmitClippedTaps(writer, "firstTap", "tapRows", "top", g.Taps.Height, g.Dilation.Height, g.Source.Height);
        }
        else
        {
            writer.Line("const int firstTap = 0;");
            writer.Line($"const int tapRows = {Literals.Int(g.Taps.Height)};");
        }
    }

    /// <summary>
    /// Declares left, firstTapColumn and tapColumns for the target column <c>column</c>: taps in the halo are left out as well.
    /// </summary>
    public static void EmitTapColumnRange(SourceWriter writer, ConvolutionGeometry g)
    {
        writer.Line($"int left = {g.LeftAt(g.Stride.Width == 1 ? "column" : $"column * {Literals.Int(g.Stride.Width)}")};");
        EmitClippedTaps(writer, "firstTapColumn", "tapColumns", "left", g.Taps.Width, g.Dilation.Width, g.Source.Width);
    }

    /// <summary>Declares the first tap of an axis that lies inside the source, and the number of those that do.</summary>
    /// <param name="start">The variable with the window's position.</param>
    private static void EmitClippedTaps(SourceWriter writer, string first, string count, string start, int taps, int dilation, int size)
    {
        string all = Literals.Int(taps), d = Literals.Int(dilation);
        writer.Line(dilation == 1
            ? $"int {first} = Math.Max(0, -{start}), {count} = Math.Min({all}, {Literals.Int(size)} - {start}) - {first};"
            : $"int {first} = Math.Max(0, ({Literals.Int(dilation - 1)} - {start}) / {d}), "
                + $"{count} = Math.Min({all}, ({Literals.Int(size + dilation - 1)} - {start}) / {d}) - {first};");
    }

    /// <summary>The source column of the first tap that <see cref="EmitTapColumnRange"/> has found.</summary>
    public static string FirstSourceColumn(ConvolutionGeometry g)
        => g.Dilation.Width == 1 ? "(left + firstTapColumn)" : $"(left + firstTapColumn * {Literals.Int(g.Dilation.Width)})";

    /// <summary>Of one pixel, for tapRows × tapColumns taps; source elements are the rows' scalars.</summary>
    public static IEnumerable<Reduction> PixelReductions(ConvolutionGeometry g)
    {
        int full = g.SourceChannels / Layout.Block, rest = g.SourceChannels % Layout.Block;
        ReductionLoop tapRow = TapRows(g, (long)g.Dilation.Height * g.Source.RowStride, g.TapRowStride);
        var tap = new ReductionLoop("Tap", "tapColumns", g.Dilation.Width * Layout.Block, g.TapColumnStride) { Most = g.Taps.Width };
        if (g.Taps.Area == 0)
            yield break;
        if (full > 0)
        {
            yield return new Reduction(
                [new ReductionLoop("Block", full, g.Source.PlaneStride, g.SourceChannelStride.BlockStride), tapRow, tap],
                Layout.Block, 1, g.SourceChannelStride.InnerStride,
                $"Compute: {Count(full, "block")} of 16 input channels × taps inside the image × 16 channels.");
        }
        if (rest > 0)
        {
            yield return new Reduction([tapRow, tap], rest, 1, g.SourceChannelStride.InnerStride,
                $"Compute: the last {Count(rest, "input channel")}.",
                full * g.Source.PlaneStride, full * g.SourceChannelStride.BlockStride);
        }
    }

    /// <summary>The source row of the first tap that <see cref="EmitTapRange"/> has found.</summary>
    public static string FirstSourceRow(ConvolutionGeometry g)
        => g.Dilation.Height == 1 ? "(top + firstTap)" : $"(top + firstTap * {Literals.Int(g.Dilation.Height)})";

    /// <summary>Source elements are the rows' scalars: within a block of channels a row of taps is contiguous.</summary>
    /// <param name="shared">Sizes of source and weights are parameters: see <see cref="CanShare"/>.</param>
    public static IEnumerable<Reduction> ChannelReductions(ConvolutionGeometry g, bool shared = false)
    {
        Stride sourceRow = shared ? new Stride(0, "inputRowStride") : (long)g.Dilation.Height * g.Source.RowStride;
        ReductionLoop tapRow = TapRows(g, sourceRow, shared ? new Stride(0, "weightsRowStride") : g.TapRowStride);
        if (g.Taps.Area == 0)
            yield break;
        if (shared)
        {
            yield return new Reduction(
                [new ReductionLoop("Block", "blocks", new Stride(0, "inputBlockStride"), new Stride(0, "weightsInputStride")), tapRow],
                Layout.Block, 1, g.SourceChannelStride.InnerStride,
                "Compute: blocks of 16 input channels × rows of taps × 16 channels, contiguous.") { Rounds = "rounds" };
            yield break;
        }
        if (g.Source.Kind == LayoutKind.Plain)
        {
            yield return new Reduction(
                [new ReductionLoop("Channel", g.SourceChannels, g.Source.PlaneStride, g.SourceChannelStride.InnerStride), tapRow],
                g.Taps.Width, g.Dilation.Width, g.TapColumnStride,
                $"Compute: {Count(g.SourceChannels, "input channel")} × rows of {Count(g.Taps.Width, "tap")}.");
            yield break;
        }

        int full = g.SourceChannels / Layout.Block, rest = g.SourceChannels % Layout.Block;
        var tap = new ReductionLoop("Tap", g.Taps.Width, g.Dilation.Width * Layout.Block, g.TapColumnStride);
        if (full > 0 && g.Dilation.Width > 1 && g.Taps.Width > 1)
        {
            yield return new Reduction(
                [new ReductionLoop("Block", full, g.Source.PlaneStride, g.SourceChannelStride.BlockStride), tapRow, tap],
                Layout.Block, 1, g.SourceChannelStride.InnerStride,
                $"Compute: {Count(full, "block")} of 16 input channels × rows of {Literals.Int(g.Taps.Width)} taps, "
                    + $"{Literals.Int(g.Dilation.Width)} columns apart, × 16 channels.");
        }
        else if (full > 0)
        {
            yield return new Reduction(
                [new ReductionLoop("Block", full, g.Source.PlaneStride, g.SourceChannelStride.BlockStride), tapRow],
                g.Taps.Width * Layout.Block, 1, g.SourceChannelStride.InnerStride,
                $"Compute: {Count(full, "block")} of 16 input channels × rows of {Literals.Int(g.Taps.Width)} taps "
                    + "× 16 channels, contiguous.");
        }
        if (rest > 0)
        {
            yield return new Reduction(
                [tapRow, tap],
                rest, 1, g.SourceChannelStride.InnerStride,
                $"Compute: the last {Count(rest, "input channel")}.",
                full * g.Source.PlaneStride, full * g.SourceChannelStride.BlockStride);
        }
    }

    /// <summary>
    /// Whole blocks of channels and taps side by side, and no long sum: only strides and counts tell one layer's reduction from another's.
    /// </summary>
    public static bool CanShare(ConvolutionGeometry g)
        => g.Source.Kind == LayoutKind.Blocked && g.SourceChannels % Layout.Block == 0
            && g.Taps.Area > 0 && (g.Dilation.Width == 1 || g.Taps.Width == 1)
            && (long)g.SourceChannels * g.Taps.Area <= LongSum.MaxProducts;

    /// <summary>Weights are the rows' scalars and source pixels the vectors.</summary>
    public static IEnumerable<Reduction> SampleReductions(ConvolutionGeometry g)
    {
        ReductionLoop tapRow = TapRows(g, g.TapRowStride, (long)g.Dilation.Height * g.Source.RowStride);
        if (g.Taps.Width == 0)
            yield break;
        int full = g.SourceChannels / Layout.Block, rest = g.SourceChannels % Layout.Block;
        if (full > 0)
        {
            yield return new Reduction(
                [
                    new ReductionLoop("Block", full, g.SourceChannelStride.BlockStride, (long)Layout.Block * g.Source.PlaneStride),
                    new ReductionLoop("Channel", Layout.Block, g.SourceChannelStride.InnerStride, g.Source.PlaneStride),
                    tapRow,
                ],
                g.Taps.Width, g.TapColumnStride, (long)g.Dilation.Width * Layout.Block,
                $"Compute: {Count(full * Layout.Block, "input channel")} × rows of {Count(g.Taps.Width, "tap")}.");
        }
        if (rest > 0)
        {
            yield return new Reduction(
                [new ReductionLoop("Channel", rest, g.SourceChannelStride.InnerStride, g.Source.PlaneStride), tapRow],
                g.Taps.Width, g.TapColumnStride, (long)g.Dilation.Width * Layout.Block,
                $"Compute: {(full > 0 ? "the last " : "")}{Count(rest, "input channel")} × rows of {Count(g.Taps.Width, "tap")}.",
                full * g.SourceChannelStride.BlockStride, (long)full * Layout.Block * g.Source.PlaneStride);
        }
    }

    /// <summary>The loop over the rows of taps that lie inside the image.</summary>
    public static ReductionLoop TapRows(ConvolutionGeometry g, Stride row, Stride vector)
        => new("TapRow", "tapRows", row, vector) { Most = g.Taps.Height };

    public static string Count(int count, string noun) => $"{Literals.Int(count)} {noun}{(count == 1 ? "" : "s")}";
}
