using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class AttentionCpu(Node node) : CpuOp<AttentionOp>(node)
{
    /// <summary>The stream is an argument.</summary>
    public override Op KernelOp => Op with { Stream = 0 };

    public override LaneDimension Lanes => LaneDimension.Features;

    private AttentionGeometry Geometry => GeometryOf(Op, Inputs);

    /// <summary>Null where there is no backward pass.</summary>
    private Value? Statistics => Node.Outputs.ElementAtOrDefault(1);

    /// <summary>What probabilities are drawn from; null where none are dropped.</summary>
    private Value? Drawn => Node.Outputs.ElementAtOrDefault(2);

    public override long ScratchLength => Geometry.ForwardScratch;

    public override void ChooseExtraLayouts()
    {
        if (Statistics is { } statistics)
            statistics.Layout = Layout.ForImage(LayoutKind.Positions, statistics.Shape);
        if (Drawn is { } drawn)
            drawn.Layout = Layout.ForRows(drawn.Shape.Features);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        var kernel = new AttentionKernel(
            selection.NameOf(Node), selection.SummaryOf(Node), Geometry, Statistics?.Layout, Drawn?.Layout, Output.Layout);
        (Value query, Value key, Value value) = AttentionOp.Three(Op.Operands(Inputs));
        Argument[] random = Op.Drops
            ?
            [
                new RandomArgument(RandomKey.Seed), new RandomArgument(RandomKey.Step), new RandomArgument(RandomKey.FirstSample),
                new NumberArgument(Op.Stream),
            ]
            : [];
        selection.Call(kernel.Create(), Node,
            [query, key, value, Op.MaskOf(Inputs), Statistics, Drawn, Output, KernelSelection.Scratch, .. random,
                KernelSelection.Length(query), KernelSelection.Length(key)]);
    }

    /// <param name="inputs">Of the forward op, its mask included.</param>
    public static AttentionGeometry GeometryOf(AttentionOp op, List<Value> inputs)
    {
        (Value query, Value key, Value value) = AttentionOp.Three(op.Operands(inputs));
        return new AttentionGeometry(op, query.Layout, key.Layout, value.Layout)
        {
            HaveSameLengths = query.Shape.Axis == key.Shape.Axis,
            Mask = op.MaskOf(inputs) is { } mask ? AttentionMask.Of(mask.Shape, mask.Layout) : null,
        };
    }
}

/// <summary>What a gradient of attention reads: the output's gradient, then what the forward pass read and kept.</summary>
internal sealed class AttentionSaved
{
    public AttentionSaved(AttentionOp op, List<Value> inputs)
    {
        int kept = op.Drops ? 2 : 1;
        List<Value> read = inputs.GetRange(1, inputs.Count - 1 - kept);
        (Query, Key, Value) = AttentionOp.Three(op.Operands(read));
        Mask = op.MaskOf(read);
        Geometry = AttentionCpu.GeometryOf(op, read);
        Statistics = inputs[inputs.Count - kept];
        Drawn = op.Drops ? inputs[inputs.Count - 1] : null;
        // The stream is an argument, so that layers can share a kernel.
        Stream = op.Drops ? new NumberArgument(op.Stream) : null;
    }

    public AttentionGeometry Geometry { get; }

    public Value Query { get; }

    public Value Key { get; }

    public Value Value { get; }

    public Value? Mask { get; }

    public Value Statistics { get; }

    public Value? Drawn { get; }

    public Argument? Stream { get; }
}

internal sealed class AttentionGradientCpu(Node node) : CpuOp<AttentionGradientOp>(node)
{
    public override Op KernelOp => new AttentionGradientOp(Op.Forward with { Stream = 0 });

    private AttentionSaved Saved => new(Op.Forward, Inputs);

    public override long ScratchLength => Saved.Geometry.BackwardScratch;

    public override void SelectKernels(KernelSelection selection)
    {
        AttentionSaved saved = Saved;
        (Value ofQuery, Value ofKey, Value ofValue) = AttentionOp.Three(Node.Outputs);
        var kernel = new AttentionGradientKernel(selection.NameOf(Node), selection.SummaryOf(Node), saved.Geometry, Input.Layout,
            saved.Statistics.Layout, saved.Drawn?.Layout, (ofQuery.Layout, ofKey.Layout, ofValue.Layout));
        selection.Call(kernel.Create(), Node, Input, saved.Query, saved.Key, saved.Value, saved.Mask, saved.Statistics, saved.Drawn,
            ofQuery, ofKey, ofValue, KernelSelection.Scratch, saved.Stream, KernelSelection.Length(saved.Query),
            KernelSelection.Length(saved.Key));
    }
}

internal sealed class AttentionMaskGradientCpu(Node node) : CpuOp<AttentionMaskGradientOp>(node)
{
    public override Op KernelOp => new AttentionMaskGradientOp(Op.Forward with { Stream = 0 });

    private AttentionSaved Saved => new(Op.Forward, Inputs);

    public override long ScratchLength => Saved.Geometry.MaskScratch;

    public override void SelectKernels(KernelSelection selection)
    {
        AttentionSaved saved = Saved;
        var kernel = new AttentionMaskGradientKernel(selection.NameOf(Node), selection.SummaryOf(Node), saved.Geometry, Input.Layout,
            saved.Statistics.Layout, saved.Drawn?.Layout, Output.Layout);
        selection.Call(kernel.Create(), Node, Input, saved.Query, saved.Key, saved.Value, saved.Mask, saved.Statistics, saved.Drawn,
            Output, KernelSelection.Scratch, saved.Stream);
    }
}
