using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class RotaryCpu(Node node) : CpuOp<RotaryOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        PositionKernels.Rotary(selection.NameOf(Node), selection.SummaryOf(Node), Op, Input.Layout, Output.Layout), Node,
        Input, Output, Op.MostPositions is null ? KernelSelection.Length(Input) : KernelSelection.Position);
}

internal sealed class PositionCpu(Node node) : CpuOp<PositionOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    /// <summary>Rows of the table lie as positions do.</summary>
    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
    {
        if (Node.OptionalParameter("weight") is not { } table)
            yield break;
        int rows = table.Shape[0], features = table.Shape[1], pitch = Layout.RoundUp(features);
        string formula = $"{MessageText.Number(rows)} × {MessageText.Number(pitch)}";
        int length = SizeLimitException.CheckParameter(table, formula, (long)rows * pitch);
        PackedDimension[] dimensions = [new PackedDimension(rows, 1, pitch, 0), new PackedDimension(features, 1, 1, 0)];
        yield return new PackingRequest(table, new PackedTensor(dimensions.ToEquatableArray(), length));
    }

    public override void SelectKernels(KernelSelection selection) => selection.Call(
        PositionKernels.Add(selection.NameOf(Node), selection.SummaryOf(Node), Op, Input.Layout, Output.Layout),
        Node, Input, KernelSelection.Optional(Node.OptionalParameter("weight")), Output,
        Op.MostPositions is null ? KernelSelection.Length(Input) : KernelSelection.Position);
}

internal sealed class PositionGradientCpu(Node node) : CpuOp<PositionGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo table = Node.Parameter("weight");
        string summary = $"{selection.SummaryOf(Node)} {KernelSelection.Shape(table)}.";
        selection.CallForParameters(
            PositionKernels.TableGradient(selection.NameOf(Node), summary, table.Shape[0], Input.Layout), Node,
            Input, KernelSelection.Starts(Input), selection.Gradient(Node, table));
    }
}
