using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>What the kinds of pooling share.</summary>
internal static class PoolingRules
{
    public static TensorShape Infer(Window window, TensorShape input, LayerContext context)
    {
        input = context.RequireFeatureMap(input);
        CheckPadding(window, context);
        (int height, int width) = window.Infer(input, context);
        return context.RequireCountable(TensorShape.Image(input.Channels, height, width));
    }

    /// <summary>The window in both directions, once its shapes are known.</summary>
    public static (PoolAxis Rows, PoolAxis Columns) Axes(Window window, TensorShape input, TensorShape output)
        => (new PoolAxis(input.Height, output.Height, window.Kernel.Height, window.Stride.Height, window.Padding.Height),
            new PoolAxis(input.Width, output.Width, window.Kernel.Width, window.Stride.Width, window.Padding.Width));

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

/// <summary>Maximum or average over a window.</summary>
internal sealed class PoolNode(string name, string title, bool isMax, PoolAxis rows, PoolAxis columns, bool countIncludePad)
    : Node(name, title)
{
    public bool IsMax { get; } = isMax;

    public PoolAxis Rows { get; } = rows;

    public PoolAxis Columns { get; } = columns;

    public Pair Kernel => new(Rows.Kernel, Columns.Kernel);

    /// <summary>Padded elements count in the divisor of an average.</summary>
    public bool CountIncludePad { get; } = countIncludePad;

    /// <summary>The one window is the whole plane.</summary>
    public bool IsGlobal => Rows.Covers && Columns.Covers && Rows.Outputs == 1 && Columns.Outputs == 1;

    public override string Verb => "Forward";

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        // The maximum is found again by comparing the input with the output.
        if (IsMax)
            pass.Flow(Input, new PoolGradientNode(this), gradient, Input, Output!);
        else
            pass.Flow(Input, new PoolGradientNode(this), gradient);
    }

    public override void SelectKernels(SelectKernels selection)
        => selection.Call(Kernels.Pooling.Forward(selection.NameOf(this), selection.SummaryOf(this), this, Input.Layout, Output!.Layout), this, Input, Output);
}

/// <summary>Inputs: the output's gradient; for the maximum also the pool's input and output.</summary>
internal sealed class PoolGradientNode(PoolNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public PoolNode Forward { get; } = forward;

    public (Activation Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";

    public override void SelectKernels(SelectKernels selection)
    {
        string name = selection.NameOf(this), summary = selection.SummaryOf(this);
        (Activation, Layout)? mask = Mask is { } m ? (m.Kind, m.Output.Layout) : null;
        Kernel kernel = Kernels.Pooling.Gradient(name, summary, Forward, Input.Layout, Forward.IsMax ? Inputs[1].Layout : null, Forward.IsMax ? Inputs[2].Layout : null, Output!.Layout, mask);
        if (Forward.IsMax)
            selection.Call(kernel, this, Input, Inputs[1], Inputs[2], Output);
        else
            selection.Call(kernel, this, Input, Mask?.Output, Output);
    }
}
