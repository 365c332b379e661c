using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Gradient of a convolution's weights: for each tap, the sum over samples and output pixels of input × output gradient.
/// Threads divide the weights, never the samples, so the sums and their order are the same at every thread count.
/// </summary>
internal static class ConvolutionWeightGradient
{
    /// <param name="count">What the samples are counted in.</param>
    public static IReadOnlyList<KernelParameter> Parameters(KernelParameter count)
        => [ConvolutionParameters.Input, ConvolutionParameters.OutputGradient, ConvolutionParameters.WeightGradient, count, .. Share];

    /// <param name="g">The forward geometry: source is the input, target has the layout of the output's gradient.</param>
    public static Kernel Create(string name, string summary, ConvolutionGeometry g) => g.Source.Kind == LayoutKind.Samples
        ? new SampleWeightGradient(name, summary, g).Create()
        : new ChannelWeightGradient(name, summary, g).Create();

    /// <summary>Source rows from the first row of taps to that of the task.</summary>
    private static string TapRow(ConvolutionGeometry g)
        => g.Dilation.Height == 1 ? "tapRow" : $"tapRow * {Literals.Int(g.Dilation.Height)}";

    /// <summary>Declares firstRow and rows: the output rows whose tap of the row <c>tapRow</c> lies inside the image.</summary>
    public static void EmitRowRange(SourceWriter writer, ConvolutionGeometry g)
    {
        int s = g.Stride.Height;
        string tapRow = TapRow(g), height = Literals.Int(g.Pixels.Height);
        writer.Line("// Output rows whose tap of this row lies inside the image.");
        if (s == 1)
        {
            string end = $"{Literals.Int(g.Source.Height + g.Top)} - {tapRow}";
            writer.Line($"int firstRow = Math.Max(0, {Literals.Int(g.Top)} - {tapRow}), rows = Math.Min({height}, {end}) - firstRow;");
            return;
        }
        string first = $"({Literals.Int(g.Top + s - 1)} - {tapRow}) / {Literals.Int(s)}";
        string last = $"({Literals.Int(g.Source.Height + g.Top + s - 1)} - {tapRow}) / {Literals.Int(s)}";
        writer.Line($"int firstRow = Math.Max(0, {first}), rows = Math.Min({height}, {last}) - firstRow;");
    }

    /// <summary>What leads from the source's plane to the first window's first tap of the row <c>tapRow</c>.</summary>
    public static string FirstSource(ConvolutionGeometry g)
        => $"(firstRow * {Literals.Int(g.Stride.Height)} + {TapRow(g)} - {Literals.Int(g.Top)}) * {Literals.Int(g.Source.RowStride)} "
            + $"+ {Literals.Int(g.Source.Origin - g.Left * g.Source.PixelStride)}";

    /// <summary>What leads from the target's plane to the first row.</summary>
    public static string FirstTarget(ConvolutionGeometry g)
        => $"firstRow * {Literals.Int(g.Target.RowStride)} + {Literals.Int(g.Target.Origin)}";
}
