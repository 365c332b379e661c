using System.Numerics;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Ops;

internal sealed class LinearCpu(Node node) : CpuOp<LinearOp>(node)
{
    private const int Block = Layout.Block;

    private ParameterInfo Weight => Node.Parameter("weight");

    private ParameterInfo? Bias => Node.OptionalParameter("bias");

    private BatchNormTensors? Normalization => BatchNormTensors.FoldedInto(Node);

    /// <summary>What is normalised behind rows of features is their positions.</summary>
    public override bool CanFoldNormalization => Input.Shape.IsVector;

    public override LaneDimension Lanes => LaneDimension.Features;

    public override VectorOrder Order => VectorOrder.Any;

    public override bool ReadsScalars => true;

    public override ScheduleEntry Schedule => new(Name, ScheduleLanes.OutputFeatures);

    public override string? SlotOfAnyFormat => PreparedWeights.Weight;

    /// <summary>The inputs of a flattened image come in the order that the image has in memory.</summary>
    public override IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts)
    {
        if (Op.Groups > 1)
            return GroupedFeatures.Pack(Weight, Bias, Op.Groups, Op.OutFeatures / Op.Groups, Op.InFeatures);
        // Of tensors that several layers' worth of outputs share, each part begins a block.
        int parts = Node.UseOf(Weight).Parts;
        if (parts > 1)
            return GroupedFeatures.Pack(Weight, Bias, parts, Op.OutFeatures, Op.InFeatures);
        IReadOnlyList<int> shape = Weight.Shape;
        PackingRequest form = facts.FlattenedFrom(Input) is { } image
            ? Pack(Weight, Op.OutFeatures, Op.InFeatures,
                new PackedDimension(image.Channels, Block, image.Height * image.Width * Block * Block, Block),
                new PackedDimension(image.Height, 1, image.Width * Block * Block, 0),
                new PackedDimension(image.Width, 1, Block * Block, 0))
            : shape.Count == 3
                ? Pack(Weight, Op.OutFeatures, Op.InFeatures,
                    new PackedDimension(shape[1], 1, shape[2] * Block, 0), new PackedDimension(shape[2], 1, Block, 0))
                : Pack(Weight, Op.OutFeatures, Op.InFeatures);
        IEnumerable<PackingRequest> biases = Bias is { } bias && Node.UseOf(bias).Parts is > 1 and int several
            ? [GroupedFeatures.PackBias(bias, several, Op.OutFeatures)] : PackingRequest.Vectors(Bias);
        return biases.Prepend(form);
    }

    /// <summary>A weight [outputs, inputs]: 16 outputs side by side, for each input.</summary>
    /// <param name="order">How the inputs lie, where they have an order of their own.</param>
    public static PackingRequest Pack(ParameterInfo weight, int outputs, int inputs, params PackedDimension[] order)
    {
        long lanes = ((long)outputs + Block - 1) / Block * Block;
        string formula = $"{MessageText.Number(lanes)} × {MessageText.Number(inputs)}";
        int length = SizeLimitException.CheckParameter(weight, formula, (BigInteger)lanes * inputs);
        PackedDimension[] dimensions =
        [
            new PackedDimension(outputs, Block, inputs * Block, 1),
            .. order.Length > 0 ? order : [new PackedDimension(inputs, 1, Block, 0)],
        ];
        return new PackingRequest(weight, new PackedTensor(dimensions.ToEquatableArray(), length));
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (Normalization is { } normalization)
            FoldedWeights.Prepare(prepared, Node, normalization, Weight, Bias);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        bool isFolded = Normalization is not null;
        Argument? bias = isFolded ? selection.Prepared(Node, PreparedForm.FoldedBias) : KernelSelection.Optional(Node, Bias);
        Argument weights = isFolded ? selection.Prepared(Node, PreparedForm.Folded) : KernelSelection.Parameter(Node, Weight);
        LinearKernels.Geometry geometry = Geometry(
            Op.InFeatures, GroupedFeatures.Lanes(Op.OutFeatures, Op.Groups), Input.Layout.AsRows,
            GroupedFeatures.Rows(Output.Layout, Op.Groups), isFolded ? WeightFormat.Float32 : Weight.Packed.Format);
        selection.CallRowsOf(Input,
            LinearKernels.Create(selection.NameOf(Node), selection.SummaryOf(Node), geometry, bias is not null, Op.Activation, mask: null),
            Node, Input, weights, bias, Output);
    }

    /// <param name="input">Of the rows.</param>
    public static LinearKernels.Geometry Geometry(
        int inFeatures, int outFeatures, Layout input, Layout output, WeightFormat weights = WeightFormat.Float32) => new()
    {
        InFeatures = inFeatures,
        OutFeatures = outFeatures,
        InputStride = input.SampleStride,
        OutputStride = output.SampleStride,
        Weights = weights,
        IsFar = input.IsDense && (long)inFeatures * Layout.RoundUp(outFeatures) > CommonL2.Floats,
    };
}

internal sealed class LinearInputGradientCpu(Node node) : CpuOp<LinearInputGradientOp>(node)
{
    private int OutLanes => GroupedFeatures.Lanes(Op.OutFeatures, Op.Groups);

    public override void PrepareWeights(PreparedWeights prepared) => Transpose(prepared, Node, Op.InFeatures, OutLanes);

    /// <summary>Prepares a node's weights with inputs and outputs exchanged.</summary>
    public static void Transpose(
        PreparedWeights prepared, Node node, int inFeatures, int outFeatures, string slot = PreparedWeights.Weight)
    {
        long offset = prepared.Reserve(node, PreparedForm.Transposed, (long)Layout.RoundUp(inFeatures) * outFeatures, slot);
        ParameterInfo weight = node.Parameter(slot);
        prepared.Add(node, new RuntimeCall("Packing.TransposeLinear",
            new ElementArgument(weight, KernelSelection.PartOffset(node, weight)), new PreparedArgument(offset),
            new NumberArgument(inFeatures), new NumberArgument(outFeatures)));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        LinearKernels.Geometry geometry = LinearCpu.Geometry(
            OutLanes, Op.InFeatures, GroupedFeatures.Rows(Input.Layout, Op.Groups), Output.Layout.AsRows);
        (Activation, long)? mask = Node.Mask is { } m ? (m.Activation, m.Output.Layout.AsRows.SampleStride) : null;
        Kernel kernel = LinearKernels.Create(
            selection.NameOf(Node), selection.SummaryOf(Node), geometry, hasBias: false, activation: null, mask);
        selection.CallRowsOf(Output, kernel, Node, Input, selection.Prepared(Node, PreparedForm.Transposed), Output, Node.Mask?.Output);
    }
}

internal sealed class LinearWeightGradientCpu(Node node) : CpuOp<LinearWeightGradientOp>(node)
{
    private Layout OutputRows => GroupedFeatures.Rows(Inputs[1].Layout, Op.Groups);

    private LinearKernels.Geometry Geometry => LinearCpu.Geometry(
        Op.InFeatures, GroupedFeatures.Lanes(Op.OutFeatures, Op.Groups), Input.Layout.AsRows, OutputRows);

    public override long ScratchLength => LinearWeightGradient.ScratchLength(Geometry);

    public override void SelectKernels(KernelSelection selection)
    {
        Value outputGradient = Inputs[1];
        ParameterInfo weight = Node.Parameter("weight");
        Layout outputs = OutputRows;
        Kernel kernel = LinearKernels.WeightGradient(
            selection.NameOf(Node), $"{selection.SummaryOf(Node)} {KernelSelection.Shape(weight)}.", Geometry);
        selection.CallForParametersOverRows(kernel, Node, Input,
            Input, outputGradient, KernelSelection.Parameter(Node, weight), selection.Gradient(Node, weight), KernelSelection.Scratch);
        selection.CallBiasGradient(Node, Node.OptionalParameter("bias"), outputGradient, outputs, Input);
    }
}
