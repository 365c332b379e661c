using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class DropoutCpu(Node node) : CpuOp<DropoutOp>(node)
{
    /// <summary>The stream is an argument.</summary>
    public override Op KernelOp => Op with { Stream = 0 };

    private Value Scales => Node.Outputs[1];

    public override LaneDimension Lanes => Op.Channelwise ? LaneDimension.Channels : LaneDimension.Either;

    public override VectorOrder Order => VectorOrder.Kept;

    public override void ChooseExtraLayouts()
    {
        Layout input = Input.Layout;
        if (!Op.Channelwise)
        {
            // Factors lie as the elements do, without a halo.
            Scales.Layout = input with { Left = 0, Right = 0 };
        }
        else if (input.Kind == LayoutKind.Samples)
        {
            Scales.Layout = new Layout(LayoutKind.Samples, input.Channels, 1, 1, 0, 0);
        }
        else
        {
            Scales.Layout = Layout.ForRows(input.Channels);
        }
    }

    public override void SelectKernels(KernelSelection selection)
    {
        Draw(selection, Node, Op.Probability, Op.Stream);
        selection.CallEach(
            Multiply(selection.NameOf(Node), selection.SummaryOf(Node), Op.Channelwise, Input.Layout.OfPosition, Scales.Layout.OfPosition,
                Output.Layout.OfPosition),
            Node, Input, Scales, Output);
    }

    /// <summary>Draws the factors of a node, its port 1.</summary>
    public static void Draw(KernelSelection selection, Node node, float probability, int stream)
    {
        Value scales = node.Outputs[1];
        selection.Call(
            Relayouts.DrawScales(node.Cpu.Stem + "Draw", $"{node.Cpu.Heading}: draws the factors.", scales.Layout, probability),
            node, scales, new RandomArgument(RandomKey.Seed), new RandomArgument(RandomKey.Step), new RandomArgument(RandomKey.FirstSample),
            new NumberArgument(stream), KernelSelection.Length(scales));
    }

    public static Kernel Multiply(string name, string summary, bool channelwise, Layout input, Layout scales, Layout output) => channelwise
        ? Elementwise.MultiplyPlanes(name, summary, input, scales, output)
        : Elementwise.Multiply(name, summary, input, scales, output);
}

internal sealed class DropoutGradientCpu(Node node) : CpuOp<DropoutGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Value scales = Inputs[1];
        Kernel kernel = DropoutCpu.Multiply(
            selection.NameOf(Node), selection.SummaryOf(Node), Op.Channelwise, Input.Layout.OfPosition, scales.Layout.OfPosition,
            Output.Layout.OfPosition);
        selection.CallEach(kernel, Node, Input, scales, Output);
    }
}

internal sealed class AlphaDropoutCpu(Node node) : CpuOp<AlphaDropoutOp>(node)
{
    /// <summary>The stream is an argument.</summary>
    public override Op KernelOp => Op with { Stream = 0 };

    private Value Scales => Node.Outputs[1];

    public override LaneDimension Lanes => LaneDimension.Either;

    public override VectorOrder Order => VectorOrder.Kept;

    public override void ChooseExtraLayouts() => Scales.Layout = Input.Layout with { Left = 0, Right = 0 };

    public override void SelectKernels(KernelSelection selection)
    {
        DropoutCpu.Draw(selection, Node, Op.Probability, Op.Stream);
        Kernel kernel = Elementwise.AlphaDrop(
            selection.NameOf(Node), selection.SummaryOf(Node), (float)Op.Scale, (float)Op.DroppedScale, (float)Op.Shift,
            Input.Layout, Scales.Layout, Output.Layout);
        selection.Call(kernel, Node, Input, Scales, Output);
    }
}

internal sealed class AlphaDropoutGradientCpu(Node node) : CpuOp<AlphaDropoutGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        Value scales = Inputs[1];
        Kernel kernel = Elementwise.AlphaDropGradient(
            selection.NameOf(Node), selection.SummaryOf(Node), (float)Op.Scale, Input.Layout, scales.Layout, Output.Layout);
        selection.Call(kernel, Node, Input, scales, Output);
    }
}
