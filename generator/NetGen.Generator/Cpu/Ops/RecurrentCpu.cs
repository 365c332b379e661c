using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>All samples of a thread go through the steps together, so that their states share one reading of the weights.</summary>
internal sealed class RecurrentCpu(Node node) : CpuOp<RecurrentOp>(node)
{
    private ParameterInfo Weight => Node.Parameter("weight");

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    private RecurrentGeometry Geometry => new(Op.Units, Input.Layout.Channels, Op.IsReverse, Input.Shape.HasLengths)
    {
        HasInitial = Op.HasInitial,
        HasInitialCell = Op.HasInitialCell,
    };

    public override LaneDimension Lanes => LaneDimension.Features;

    public override ScheduleEntry Schedule => new(Name, ScheduleLanes.OutputFeatures);

    public override long ScratchLength => Geometry.ForwardScratch;

    public override void ChooseExtraLayouts()
    {
        // Where the layer is frozen and nothing flows back, nobody reads what is kept.
        foreach (Value output in Node.ExtraOutputs.Where(output => !output.HasLayout))
            output.Layout = Layout.ForImage(LayoutKind.Positions, output.Shape);
    }

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
    {
        RecurrentUnits units = Op.Units;
        IEnumerable<PackingRequest> own = GroupedFeatures.Pack(Weight, Bias, units.Gates, units.Hidden, units.Features);
        return Node.OptionalParameter(RecurrentOp.ProjectionSlot) is { } projection
            ? own.Concat(GroupedFeatures.Pack(projection, null, 1, units.Features, units.Hidden)) : own;
    }

    public override void SelectKernels(KernelSelection selection)
    {
        Value? cells = Port(Op.CellPort), previous = Port(Op.PreviousPort), gates = Port(Op.GatePort),
            units = Port(Op.UnitPort);
        Kernel kernel = new RecurrentKernels(Geometry).Forward(selection.NameOf(Node) + "Steps", selection.SummaryOf(Node),
            Bias is not null, Input.Layout, Output.Layout, cells?.Layout, previous?.Layout, gates?.Layout,
            units?.Layout);
        Value? initial = Op.HasInitial ? Inputs[1] : null, initialCell = Op.HasInitialCell ? Inputs[Inputs.Count - 1] : null;
        selection.Call(kernel, Node, Input, Output, cells, previous, gates, units, initial, initialCell, KernelSelection.Starts(Input),
            KernelSelection.Parameter(Weight), KernelSelection.Optional(Bias),
            KernelSelection.Optional(Node.OptionalParameter(RecurrentOp.ProjectionSlot)), KernelSelection.Scratch);
    }

    private Value? Port(int? port) => port is { } number ? Node.Outputs[number] : null;
}

internal sealed class RecurrentGradientCpu(Node node) : CpuOp<RecurrentGradientOp>(node)
{
    private RecurrentGeometry Geometry => new(Op.Units, Output.Layout.Channels, Op.IsReverse, Output.Shape.HasLengths)
    {
        HasInitial = Op.HasInitial,
        HasInitialCell = Op.HasInitialCell,
    };

    public override long ScratchLength => Geometry.BackwardScratch;

    public override void ChooseExtraLayouts()
    {
        foreach (Value output in Node.ExtraOutputs.Where(output => !output.HasLayout))
            output.Layout = Layout.ForImage(LayoutKind.Positions, output.Shape);
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        RecurrentUnits units = Op.Units;
        LinearInputGradientCpu.Transpose(prepared, Node, units.Features, units.Gates * Layout.RoundUp(units.Hidden));
        if (units.IsProjected)
            LinearInputGradientCpu.Transpose(prepared, Node, units.Hidden, units.Features, RecurrentOp.ProjectionSlot);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        int next = 0;
        Value? states = Op.HasStates ? Inputs[next++] : null, cells = Op.HasCells ? Inputs[next++] : null;
        Value? initialCell = Op.HasInitialCell ? Inputs[Inputs.Count - 1] : null;
        Value[] saved = [.. Inputs.Skip(next).Take(Inputs.Count - next - (initialCell is null ? 0 : 1))];
        int given = 1;
        Value? ofInitial = Op.HasInitial ? Node.Outputs[given++] : null, ofInitialCell = Op.HasInitialCell ? Node.Outputs[given++] : null,
            ofProjected = Op.HasProjected ? Node.Outputs[given++] : null, ofState = Op.HasStateProducts ? Node.Outputs[given] : null;
        Kernel kernel = new RecurrentKernels(Geometry).Gradient(selection.NameOf(Node) + "Steps", selection.SummaryOf(Node),
            states?.Layout, cells?.Layout, [.. saved.Select(value => value.Layout)], Output.Layout, ofState?.Layout,
            ofProjected?.Layout);
        selection.Call(kernel, Node,
            [states, cells, .. saved.Select(value => (Argument)new ValueArgument(value)), Output, ofState, ofProjected,
                initialCell, ofInitial, ofInitialCell, KernelSelection.Starts(Output),
                selection.Prepared(Node, PreparedForm.Transposed),
                Op.HasProjected ? selection.Prepared(Node, PreparedForm.Transposed, RecurrentOp.ProjectionSlot) : null,
                KernelSelection.Scratch]);
    }
}
