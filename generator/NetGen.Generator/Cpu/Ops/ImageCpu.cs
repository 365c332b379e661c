using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class ResampleCpu(Node node) : CpuOp<ResampleOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        Resampling.Create(selection.NameOf(Node), selection.SummaryOf(Node), Op.Rows, Op.Columns, Input.Layout, Output.Layout),
        Node, Input, Output);
}

internal sealed class PadCpu(Node node) : CpuOp<PadOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        PadKernels.Forward(selection.NameOf(Node), selection.SummaryOf(Node), Op.Pads, Op.Mode, Input.Layout, Output.Layout),
        Node, Input, Output);
}

internal sealed class PadGradientCpu(Node node) : CpuOp<PadGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection) => selection.Call(
        PadKernels.Gradient(selection.NameOf(Node), selection.SummaryOf(Node), Op.Pads, Op.Mode, Input.Layout, Output.Layout),
        Node, Input, Output);
}

internal sealed class FlattenCpu(Node node) : CpuOp<FlattenOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Any;

    public override bool Reshapes => true;

    public override bool ReadsPlainImage => true;

    public override bool ReadsScalars => true;

    public override bool GivesViews => true;

    /// <summary>Where the image has no halo and the order in memory is the wanted one, the vector is the image seen differently.</summary>
    public override void ChooseView(LayoutFacts facts)
    {
        Value image = Op.ToImage ? Output! : Input, vector = Op.ToImage ? Input : Output!;
        bool blockedRows = facts.FlattenedFrom(vector.GradientOf ?? vector) is not null;
        // A map of one pixel is a vector in either order.
        bool sameOrder = image.Layout.Kind == (blockedRows ? LayoutKind.Blocked : LayoutKind.Plain)
            || (image.Layout.Kind == LayoutKind.Blocked && image.Shape.Height == 1 && image.Shape.Width == 1);
        if (image.Layout.Kind == LayoutKind.Positions)
            sameOrder = !Elementwise.HasPadding(image.Layout) && image.Layout.SampleStride == vector.Layout.SampleStride;
        if (!sameOrder || image.Layout.HasHalo || image.Layout.IsCallers || vector.Layout.IsCallers)
            return;
        // What arrives owns the memory, and what leaves is the view.
        if (Op.ToImage)
            image.AliasOf = vector;
        else
            vector.AliasOf = image;
    }

    public override void SelectKernels(KernelSelection selection)
    {
        if (Output.AliasOf is not null)
            return;
        string name = selection.NameOf(Node), summary = selection.SummaryOf(Node);
        Kernel kernel = Op.ToImage
            ? Relayouts.Unflatten(name, summary, Input.Layout, Output.Layout, Input.FlattenedFrom is not null)
            : Relayouts.Flatten(name, summary, Input.Layout, Output.Layout, Output.FlattenedFrom is not null);
        selection.CallPerSample(kernel, Node, Input, Output);
    }
}
