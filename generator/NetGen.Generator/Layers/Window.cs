using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>The sliding window that convolution and pooling share.</summary>
internal readonly record struct Window(Pair Kernel, Pair Stride, Pair Padding, bool CeilMode)
{
    public WindowArithmetic Rows(int height) => new(height, Kernel.Height, Stride.Height, Padding.Height, CeilMode);

    public WindowArithmetic Columns(int width) => new(width, Kernel.Width, Stride.Width, Padding.Width, CeilMode);

    /// <summary>The height and width that leave, 0 where unknown; reports every problem of the window on the way.</summary>
    public (int Height, int Width) Infer(TensorShape input, LayerContext context)
    {
        bool valid = context.RequireAtLeastOne(Kernel, "kernelSize", "kernel size");
        valid &= context.RequireAtLeastOne(Stride, "stride", "stride");
        if (Padding.Height < 0 || Padding.Width < 0)
        {
            context.Report(DiagnosticDescriptors.NegativePadding, "padding", context.TypeName, LayerContext.PairText(Padding));
            valid = false;
        }
        if (!valid)
            return (0, 0);

        // A square window over a square map fails in both directions for one reason: say it once.
        bool square = Rows(input.Height) == Columns(input.Width);
        int height = InferAxis(Rows(input.Height), square ? "row and column" : "row", input, context);
        int width = square ? height : InferAxis(Columns(input.Width), "column", input, context);
        return (height, width);
    }

    private static int InferAxis(WindowArithmetic axis, string noun, TensorShape input, LayerContext context)
    {
        if (axis.Input == 0)
            return 0;
        if (axis.Output < 1)
        {
            context.Report(DiagnosticDescriptors.WindowTooLarge, "kernelSize", context.DisplayName, Count(axis.Kernel, noun), Count(axis.PaddedInput, noun),
                $"{MessageText.Number(axis.Input)} + 2·{MessageText.Number(axis.Padding)}", context.Source, MessageText.Shape(input), axis.Explanation);
            return 0;
        }
        if (axis.Output > int.MaxValue)
        {
            context.Report(DiagnosticDescriptors.TooLarge, "padding", $"The output of {context.DisplayName} is too large", axis.Explanation,
                Count(axis.Output, noun), MessageText.Number(int.MaxValue));
            return 0;
        }
        if (axis.DroppedInput > 0)
        {
            context.Report(DiagnosticDescriptors.WindowDropsInput, "kernelSize", context.DisplayName, Count(axis.DroppedInput, noun), context.Source,
                MessageText.Shape(input), axis.Explanation);
        }
        return (int)axis.Output;
    }

    /// <summary>E.g. <c>7 rows</c>, <c>1 row</c>, <c>7 rows and columns</c>.</summary>
    private static string Count(long count, string noun)
        => MessageText.Count(count, count == 1 ? noun : noun.Replace("row and", "rows and"));
}
