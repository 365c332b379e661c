using System.Numerics;
using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

internal sealed class LinearLayer() : Layer<LinearSpec>("NetGen.LinearAttribute")
{
    protected override string TypeName(LinearSpec spec) => "Linear";

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new LinearSpec(
        name,
        arguments.OptionalInt("inFeatures"),
        arguments.Int("outFeatures"),
        arguments.Bool("bias", true));

    protected override TensorShape Infer(LinearSpec spec, TensorShape input, LayerContext context)
    {
        input = context.RequireVector(input, spec.InFeatures is null ? null : "inFeatures");
        if (spec.InFeatures is int expected
            && context.RequireAtLeastOne(expected, "inFeatures", "number of input features") != 0
            && input.Features != 0 && expected != input.Features)
        {
            string given = MessageText.Number(input.Features);
            if (!context.FlattenedFrom.IsUnknown)
                given += " = " + context.FlattenedFrom.Product;
            context.Report(DiagnosticDescriptors.FeatureMismatch, "inFeatures", context.DisplayName, MessageText.Count(expected, "input feature"), context.Source, given);
        }
        return TensorShape.Vector(context.RequireAtLeastOne(spec.OutFeatures, "outFeatures", "number of output features"));
    }

    protected override BigInteger CountParameters(LinearSpec spec, TensorShape input)
    {
        int inFeatures = spec.InFeatures ?? (input.IsVector ? input.Features : 0);
        return ((BigInteger)inFeatures + (spec.Bias ? 1 : 0)) * spec.OutFeatures;
    }

    protected override IReadOnlyList<LayerParameter> Parameters(LinearSpec spec, TensorShape input)
    {
        var weight = new LayerParameter("weight", [spec.OutFeatures, input.Features], ParameterRole.Weight, input.Features, spec.OutFeatures);
        return spec.Bias ? [weight, new LayerParameter("bias", [spec.OutFeatures], ParameterRole.Bias, input.Features, spec.OutFeatures)] : [weight];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((LinearSpec)spec).Bias ? ["Weight", "Bias"] : ["Weight"];

    protected override long MultiplyAdds(LinearSpec spec, TensorShape input, TensorShape output) => (long)spec.OutFeatures * input.Features;

    protected override string Title(LinearSpec spec, TensorShape input)
        => $"Linear({Literals.Int(input.Features)}, {Literals.Int(spec.OutFeatures)}{(spec.Bias ? "" : ", no bias")})";

    protected override Value Lower(LinearSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new LinearNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), layer.Input.Features, spec.OutFeatures, builder.Parameter(layer, "weight"), builder.OptionalParameter(layer, "bias")), layer, input);
}

/// <summary>y = W x + b.</summary>
/// <param name="weight">Outputs first; what follows are the input's features, in one dimension or in two.</param>
internal sealed class LinearNode(string name, string title, int inFeatures, int outFeatures, ParameterInfo weight, ParameterInfo? bias)
    : Node(name, title), IHasEpilogue, IFoldsNormalization
{
    private const int Block = Layout.Block;

    public int InFeatures { get; } = inFeatures;

    public int OutFeatures { get; } = outFeatures;

    public ParameterInfo Weight { get; } = weight;

    public ParameterInfo? Bias { get; } = bias;

    public Activation? Activation { get; set; }

    public BatchNormNode? Normalization { get; set; }

    public bool CanFold => true;

    public override string Verb => "Forward";

    public override VectorOrder Order => VectorOrder.Any;

    public override bool ReadsScalars => true;

    public override ScheduleEntry Schedule => new(Name, ScheduleLanes.OutputFeatures);

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        pass.AddParameterGradient(new LinearWeightGradientNode(this), Input, gradient);
        pass.Flow(Input, new LinearInputGradientNode(this), gradient);
    }

    /// <summary>The inputs of a flattened image come in the order that the image has in memory.</summary>
    public override void PackParameters(Graph graph, LayoutFacts facts)
    {
        long outputs = ((long)OutFeatures + Block - 1) / Block * Block;
        int length = SizeLimitException.CheckParameter(Weight, $"{MessageText.Number(outputs)} × {MessageText.Number(InFeatures)}", (BigInteger)outputs * InFeatures);
        int blockStride = InFeatures * Block;
        var output = new PackedDimension(OutFeatures, Block, blockStride, 1);
        Weight.Dimensions = facts.FlattenedFrom(Input) is { } image
            ?
            [
                output,
                new PackedDimension(image.Channels, Block, image.Height * image.Width * Block * Block, Block),
                new PackedDimension(image.Height, 1, image.Width * Block * Block, 0),
                new PackedDimension(image.Width, 1, Block * Block, 0),
            ]
            : Weight.Shape.Count == 3
                ? [output, new PackedDimension(Weight.Shape[1], 1, Weight.Shape[2] * Block, 0), new PackedDimension(Weight.Shape[2], 1, Block, 0)]
                : [output, new PackedDimension(InFeatures, 1, Block, 0)];
        Weight.PackedLength = length;
        Bias?.PackAsVector();
    }

    public override void PrepareWeights(PreparedWeights prepared)
    {
        if (Normalization is not null)
            FoldedWeights.Prepare(prepared, this, Normalization, Weight, Bias);
    }

    public override void SelectKernels(KernelSelection selection)
    {
        Argument? bias = Normalization is null ? KernelSelection.Optional(Bias) : selection.Prepared(this, PreparedForm.FoldedBias);
        Argument weights = Normalization is null ? KernelSelection.Parameter(Weight) : selection.Prepared(this, PreparedForm.Folded);
        selection.Call(LinearKernels.Create(selection.NameOf(this), selection.SummaryOf(this), Geometry(InFeatures, OutFeatures, Input.Layout, Output!.Layout), bias is not null, Activation, mask: null), this,
            Input, weights, bias, Output);
    }

    public static LinearKernels.Geometry Geometry(int inFeatures, int outFeatures, Layout input, Layout output) => new()
    {
        InFeatures = inFeatures,
        OutFeatures = outFeatures,
        InputStride = input.SampleStride,
        OutputStride = output.SampleStride,
    };
}

/// <summary>Input: the output's gradient. A linear layer with the weights transposed.</summary>
internal sealed class LinearInputGradientNode(LinearNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public (Activation Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";

    public override void PrepareWeights(PreparedWeights prepared)
    {
        long offset = prepared.Reserve(this, PreparedForm.Transposed, (long)Layout.RoundUp(forward.InFeatures) * forward.OutFeatures);
        prepared.Add(this, new RuntimeCall("Packing.TransposeLinear",
            new ElementArgument(forward.Weight, 0), new PreparedArgument(offset),
            new NumberArgument(forward.InFeatures), new NumberArgument(forward.OutFeatures)));
    }

    public override void SelectKernels(KernelSelection selection)
    {
        LinearKernels.Geometry geometry = LinearNode.Geometry(forward.OutFeatures, forward.InFeatures, Input.Layout, Output!.Layout);
        (Activation, long)? mask = Mask is { } m ? (m.Kind, m.Output.Layout.SampleStride) : null;
        selection.Call(LinearKernels.Create(selection.NameOf(this), selection.SummaryOf(this), geometry, hasBias: false, activation: null, mask), this,
            Input, selection.Prepared(this, PreparedForm.Transposed), Output, Mask?.Output);
    }
}

/// <summary>Inputs: the layer's input and the output's gradient. Gives the gradients of weight and bias.</summary>
internal sealed class LinearWeightGradientNode(LinearNode forward) : Node(forward.Name, forward.Title)
{
    public Value OutputGradient => Inputs[1];

    public override string Verb => "WeightGradient";

    public override bool IsParameterGradient => true;

    public override void SelectKernels(KernelSelection selection)
    {
        LinearKernels.Geometry geometry = LinearNode.Geometry(forward.InFeatures, forward.OutFeatures, Input.Layout, OutputGradient.Layout);
        selection.CallForParameters(LinearKernels.WeightGradient(selection.NameOf(this), $"{selection.SummaryOf(this)} {KernelSelection.Shape(forward.Weight)}.", geometry), this,
            Input, OutputGradient, KernelSelection.Parameter(forward.Weight), KernelSelection.Gradient(forward.Weight));
        selection.CallBiasGradient(this, forward.Bias, OutputGradient);
    }
}
