using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class AttentionCpu(Node node) : CpuOp<AttentionOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    private AttentionGeometry Geometry => GeometryOf(Op, Inputs);

    /// <summary>Null where there is no backward pass.</summary>
    private Value? Statistics => Node.Outputs.ElementAtOrDefault(1);

    public override long ScratchLength => Geometry.ForwardScratch;

    public override void ChooseExtraLayouts()
    {
        if (Statistics is { } statistics)
            statistics.Layout = Layout.ForImage(LayoutKind.Positions, statistics.Shape);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        var kernel = new AttentionKernel(
            selection.NameOf(Node), selection.SummaryOf(Node), Geometry, Statistics?.Layout, Output.Layout);
        (Value query, Value key, Value value) = Operands(Inputs);
        selection.Call(kernel.Create(), Node, query, key, value, Statistics, Output, KernelSelection.Scratch);
    }

    public static AttentionGeometry GeometryOf(AttentionOp op, IReadOnlyList<Value> inputs)
    {
        (Value query, Value key, Value value) = Operands(inputs);
        return new AttentionGeometry(op, query.Layout, key.Layout, value.Layout);
    }

    /// <summary>Query, key and value, or their gradients: one value that has all three, or three.</summary>
    public static (Value Query, Value Key, Value Value) Operands(IReadOnlyList<Value> inputs)
        => inputs.Count == 1 ? (inputs[0], inputs[0], inputs[0]) : (inputs[0], inputs[1], inputs[2]);
}

internal sealed class AttentionGradientCpu(Node node) : CpuOp<AttentionGradientOp>(node)
{
    /// <summary>What the forward pass read: between the output's gradient and the logarithms of the sums.</summary>
    private List<Value> Saved => Inputs.GetRange(1, Inputs.Count - 2);

    private AttentionGeometry Geometry => AttentionCpu.GeometryOf(Op.Forward, Saved);

    public override long ScratchLength => Geometry.BackwardScratch;

    public override void SelectKernels(KernelSelection selection)
    {
        (Value query, Value key, Value value) = AttentionCpu.Operands(Saved);
        (Value ofQuery, Value ofKey, Value ofValue) = AttentionCpu.Operands(Node.Outputs);
        Value statistics = Inputs[Inputs.Count - 1];
        var kernel = new AttentionGradientKernel(selection.NameOf(Node), selection.SummaryOf(Node), Geometry, Input.Layout,
            statistics.Layout, (ofQuery.Layout, ofKey.Layout, ofValue.Layout));
        selection.Call(
            kernel.Create(), Node, Input, query, key, value, statistics, ofQuery, ofKey, ofValue, KernelSelection.Scratch);
    }
}
