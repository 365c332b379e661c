using System.Globalization;
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

/// <summary>BatchNorm1d, of vectors and sequences, and BatchNorm2d.</summary>
internal sealed class BatchNormLayer() : Layer<BatchNormSpec>("NetGen.BatchNorm1dAttribute", "NetGen.BatchNorm2dAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool IsNormalisation => true;

    public override bool NormalisesChannels => true;

    public override bool HasParameters(LayerSpec spec) => true;

    protected override string TypeName(BatchNormSpec spec) => spec.IsOneDimensional ? "BatchNorm1d" : "BatchNorm2d";

    public override LayerSpec Read(LayerArguments arguments, string name) => new BatchNormSpec(
        name,
        arguments.TypeName == "BatchNorm1d",
        arguments.OptionalInt("numFeatures"),
        arguments.Double("eps", 1e-5),
        arguments.Bool("CumulativeAverage", false) ? null : arguments.Double("momentum", 0.1),
        arguments.Bool("Affine", true));

    protected override TensorShape Infer(BatchNormSpec spec, TensorShape input, LayerContext context)
    {
        // Behind a wrong rank the shape is still that of the input, for the layer keeps it.
        bool isRightRank = true;
        if (!spec.IsOneDimensional)
        {
            isRightRank = context.RequireFeatureMap(input) == input;
        }
        else if (!input.IsUnknown && !input.IsVector && !input.IsSequence)
        {
            context.Report(DiagnosticDescriptors.WrongRank, null, context.DisplayName, "a vector or a sequence (channels, length)", context.Source, MessageText.Shape(input), "use BatchNorm2d");
            isRightRank = false;
        }

        int features = input.IsUnknown || !isRightRank ? 0 : input.Dimensions[0];
        if (spec.Features is int expected
            && context.RequireAtLeastOne(expected, "numFeatures", "number of features") != 0
            && features != 0 && expected != features)
        {
            if (input.IsVector)
                context.Report(DiagnosticDescriptors.FeatureMismatch, "numFeatures", context.DisplayName, MessageText.Count(expected, "input feature"), context.Source, MessageText.Number(features));
            else
                context.ReportChannels("numFeatures", expected, input);
        }
        // Written so that NaN fails too.
        if (!(spec.Eps > 0))
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "eps", context.TypeName, "eps", "above 0", MessageText.Fraction(spec.Eps));
        if (spec.Momentum is double momentum && !(momentum >= 0 && momentum <= 1))
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "momentum", context.TypeName, "momentum", "from 0 to 1", MessageText.Fraction(momentum));
        return input;
    }

    protected override BigInteger CountParameters(BatchNormSpec spec, TensorShape input)
        => spec.Affine ? 2 * (BigInteger)(spec.Features ?? (input.IsUnknown ? 0 : input.Dimensions[0])) : BigInteger.Zero;

    protected override IReadOnlyList<LayerParameter> Parameters(BatchNormSpec spec, TensorShape input)
    {
        int features = input.Dimensions[0];
        var parameters = new List<LayerParameter>();
        if (spec.Affine)
        {
            parameters.Add(new LayerParameter("weight", [features], ParameterRole.Weight, features, features) { InitialValue = 1 });
            parameters.Add(new LayerParameter("bias", [features], ParameterRole.Bias, features, features) { InitialValue = 0 });
        }
        parameters.Add(new LayerParameter("running_mean", [features], ParameterRole.Buffer, features, features) { InitialValue = 0 });
        parameters.Add(new LayerParameter("running_var", [features], ParameterRole.Buffer, features, features) { InitialValue = 1 });
        parameters.Add(new LayerParameter("num_batches_tracked", [], ParameterRole.Counter, 1, 1) { InitialValue = 0 });
        return parameters;
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((BatchNormSpec)spec).Affine
        ? ["Weight", "Bias", "RunningMean", "RunningVar", "NumBatchesTracked"]
        : ["RunningMean", "RunningVar", "NumBatchesTracked"];

    protected override string Title(BatchNormSpec spec, TensorShape input)
        => $"{TypeName(spec)}({Literals.Int(input.Dimensions[0])}{(spec.Eps == 1e-5 ? "" : $", eps {Text(spec.Eps)}")}"
            + $"{(spec.Momentum is null ? ", cumulative average" : spec.Momentum == 0.1 ? "" : $", momentum {Text(spec.Momentum.Value)}")}{(spec.Affine ? "" : ", not affine")})";

    protected override Value Lower(BatchNormSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new BatchNormNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), spec, builder.Training, new BatchNormTensors(
            builder.OptionalParameter(layer, "weight"),
            builder.OptionalParameter(layer, "bias"),
            builder.Parameter(layer, "running_mean"),
            builder.Parameter(layer, "running_var"),
            builder.Parameter(layer, "num_batches_tracked"))), layer, input);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <param name="Weight">Null, like <paramref name="Bias"/>, where the layer is not affine.</param>
internal sealed record BatchNormTensors(ParameterInfo? Weight, ParameterInfo? Bias, ParameterInfo RunningMean, ParameterInfo RunningVar, ParameterInfo Batches);

/// <summary>
/// In training by the statistics of the batch: a first kernel reads all samples before a second writes any. In inference a scale and a
/// shift of each channel, which the pass FoldBatchNorm gives to the layer in front where it can.
/// </summary>
internal sealed class BatchNormNode(string name, string title, BatchNormSpec spec, bool training, BatchNormTensors tensors)
    : Node(name, title), IHasEpilogue, IHasResidual
{
    public BatchNormSpec Spec { get; } = spec;

    public BatchNormTensors Tensors { get; } = tensors;

    public Activation? Activation { get; set; }

    public Value? Residual { get; set; }

    /// <summary>Floats of one run of coefficients, one for each channel.</summary>
    public int Stride => Layout.RoundUp(Tensors.RunningMean.Length);

    /// <summary>What its kernels are told.</summary>
    public BatchNormGeometry Geometry => new(Stride, Spec.Affine, Spec.Eps, Spec.Momentum);

    public override string Verb => "Forward";

    public override int? BatchValuesPerSample => training ? Input.Shape.Size / Input.Shape.Dimensions[0] : null;

    public override ParameterInfo? BatchCounter => training ? Tensors.Batches : null;

    public override void Differentiate(Differentiate pass, Value gradient) => pass.Flow(Input, new BatchNormGradientNode(this), gradient, Input);

    public override void PackParameters(Graph graph, LayoutFacts facts)
    {
        Tensors.Weight?.PackAsVector();
        Tensors.Bias?.PackAsVector();
        Tensors.RunningMean.PackAsVector();
        Tensors.RunningVar.PackAsVector();
        // A count is a 64-bit integer in the place of two floats: a vector's place is 16, and aligned.
        Tensors.Batches.PackAsVector();
    }

    /// <summary>Training: six runs, as BatchNormalization has them. Inference: scale and shift.</summary>
    public override void PrepareWeights(PreparedWeights prepared)
    {
        long offset = prepared.Reserve(this, PreparedForm.Normalization, (training ? 6 : 2) * (long)Stride);
        if (!training)
            prepared.Add(this, PrepareScale(new PreparedArgument(offset)));
    }

    /// <summary>Derives scale and shift from the running statistics.</summary>
    public RuntimeCall PrepareScale(PreparedArgument target) => new("BatchNormalization.Prepare",
        KernelSelection.Parameter(Tensors.RunningMean), KernelSelection.Parameter(Tensors.RunningVar),
        OrNull(Tensors.Weight), OrNull(Tensors.Bias), target,
        new NumberArgument(Stride), new NumberArgument(Tensors.RunningMean.Length), new RealArgument(Spec.Eps))
    {
        IsShared = false,
    };

    /// <summary>A tensor of the layer, or a pointer to nothing.</summary>
    public static Argument OrNull(ParameterInfo? parameter) => KernelSelection.Optional(parameter) ?? new NullArgument();

    public override void SelectKernels(KernelSelection selection)
    {
        PreparedArgument statistics = selection.Prepared(this, PreparedForm.Normalization);
        if (training)
        {
            selection.CallForBatch(BatchNormKernels.Statistics(selection.NameOf(this) + "Statistics", $"{Name}, {Title}: mean and variance of each channel over the batch, and the running ones.", Input.Layout, Geometry), this,
                Input, KernelSelection.Optional(Tensors.Weight), KernelSelection.Optional(Tensors.Bias), KernelSelection.Parameter(Tensors.RunningMean), KernelSelection.Parameter(Tensors.RunningVar),
                KernelSelection.Parameter(Tensors.Batches), statistics);
        }
        PreparedArgument scale = training ? statistics with { Run = 2 * Stride } : statistics;
        PreparedArgument shift = statistics with { Run = (training ? 3 : 1) * Stride };
        selection.Call(BatchNormKernels.ScaleShift(selection.NameOf(this), selection.SummaryOf(this), Input.Layout, Output!.Layout, Residual?.Layout, Activation), this,
            Input, Residual, scale, shift, Output);
    }

}

/// <summary>Inputs: the output's gradient and the layer's input. Gives the gradients of weight and bias too, for they come from the same sums.</summary>
internal sealed class BatchNormGradientNode(BatchNormNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public (Activation Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";

    public override bool IsParameterGradient => true;

    public override void SelectKernels(KernelSelection selection)
    {
        BatchNormTensors tensors = forward.Tensors;
        bool affine = tensors.Weight is not null;
        PreparedArgument statistics = selection.Prepared(forward, PreparedForm.Normalization);
        Value input = Inputs[1];
        selection.CallForBatch(BatchNormKernels.GradientSums(selection.NameOf(this) + "Sums", $"{Name}, {Title}: gradients of weight and bias, and what the gradient of the input needs of the batch.", input.Layout, Input.Layout, forward.Geometry), this,
            input, Input, affine ? KernelSelection.Gradient(tensors.Weight!) : null, affine ? KernelSelection.Gradient(tensors.Bias!) : null, statistics);

        (Activation, Layout)? mask = Mask is { } m ? (m.Kind, m.Output.Layout) : null;
        selection.Call(BatchNormKernels.InputGradient(selection.NameOf(this), selection.SummaryOf(this), input.Layout, Input.Layout, Output!.Layout, mask), this,
            Input, input, Mask?.Output, statistics, Run(2), Run(4), Run(5), Output);

        PreparedArgument Run(int index) => statistics with { Run = index * forward.Stride };
    }
}

/// <summary>A layer of weights whose output channels a batch normalisation behind it scales: in inference its weights take the scale.</summary>
internal interface IFoldsNormalization
{
    /// <summary>What is folded; null where nothing is.</summary>
    BatchNormNode? Normalization { get; set; }

    /// <summary>Its output channels lie in blocks of 16, as the normalisation's do.</summary>
    bool CanFold { get; }
}

/// <summary>Weights and bias with a batch normalisation folded in, among the prepared weights of inference.</summary>
internal static class FoldedWeights
{
    /// <summary>Lists what makes them, and gives their place.</summary>
    /// <param name="weight">Packed in blocks of 16 outputs, outputs innermost.</param>
    public static long Prepare(PreparedWeights prepared, Node node, BatchNormNode normalization, ParameterInfo weight, ParameterInfo? bias)
    {
        int stride = normalization.Stride;
        long scale = prepared.Reserve(node, PreparedForm.Normalization, 2L * stride);
        long weights = prepared.Reserve(node, PreparedForm.Folded, Layout.RoundUp(weight.PackedLength));
        long biases = prepared.Reserve(node, PreparedForm.FoldedBias, stride);
        prepared.Add(node, normalization.PrepareScale(new PreparedArgument(scale)));
        prepared.Add(node, new RuntimeCall("BatchNormalization.Fold",
            KernelSelection.Parameter(weight), BatchNormNode.OrNull(bias), new PreparedArgument(scale), new NumberArgument(stride),
            new NumberArgument(weight.Dimensions.First(d => d.Block == Layout.Block).OuterStride) { IsLong = true },
            new PreparedArgument(weights), new PreparedArgument(biases)));
        return weights;
    }

    /// <summary>Lists what scales weights that have their outputs in the rows of their squares, and makes the bias.</summary>
    public static void PrepareRows(PreparedWeights prepared, Node node, BatchNormNode normalization, ParameterInfo weight, ParameterInfo? bias, int taps)
    {
        (long scale, long biases) = Reserve(prepared, node, normalization);
        long weights = prepared.Reserve(node, PreparedForm.Folded, weight.PackedLength);
        prepared.Add(node, new RuntimeCall("BatchNormalization.FoldRows",
            KernelSelection.Parameter(weight), BatchNormNode.OrNull(bias), new PreparedArgument(scale), new NumberArgument(normalization.Stride),
            new NumberArgument(taps),
            new NumberArgument(weight.PackedLength) { IsLong = true }, new PreparedArgument(weights), new PreparedArgument(biases)));
    }

    /// <summary>Lists what scales transposed copies of weights where they lie, and makes the bias.</summary>
    /// <param name="copies">Where each copy begins, and its floats from one block of 16 outputs to the next.</param>
    public static void PrepareInPlace(PreparedWeights prepared, Node node, BatchNormNode normalization, ParameterInfo? bias, IEnumerable<(long Offset, long BlockStride)> copies)
    {
        (long scale, long biases) = Reserve(prepared, node, normalization);
        foreach ((long offset, long blockStride) in copies)
        {
            prepared.Add(node, new RuntimeCall("BatchNormalization.Fold",
                new PreparedArgument(offset), BatchNormNode.OrNull(bias), new PreparedArgument(scale),
                new NumberArgument(normalization.Stride),
                new NumberArgument(blockStride) { IsLong = true }, new PreparedArgument(offset), new PreparedArgument(biases)));
        }
    }

    /// <summary>As <see cref="PrepareInPlace"/>, for the copies of many phases.</summary>
    /// <param name="offset">Where the first copy begins.</param>
    /// <param name="inputs">Rows of a tap's squares, all blocks together.</param>
    /// <param name="rows">The phases of the rows; likewise <paramref name="columns"/>.</param>
    public static void PreparePhases(PreparedWeights prepared, Node node, BatchNormNode normalization, ParameterInfo? bias, long offset, int inputs,
        PhasesArgument rows, PhasesArgument columns)
    {
        (long scale, long biases) = Reserve(prepared, node, normalization);
        prepared.Add(node, new RuntimeCall("BatchNormalization.FoldPhases",
            new PreparedArgument(offset), BatchNormNode.OrNull(bias), new PreparedArgument(scale), new NumberArgument(normalization.Stride),
            new NumberArgument(inputs),
            rows, columns, new PreparedArgument(biases)));
    }

    private static (long Scale, long Biases) Reserve(PreparedWeights prepared, Node node, BatchNormNode normalization)
    {
        long scale = prepared.Reserve(node, PreparedForm.Normalization, 2L * normalization.Stride);
        prepared.Add(node, normalization.PrepareScale(new PreparedArgument(scale)));
        return (scale, prepared.Reserve(node, PreparedForm.FoldedBias, normalization.Stride));
    }
}
