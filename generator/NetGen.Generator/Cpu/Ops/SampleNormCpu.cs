using System.Numerics;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Ops;

/// <summary>It keeps mean and deviation of each set for the backward pass.</summary>
internal sealed class SampleNormCpu(Node node) : CpuOp<SampleNormOp>(node)
{
    private NormGeometry Geometry => NormGeometry.Of(Op.Sets, Input.Layout);

    /// <summary>What is normalised over the last dimension are rows of features, where they lie so.</summary>
    public override LaneDimension Lanes => Op.Sets.IsOfLastDimension ? LaneDimension.Either : LaneDimension.Channels;

    private ParameterInfo? Weight => Node.OptionalParameter("weight");

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    private Value Statistics => Node.Outputs[1];

    public override void ChooseExtraLayouts() => Statistics.Layout = Input.Layout.Kind == LayoutKind.Positions
        ? Layout.ForImage(LayoutKind.Positions, Input.Shape.WithLast(Geometry.Statistics))
        : Geometry.StatisticsLayout(Input.Layout.Kind);

    /// <summary>A weight for each element lies in blocks of 16 channels, as the elements do; the others are runs.</summary>
    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
        => new[] { Weight, Bias }.OfType<ParameterInfo>().Select(parameter => new PackingRequest(parameter, Pack(parameter)));

    private PackedTensor Pack(ParameterInfo parameter)
    {
        if (Op.Sets.Affine != NormAffine.Element)
            return PackedTensor.Vector(parameter);
        NormGeometry g = NormGeometry.Of(Op.Sets);
        long channels = ((long)g.Channels + Layout.Block - 1) / Layout.Block * Layout.Block;
        string formula = $"{MessageText.Number(channels)} × {MessageText.Number(g.Height)} × {MessageText.Number(g.Width)}";
        int length = SizeLimitException.CheckParameter(parameter, formula, (BigInteger)channels * g.Height * g.Width);
        PackedDimension[] dimensions =
        [
            new PackedDimension(g.Channels, Layout.Block, g.Height * g.Width * Layout.Block, 1),
            new PackedDimension(g.Height, 1, g.Width * Layout.Block, 0),
            new PackedDimension(g.Width, 1, Layout.Block, 0),
        ];
        return new PackedTensor(dimensions.ToEquatableArray(), length);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        var kernels = new NormKernels(Geometry, Input.Layout.OfRowOrSample, Statistics.Layout.OfRowOrSample);
        Kernel kernel = kernels.Forward(
            selection.NameOf(Node), selection.SummaryOf(Node), Output.Layout.OfRowOrSample, Op.Activation);
        selection.CallRows(kernel, Node,
            Input, KernelSelection.Optional(Weight), KernelSelection.Optional(Bias), Statistics, Output);
    }
}

internal sealed class SampleNormGradientCpu(Node node) : CpuOp<SampleNormGradientOp>(node)
{
    private Layout Layout => Inputs[1].Layout.OfRowOrSample;

    private NormGeometry Geometry => NormGeometry.Of(Op.Sets, Inputs[1].Layout);

    public override long ScratchLength => Geometry.ScratchLength(Layout.Kind);

    public override void SelectKernels(KernelSelection selection)
    {
        var kernels = new NormKernels(Geometry, Layout, Inputs[2].Layout.OfRowOrSample);
        Kernel kernel = kernels.InputGradient(
            selection.NameOf(Node), selection.SummaryOf(Node), Input.Layout.OfRowOrSample, Output.Layout.OfRowOrSample);
        selection.CallRows(kernel, Node,
            Input, Inputs[1], Inputs[2], KernelSelection.Optional(Node.OptionalParameter("weight")),
            ScratchLength > 0 ? KernelSelection.Scratch : null, Output);
    }
}

internal sealed class SampleNormParameterGradientCpu(Node node) : CpuOp<SampleNormParameterGradientOp>(node)
{
    public override void SelectKernels(KernelSelection selection)
    {
        ParameterInfo weight = Node.Parameter("weight");
        ParameterInfo? bias = Node.OptionalParameter("bias");
        var kernels = new NormKernels(
            NormGeometry.Of(Op.Sets, Inputs[1].Layout), Inputs[1].Layout.OfRowOrSample, Inputs[2].Layout.OfRowOrSample);
        string summary = $"{selection.SummaryOf(Node)} {KernelSelection.Shape(weight)}.";
        Kernel kernel = kernels.ParameterGradient(selection.NameOf(Node), summary, Input.Layout.OfRowOrSample);
        selection.CallForParametersOverRows(kernel, Node, Inputs[1],
            Input, Inputs[1], Inputs[2], selection.Gradient(Node, weight), bias is null ? null : selection.Gradient(Node, bias));
    }
}
