using NetGen.Generator.Diagnostics;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Layers;

/// <summary>What MaxPool2d and AvgPool2d share.</summary>
internal static class Pooling
{
    public static TensorShape Infer(Window window, TensorShape input, LayerContext context)
    {
        input = context.RequireFeatureMap(input);
        CheckPadding(window, context);
        (int height, int width) = window.Infer(input, context);
        return context.RequireCountable(TensorShape.Image(input.Channels, height, width));
    }

    /// <summary>
    /// PyTorch's rule, padding ≤ floor(kernel / 2): beyond it a window could lie in the padding altogether, and a maximum over
    /// nothing has no value.
    /// </summary>
    private static void CheckPadding(Window window, LayerContext context)
    {
        bool rows = Exceeds(window.Padding.Height, window.Kernel.Height);
        bool columns = Exceeds(window.Padding.Width, window.Kernel.Width);
        if (rows && columns && window.Padding.Height == window.Padding.Width && window.Kernel.Height == window.Kernel.Width)
            Report(window.Padding.Height, window.Kernel.Height, null, "rows and columns");
        else
        {
            if (rows)
                Report(window.Padding.Height, window.Kernel.Height, 0, "rows");
            if (columns)
                Report(window.Padding.Width, window.Kernel.Width, 1, "columns");
        }

        static bool Exceeds(int padding, int kernel) => kernel >= 1 && padding > kernel / 2;

        void Report(int padding, int kernel, int? element, string axis)
            => context.ReportElement(DiagnosticDescriptors.PoolingPaddingTooLarge, "padding", element, context.TypeName, MessageText.Number(padding),
                MessageText.Number(kernel), MessageText.Number(kernel / 2), axis);
    }
}
