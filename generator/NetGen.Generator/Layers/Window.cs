using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>The sliding window that convolution and pooling share.</summary>
/// <param name="IsPooling">The stride defaults to the kernel size.</param>
/// <param name="IsSequence">The window slides along a sequence: its height is that of the one row.</param>
internal readonly record struct Window(Pair Kernel, Pair Stride, Pair Padding, bool CeilMode, bool IsPooling, Pair? Dilation = null,
    bool IsSequence = false)
{
    /// <summary>An option in a layer's title; nothing where it has its standard value.</summary>
    public static string Option(string name, Pair value, int standard) => value == Pair.Both(standard) ? "" : $", {name} {value}";

    private Pair Spread => Dilation ?? Pair.Both(1);

    public WindowArithmetic Rows(int height) => new(height, Kernel.Height, Stride.Height, Padding.Height, CeilMode, Spread.Height);

    public WindowArithmetic Columns(int width) => new(width, Kernel.Width, Stride.Width, Padding.Width, CeilMode, Spread.Width);

    /// <summary>The height and width that leave, 0 where unknown; reports every problem of the window on the way.</summary>
    public (int Height, int Width) Infer(TensorShape input, LayerContext context)
    {
        if (IsSequence)
            return (1, InferSequence(input, context));
        bool valid = context.RequireAtLeastOne(Kernel, "kernelSize", "kernel size");
        // A pooling stride that is left out is the kernel size, whose mistake need not be told twice.
        valid &= (IsPooling && Stride == Kernel) || context.RequireAtLeastOne(Stride, "stride", "stride");
        valid &= context.RequireAtLeastOne(Spread, "dilation", "dilation");
        if (Padding.Height < 0 || Padding.Width < 0)
        {
            context.ReportElement(DiagnosticDescriptors.NegativePadding, "padding",
                LayerContext.OnlyOne(Padding.Height < 0, Padding.Width < 0), context.TypeName, LayerContext.PairText(Padding));
            valid = false;
        }
        if (!valid)
            return (0, 0);

        // A square window over a square map fails in both directions for one reason: say it once.
        bool square = Rows(input.Height) == Columns(input.Width);
        int height = InferAxis(Rows(input.Height), square ? null : 0, square ? "row and column" : "row", input, context);
        int width = square ? height : InferAxis(Columns(input.Width), 1, "column", input, context);
        // With one tap the stride means to take every n-th element, as a projection shortcut does.
        if (Kernel.Area > 1)
        {
            bool alike = square || SkipsAlike(Rows(input.Height), Columns(input.Width));
            CheckGaps(Rows(input.Height), alike ? null : 0, alike ? "row and column" : "row", context);
            if (!alike)
                CheckGaps(Columns(input.Width), 1, "column", context);
        }
        return (height, width);
    }

    /// <summary>The length that leaves.</summary>
    private int InferSequence(TensorShape input, LayerContext context)
    {
        bool valid = context.RequireAtLeastOne(Kernel.Width, "kernelSize", "kernel size") != 0;
        valid &= (IsPooling && Stride == Kernel) || context.RequireAtLeastOne(Stride.Width, "stride", "stride") != 0;
        valid &= context.RequireAtLeastOne(Spread.Width, "dilation", "dilation") != 0;
        if (Padding.Width < 0)
        {
            context.Report(DiagnosticDescriptors.NegativePadding, "padding", context.TypeName, MessageText.Number(Padding.Width));
            valid = false;
        }
        return valid ? InferAxis(Columns(input.Width), null, "element", input, context) : 0;
    }

    private static int InferAxis(WindowArithmetic axis, int? element, string noun, TensorShape input, LayerContext context)
    {
        if (axis.Input == 0)
            return 0;
        if (axis.Output < 1)
        {
            context.ReportWindow(element, input, Count(axis.Extent, noun), Count(axis.PaddedInput, noun),
                $"{MessageText.Number(axis.Input)} + 2·{MessageText.Number(axis.Padding)}", axis.Explanation);
            return 0;
        }
        if (axis.Output > int.MaxValue)
        {
            context.ReportElement(DiagnosticDescriptors.TooLarge, "padding", element, $"The output of {context.DisplayName} is too large",
                axis.Formula,
                Count(axis.Output, noun), MessageText.Number(int.MaxValue));
            return 0;
        }
        if (axis.PaddedInput > int.MaxValue)
        {
            context.ReportElement(DiagnosticDescriptors.TooLarge, "padding", element,
                $"The padded input of {context.DisplayName} is too large",
                $"{MessageText.Number(axis.Input)} + 2·{MessageText.Number(axis.Padding)}", Count(axis.PaddedInput, noun),
                MessageText.Number(int.MaxValue));
            return 0;
        }
        if (axis.DroppedInput > 0)
        {
            string dropped = axis.DroppedInput == 1 ? noun : Count(axis.DroppedInput, noun);
            context.ReportElement(DiagnosticDescriptors.WindowDropsInput, "kernelSize", element, context.DisplayName, dropped,
                context.Source,
                input.InWords, axis.Explanation, axis.Coverage);
        }
        return (int)axis.Output;
    }

    private static bool SkipsAlike(WindowArithmetic rows, WindowArithmetic columns)
        => (rows.SkippedOfEveryStride, rows.Kernel, rows.Stride, rows.Dilation) == (columns.SkippedOfEveryStride, columns.Kernel,
            columns.Stride, columns.Dilation);

    private static void CheckGaps(WindowArithmetic axis, int? element, string noun, LayerContext context)
    {
        if (axis.Input == 0 || axis.SkippedOfEveryStride == 0)
            return;
        string window = axis.Dilation == 1 ? $"its window of {MessageText.Number(axis.Kernel)}"
            : $"its window of {MessageText.Number(axis.Kernel)} with dilation {MessageText.Number(axis.Dilation)}";
        // Without the path: in a block it is the same at each use.
        context.ReportElement(DiagnosticDescriptors.WindowSkipsInput, "stride", element, context.TypeName,
            MessageText.Number(axis.SkippedOfEveryStride),
            MessageText.Number(axis.Stride), noun.Replace("row and", "rows and") + "s",
            $"{window} moves by {MessageText.Number(axis.Stride)}");
    }

    /// <summary>E.g. <c>7 rows</c>, <c>1 row</c>, <c>7 rows and columns</c>.</summary>
    private static string Count(long count, string noun)
        => MessageText.Count(count, count == 1 ? noun : noun.Replace("row and", "rows and"));
}
