using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Layers;

/// <summary>What MaxPool2d and AvgPool2d share.</summary>
internal static class PoolingRules
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

/// <summary>Maximum or average over a window.</summary>
internal sealed class PoolNode(string name, string title, bool isMax, Pair kernel, Pair stride, Pair padding, bool countIncludePad)
    : Node(name, title)
{
    public bool IsMax { get; } = isMax;

    public Pair Kernel { get; } = kernel;

    public Pair Stride { get; } = stride;

    public Pair Padding { get; } = padding;

    public bool CountIncludePad { get; } = countIncludePad;

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

    public (ActivationKind Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";

    public override void SelectKernels(SelectKernels selection)
    {
        string name = selection.NameOf(this), summary = selection.SummaryOf(this);
        (ActivationKind, Layout)? mask = Mask is { } m ? (m.Kind, m.Output.Layout) : null;
        Kernel kernel = Kernels.Pooling.Gradient(name, summary, Forward, Input.Layout, Forward.IsMax ? Inputs[1].Layout : null, Forward.IsMax ? Inputs[2].Layout : null, Output!.Layout, mask);
        if (Forward.IsMax)
            selection.Call(kernel, this, Input, Inputs[1], Inputs[2], Output);
        else
            selection.Call(kernel, this, Input, Mask?.Output, Output);
    }
}
