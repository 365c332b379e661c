using System.Numerics;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>
/// A table's rows lie one behind the other, each up to a multiple of 16. Where a linear layer has the table for its weight, they lie as
/// that reads them: a product reads all rows for each vector, and a lookup one.
/// </summary>
internal static class Tables
{
    /// <param name="training">The graph whose nodes use every parameter.</param>
    public static PackingRequest Pack(ParameterInfo weight, Graph training)
        => training.ForwardNodes.Any(node => node.Op is LinearOp && node.Parameters.Exists(use => use.Parameter == weight))
            ? LinearCpu.Pack(weight, weight.Shape[0], weight.Shape[1]) : PackRows(weight);

    /// <summary>How kernels find the rows.</summary>
    public static TableForm FormOf(ParameterInfo weight) => new(weight.Shape[1], AreLanes: weight.Packed.Dimensions[0].Block > 1);

    private static PackingRequest PackRows(ParameterInfo weight)
    {
        (int rows, int features) = (weight.Shape[0], weight.Shape[1]);
        BigInteger stride = ((BigInteger)features + Layout.Block - 1) / Layout.Block * Layout.Block;
        int length = SizeLimitException.CheckParameter(weight, $"{MessageText.Number(rows)} × {MessageText.Number(stride)}", rows * stride);
        PackedDimension[] dimensions =
            [new PackedDimension(rows, 1, (int)stride, 0), new PackedDimension(features, Layout.Block, Layout.Block, 1)];
        return new PackingRequest(weight, new PackedTensor(dimensions.ToEquatableArray(), length));
    }
}

internal sealed class EmbeddingBagCpu(Node node) : CpuOp<EmbeddingBagOp>(node)
{
    private Value? Rows => Node.ExtraOutputs.FirstOrDefault();

    private Value? Factors => Op.HasWeights ? Inputs[1] : null;

    /// <summary>Weights of positions are features; ints have no other dimension.</summary>
    public override LaneDimension Lanes => Op.HasWeights ? LaneDimension.Features : base.Lanes;

    public override bool ReadsScalars => true;

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
        => [Tables.Pack(Node.Parameter("weight"), graph)];

    public override void ChooseExtraLayouts()
    {
        if (Rows is { } rows)
            rows.Layout = Layout.ForRows(rows.Shape.Size);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        Kernel kernel = EmbeddingBagKernels.Forward(
            selection.NameOf(Node), selection.SummaryOf(Node), Op, Input.Layout, Output.Layout, Rows?.Layout, Factors?.Layout);
        Argument weight = KernelSelection.Parameter(Node.Parameter("weight"));
        if (Input.Shape.HasLengths)
            selection.CallPerSample(kernel, Node, Input, weight, Factors, Output, Rows, KernelSelection.Length(Input));
        else
            selection.Call(kernel, Node, Input, weight, Factors, Output, Rows);
    }
}

internal sealed class EmbeddingBagGradientCpu(Node node) : CpuOp<EmbeddingBagGradientOp>(node)
{
    public override LaneDimension Lanes => Op.HasWeights ? LaneDimension.Features : base.Lanes;

    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo weight = Node.Parameter("weight");
        Value? factors = Op.HasWeights ? Inputs[1] : null;
        Value gradient = Inputs[Inputs.Count - 1];
        IReadOnlyList<Argument> touched = selection.TouchedRows(weight);
        selection.CallForParameters(
            EmbeddingBagKernels.WeightGradient(selection.NameOf(Node), $"{Node.Cpu.Heading}, gradient of the weight "
                + $"{KernelSelection.Shape(weight)}.", Op, Input.Layout, gradient.Layout, factors?.Layout,
                isSparse: touched.Count > 0),
            Node, [Input, KernelSelection.Starts(Input), factors, gradient, selection.Gradient(Node, weight), .. touched]);
    }
}

internal sealed class EmbeddingBagWeightGradientCpu(Node node) : CpuOp<EmbeddingBagWeightGradientOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection)
    {
        Kernel kernel = EmbeddingBagKernels.FactorGradient(
            selection.NameOf(Node), selection.SummaryOf(Node), Op, Input.Layout, Inputs[1].Layout, Output.Layout);
        Argument weight = KernelSelection.Parameter(Node.Parameter("weight"));
        if (Input.Shape.HasLengths)
            selection.CallPerSample(kernel, Node, Input, Inputs[1], weight, Output, KernelSelection.Length(Input));
        else
            selection.Call(kernel, Node, Input, Inputs[1], weight, Output);
    }
}

internal sealed class EmbeddingCpu(Node node) : CpuOp<EmbeddingOp>(node)
{
    /// <summary>Where samples have a number of ints that is known at run time only, one is looked up at a time.</summary>
    private EmbeddingOp OfEach => Input.Shape.HasLengths ? Op with { Length = 1 } : Op;

    private ParameterInfo Weight => Node.Parameter("weight");

    public override LaneDimension Lanes => LaneDimension.Features;

    public override bool ReadsScalars => true;

    public override string? SlotOfAnyFormat => PreparedWeights.Weight;

    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts) => [Tables.Pack(Weight, graph)];

    public override void SelectKernels(KernelSelection selection)
    {
        if (Op is { MaxNorm: { } norm, Renormalizes: true })
        {
            string name = selection.NameOf(Node) + "Norm";
            selection.CallForBatchOfEach(
                EmbeddingKernels.Renormalize(name, $"{Heading}, rows of the table.", OfEach, norm, Input.Layout.OfPosition), Node, Input,
                Input, KernelSelection.Parameter(Weight));
        }
        selection.CallEach(
            EmbeddingKernels.Forward(selection.NameOf(Node), selection.SummaryOf(Node), OfEach, Tables.FormOf(Weight),
                Weight.Packed.Format, Input.Layout.OfPosition, Output.Layout.OfPosition),
            Node, Input, KernelSelection.Parameter(Weight), Output);
    }
}

internal sealed class EmbeddingGradientCpu(Node node) : CpuOp<EmbeddingGradientOp>(node)
{
    public override LaneDimension Lanes => LaneDimension.Features;

    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo weight = Node.Parameter("weight");
        IReadOnlyList<Argument> touched = selection.TouchedRows(weight);
        EmbeddingGradientOp op = Input.Shape.HasLengths ? Op with { Length = 1 } : Op;
        selection.CallForParametersOfEach(
            EmbeddingKernels.WeightGradient(selection.NameOf(Node), $"{Node.Cpu.Heading}, gradient of the weight "
                + $"{KernelSelection.Shape(weight)}.", op, Tables.FormOf(weight), Input.Layout.OfPosition, Inputs[1].Layout.OfPosition,
                isSparse: touched.Count > 0),
            Node, Input, [Input, Inputs[1], selection.Gradient(Node, weight), .. touched]);
    }
}
