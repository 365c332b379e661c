using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using static NetGen.Generator.Ir.AttentionRecurrentOp;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>As of other recurrent layers, all samples of a thread go through the steps together.</summary>
internal sealed class AttentionRecurrentCpu(Node node) : CpuOp<AttentionRecurrentOp>(node)
{
    private ParameterInfo Weight => Node.Parameter(PreparedWeights.Weight);

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    private MemoryGeometry Geometry => GeometryOf(Op.Hidden, Op.Attention, Output, Inputs[1], Inputs[2]);

    public override LaneDimension Lanes => LaneDimension.Features;

    public override ScheduleEntry Schedule => new(Name, ScheduleLanes.OutputFeatures);

    public override long ScratchLength => Geometry.ForwardScratch;

    /// <param name="steps">A value with the positions that the steps have.</param>
    public static MemoryGeometry GeometryOf(int hidden, MemoryAttention attention, Value steps, Value keys, Value memory) => new(
        new RecurrentGeometry(new RecurrentUnits(AttentionRecurrentOp.Cell, hidden), steps.Layout.Channels, IsReverse: false,
            steps.Shape.HasLengths),
        attention, keys.Layout, memory.Layout);

    public override void ChooseExtraLayouts()
    {
        foreach (Value output in Node.ExtraOutputs.Where(output => !output.HasLayout))
            output.Layout = Layout.ForImage(LayoutKind.Positions, output.Shape);
    }

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
    {
        IEnumerable<PackingRequest> all = GroupedFeatures.Pack(Weight, Bias, AttentionRecurrentOp.Gates, Op.Hidden, Op.Hidden)
            .Concat(GroupedFeatures.Pack(Node.Parameter(ContextSlot), null, AttentionRecurrentOp.Gates, Op.Hidden, Op.Attention.Features));
        return Op.Attention.IsAdditive
            ? all.Concat(GroupedFeatures.Pack(Node.Parameter(QuerySlot), null, 1, Op.Attention.Size, Op.Hidden))
                .Append(GroupedFeatures.PackBias(Node.Parameter(ScoreSlot), 1, Op.Attention.Size))
            : all;
    }

    public override void SelectKernels(KernelSelection selection)
    {
        Value? Port(int port) => Node.Outputs.ElementAtOrDefault(port);

        Value weights = Node.Outputs[AttentionRecurrentOp.WeightPort], contexts = Node.Outputs[AttentionRecurrentOp.ContextPort];
        Value? previous = Port(AttentionRecurrentOp.PreviousPort), gates = Port(AttentionRecurrentOp.GatePort),
            queries = Port(AttentionRecurrentOp.QueryPort), initial = Op.HasInitial ? Inputs[3] : null;
        Kernel kernel = new AttentionRecurrentKernels(
            Geometry, selection.NameOf(Node) + "Steps", selection.SummaryOf(Node), initial?.Layout).Forward(Bias is not null,
            ("input", Input.Layout), ("states", Output.Layout), ("attention", weights.Layout), ("contexts", contexts.Layout),
            ("previous", previous?.Layout), ("gates", gates?.Layout), ("queries", queries?.Layout));
        selection.Call(kernel, Node,
            [Input, Output, weights, contexts, previous, gates, queries, Inputs[1], Inputs[2], initial, KernelSelection.Starts(Output),
                KernelSelection.Starts(Inputs[2]), KernelSelection.Parameter(Weight), KernelSelection.Optional(Bias),
                KernelSelection.Parameter(Node.Parameter(ContextSlot)), KernelSelection.Optional(Node.OptionalParameter(QuerySlot)),
                KernelSelection.Optional(Node.OptionalParameter(ScoreSlot)), KernelSelection.Scratch]);
    }
}

internal sealed class AttentionRecurrentGradientCpu(Node node) : CpuOp<AttentionRecurrentGradientOp>(node)
{
    private Value Memory => Inputs[Inputs.Count - 1];

    private Value Keys => Inputs[Inputs.Count - 2];

    private MemoryGeometry Geometry => AttentionRecurrentCpu.GeometryOf(Op.Hidden, Op.Attention, Output, Keys, Memory);

    public override long ScratchLength => Geometry.BackwardScratch;

    public override void ChooseExtraLayouts()
    {
        foreach (Value output in Node.ExtraOutputs.Where(output => !output.HasLayout))
            output.Layout = Layout.ForImage(LayoutKind.Positions, output.Shape);
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        int gates = AttentionRecurrentOp.Gates * Layout.RoundUp(Op.Hidden);
        LinearInputGradientCpu.Transpose(prepared, Node, Op.Hidden, gates);
        LinearInputGradientCpu.Transpose(prepared, Node, Op.Attention.Features, gates, ContextSlot);
        if (Op.Attention.IsAdditive)
            LinearInputGradientCpu.Transpose(prepared, Node, Op.Hidden, Layout.RoundUp(Op.Attention.Size), QuerySlot);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        int next = 0;
        Value? ofStates = Op.HasStates ? Inputs[next++] : null, ofWeights = Op.HasWeights ? Inputs[next++] : null,
            ofContexts = Op.HasContexts ? Inputs[next++] : null;
        Value weights = Inputs[next++], previous = Inputs[next++], gates = Inputs[next++];
        bool isAdditive = Op.Attention.IsAdditive;
        Value? queries = isAdditive ? Inputs[next] : null, ofInitial = Op.HasInitial ? Node.Outputs[3] : null;
        int given = Op.HasInitial ? 4 : 3;
        Value ofState = Node.Outputs[given];
        Value? ofQuery = isAdditive ? Node.Outputs[given + 1] : null, ofScore = isAdditive ? Node.Outputs[given + 2] : null;
        Kernel kernel = new AttentionRecurrentKernels(
            Geometry, selection.NameOf(Node) + "Steps", selection.SummaryOf(Node), ofInitial?.Layout).Gradient(
            ("stateGradient", ofStates?.Layout), ("attentionGradient", ofWeights?.Layout), ("contextGradient", ofContexts?.Layout),
            ("attention", weights.Layout), ("previous", previous.Layout), ("gates", gates.Layout), ("queries", queries?.Layout),
            ("inputGradient", Output.Layout), ("ofState", ofState.Layout), ("ofQuery", ofQuery?.Layout), ("ofScore", ofScore?.Layout));
        selection.Call(kernel, Node,
            [ofStates, ofWeights, ofContexts, weights, previous, gates, queries, Output, ofState, ofQuery, ofScore, Keys, Memory,
                Node.Outputs[1], Node.Outputs[2], ofInitial, KernelSelection.Starts(Output), KernelSelection.Starts(Memory),
                selection.Prepared(Node, PreparedForm.Transposed), selection.Prepared(Node, PreparedForm.Transposed, ContextSlot),
                isAdditive ? selection.Prepared(Node, PreparedForm.Transposed, QuerySlot) : null,
                isAdditive ? KernelSelection.Parameter(Node.Parameter(ScoreSlot)) : null, KernelSelection.Scratch]);
    }
}
