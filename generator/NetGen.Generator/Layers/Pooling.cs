using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>What the kinds of pooling share.</summary>
internal static class PoolingRules
{
    /// <summary>The attribute declares the 1-d form of its layer.</summary>
    public static int DimensionsOf(LayerArguments arguments) => arguments.TypeName.EndsWith("1d", StringComparison.Ordinal) ? 1 : 2;

    /// <summary>An argument with a value for each direction; over sequences the one row's is <paramref name="neutral"/>.</summary>
    /// <param name="fallback">What stands for an argument that is left out; null where it must be there.</param>
    public static Pair ReadPair(LayerArguments arguments, string name, int neutral, Pair? fallback)
        => DimensionsOf(arguments) == 1
            ? new Pair(neutral, fallback is Pair pair ? arguments.OptionalInt(name) ?? pair.Width : arguments.Int(name))
            : fallback is Pair given ? arguments.Pair(name, given) : arguments.Pair(name);

    public static TensorShape Infer(Window window, TensorShape input, LayerContext context)
    {
        input = window.IsSequence ? context.RequireSequence(input) : context.RequireFeatureMap(input);
        CheckPadding(window, context);
        (int height, int width) = window.Infer(input, context);
        if (width > 0 && height > 0)
            CheckFirstWindow(window, input, context);
        return context.RequireCountable(input.WithExtent(input.Channels, height, width));
    }

    /// <summary>The window's options as titles show them.</summary>
    public static string Options(Window window)
    {
        Pair dilation = window.Dilation ?? Pair.Both(1);
        return Text(window.Kernel) + (window.Stride == window.Kernel ? "" : $", stride {Text(window.Stride)}")
            + (window.Padding == Pair.Both(0) ? "" : $", padding {Text(window.Padding)}")
            + (dilation == Pair.Both(1) ? "" : $", dilation {Text(dilation)}")
            + (window.CeilMode ? ", ceil mode" : "");

        string Text(Pair pair) => window.IsSequence ? Invariant.Text(pair.Width) : pair.ToString();
    }

    /// <summary>The window in both directions, once its shapes are known.</summary>
    public static (PoolAxis Rows, PoolAxis Columns) Axes(Window window, TensorShape input, TensorShape output)
    {
        Pair dilation = window.Dilation ?? Pair.Both(1);
        return (PoolAxis.Sliding(input.Height, output.Height, window.Kernel.Height, window.Stride.Height, window.Padding.Height,
            dilation.Height),
            PoolAxis.Sliding(input.Width, output.Width, window.Kernel.Width, window.Stride.Width, window.Padding.Width, dilation.Width));
    }

    /// <summary>
    /// PyTorch's rule, padding ≤ floor(kernel / 2): beyond it a window could lie in the padding altogether, and a maximum over
    /// nothing has no value.
    /// </summary>
    private static void CheckPadding(Window window, LayerContext context)
    {
        if (window.IsSequence)
        {
            if (Exceeds(window.Padding.Width, window.Kernel.Width))
                Report(window.Padding.Width, window.Kernel.Width, null, "elements");
            return;
        }
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
            => context.Problems.Add(new Problem(DiagnosticDescriptors.PoolingPaddingTooLarge, context.Path, "padding", element, new[]
            {
                context.TypeName, MessageText.Number(padding), MessageText.Number(kernel), MessageText.Number(kernel / 2), axis,
            }.ToEquatableArray())
            {
                Fix = new ProblemFix(FixProperties.Value, MessageText.Number(kernel / 2)),
            });
    }

    /// <summary>
    /// Taps that dilation sets far apart can lie on both sides of a small input and none inside. With padding ≤ kernel / 2 this happens to
    /// the first window only, so that it alone is looked at.
    /// </summary>
    private static void CheckFirstWindow(Window window, TensorShape input, LayerContext context)
    {
        Pair dilation = window.Dilation ?? Pair.Both(1);
        bool rows = Misses(input.Height, window.Padding.Height, dilation.Height),
            columns = Misses(input.Width, window.Padding.Width, dilation.Width);
        if (rows)
            Report(input.Height, window.Padding.Height, dilation.Height, columns ? null : 0, window.IsSequence ? "elements" : "rows");
        else if (columns)
            Report(input.Width, window.Padding.Width, dilation.Width, 1, window.IsSequence ? "elements" : "columns");

        static int FirstInside(int padding, int dilation) => (padding + dilation - 1) / dilation * dilation - padding;

        static bool Misses(int size, int padding, int dilation) => FirstInside(padding, dilation) >= size;

        void Report(int size, int padding, int dilation, int? element, string axis)
        {
            int steps = (padding + dilation - 1) / dilation;
            string last = $"{MessageText.Number(-padding)} + {(steps == 1 ? "" : MessageText.Number(steps) + "·")}"
                + $"{MessageText.Number(dilation)} = {MessageText.Number(FirstInside(padding, dilation))}";
            context.ReportElement(DiagnosticDescriptors.WindowInPadding, "dilation", element, context.DisplayName, axis,
                $"{MessageText.Number(-padding)} and {last}", MessageText.Count(size, axis.TrimEnd('s')), input.InWords);
        }
    }
}
