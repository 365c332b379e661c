using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Convolution with sample lanes and five taps in a row: along the rows by <see cref="ToomCook"/>, four outputs from eight inputs with 8
/// products instead of 20. Rows of taps are summed at the points, so the input's rows are evaluated once for all of them. With samples in
/// the lanes no transform needs a shuffle, and the products are the same register tiles as those of <see cref="SampleConvolution"/>.
/// </summary>
internal static class SampleWinograd
{
    /// <summary>Taps of a row, and outputs of a tile.</summary>
    public const int Taps = 5, Outputs = 4;

    public static readonly ToomCook Transform = new(1, 2, 0.5);

    /// <summary>Operations on vectors for one tile's transforms: its inputs to the points, and one channel's products to outputs.</summary>
    private const double InputOperations = 25, OutputOperations = 17;

    /// <summary>Taken if it costs at most this part of the direct method.</summary>
    private const double MaxCost = 0.75;

    public static bool Applies(ConvolutionGeometry g)
    {
        if (g.Source.Kind != LayoutKind.Samples || g.Target.Kind != LayoutKind.Samples || g.Taps.Width != Taps
            || g.Stride.Width != 1 || g.Dilation.Width != 1
            || g.TargetStep != Pair.Both(1) || g.TargetStart != new Pair(0, 0) || g.TargetChannelStride.InnerStride != 1)
        {
            return false;
        }
        double products = (double)g.Taps.Height * g.SourceChannels * g.TargetChannels;
        double direct = products * Taps * g.Pixels.Width;
        double transforms = g.SourceChannels * InputOperations * g.Stride.Height + g.TargetChannels * OutputOperations;
        return (products * Transform.Points + transforms) * Tiles(g) <= MaxCost * direct;
    }

    /// <summary>The epilogue takes windows that end where tiles end.</summary>
    public static bool Pools(Pair kernel) => kernel.Width is 1 or 2 or 4 && kernel.Height <= 4;

    /// <summary>Tiles of a row.</summary>
    public static int Tiles(ConvolutionGeometry g) => (g.Pixels.Width + Outputs - 1) / Outputs;

    private static int TargetBlocks(ConvolutionGeometry g) => Layout.RoundUp(g.TargetChannels) / Layout.Block;

    /// <summary>Rows of taps of all source channels.</summary>
    public static int TapRows(ConvolutionGeometry g) => g.SourceChannels * g.Taps.Height;

    /// <summary>Floats of a row at the points.</summary>
    public static int RowPoints(ConvolutionGeometry g) => Transform.Points * Tiles(g) * Layout.Block;

    /// <summary>Floats of the transformed weights, [target / 16][8][source][tap row][16].</summary>
    public static long WeightLength(ConvolutionGeometry g) => (long)TargetBlocks(g) * Transform.Points * TapRows(g) * Layout.Block;

    /// <summary>Floats that one worker needs: the input's rows at the points, and products of the channels computed together.</summary>
    public static long ScratchLength(ConvolutionGeometry g, FusedPool? pool)
        => (long)RowPoints(g) * (g.SourceChannels * g.Source.Height
            + Math.Min(Layout.Block, g.TargetChannels) * (pool?.Kernel.Height ?? 1));

    public static Kernel Convolution(string name, string summary, ConvolutionGeometry g, ConvolutionEpilogue epilogue)
        => new SampleWinogradConvolution(name, summary, g, epilogue).Create();

    /// <summary>The 8 points of each row of taps. Tasks are blocks of 16 target channels of one source channel.</summary>
    public static Kernel Weights(string name, string summary, ConvolutionGeometry g)
    {
        string points = Literals.Int(Transform.Points), sources = Literals.Int(g.SourceChannels), rows = Literals.Int(g.Taps.Height);
        string remarks = $"G g along the rows of taps, 16 target channels in the lanes; "
            + $"result [{Literals.Int(TargetBlocks(g))}][{points}][{sources}][{rows}][16].";
        return new Kernel(name, summary, remarks, [Floats("weights"), Floats("transformed"), .. Share], (writer, isa, _) =>
        {
            using (writer.Block(TaskShare.Loop(TargetBlocks(g) * g.SourceChannels, "task")))
            {
                writer.Line($"int target = task / {sources}, source = task % {sources};");
                writer.Line($"float* taps = {Literals.Plus("weights", g.WeightStart)} "
                    + $"+ target * {Literals.Int(g.TargetChannelStride.BlockStride)} + {g.SourceChannelStride.At("source")};");
                writer.Line($"float* result = transformed + (target * {Literals.Int(Transform.Points * g.SourceChannels)} "
                    + $"+ source) * {Literals.Int(g.Taps.Height * Layout.Block)};");
                using (writer.Block($"for (int row = 0; row < {rows}; row++, taps += {Literals.Int(g.TapRowStride)}, result += 16)"))
                using (writer.Block($"for (int i = 0; i < 16; i += {Literals.Int(isa.Lanes)})"))
                {
                    ToomCook.LoadAll(writer, isa, "g", Taps, k => $"taps + i + {Literals.Int(k * g.TapColumnStride)}");
                    ToomCook.EmitRows(writer, isa, Transform.KernelMatrix(Taps), "g",
                        (point, value) => isa.Store(value, $"result + i + {Literals.Int(point * TapRows(g) * Layout.Block)}"));
                }
            }
        });
    }
}
