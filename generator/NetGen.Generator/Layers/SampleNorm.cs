using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.LayerNormLayer))]
[assembly: Kind(typeof(NetGen.Generator.Layers.GroupNormLayer))]
[assembly: Kind(typeof(NetGen.Generator.Layers.InstanceNormLayer))]

namespace NetGen.Generator.Layers;

/// <summary>What the layers that normalise each sample by itself share.</summary>
/// <typeparam name="TSpec">Their spec.</typeparam>
internal abstract class SampleNormLayer<TSpec>(params string[] attributeNames) : UnaryLayer<TSpec>(attributeNames)
    where TSpec : LayerSpec
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool IsNormalisation => true;

    /// <summary>Which elements share statistics and weights, for a checked layer.</summary>
    protected abstract NormSets Sets(TSpec spec, TensorShape input);

    /// <summary>Shape of weight and bias.</summary>
    protected abstract int[] AffineShape(TSpec spec, TensorShape input);

    protected override BigInteger CountParameters(TSpec spec, TensorShape input)
    {
        if (!HasParameters(spec) || !input.IsComplete)
            return BigInteger.Zero;
        return AffineShape(spec, input).Aggregate(BigInteger.One, (product, d) => product * d) * TensorNames(spec).Count;
    }

    protected override IReadOnlyList<LayerParameter> Parameters(TSpec spec, TensorShape input)
    {
        if (!HasParameters(spec))
            return [];
        int[] shape = AffineShape(spec, input);
        var weight = new LayerParameter("weight", shape, ParameterRole.Weight, 1, 1) { InitialValue = 1 };
        return TensorNames(spec).Count == 1
            ? [weight] : [weight, new LayerParameter("bias", shape, ParameterRole.Bias, 1, 1) { InitialValue = 0 }];
    }

    protected override Value Lower(TSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        Value output = builder.Add(layer, new SampleNormOp(Sets(spec, layer.Input)), [input], "weight", "bias");
        builder.AddPort(output, layer, "Statistics", layer.Input);
        return output;
    }

    /// <summary>Reports NG1001 or NG1002 if the channels are not the expected ones.</summary>
    protected static void CheckChannels(int? expected, string argument, TensorShape input, LayerContext context)
    {
        if (expected is not int count || context.RequireAtLeastOne(count, argument, "number of channels") == 0 || input.IsUnknown
            || input.Dimensions[0] == 0 || input.Dimensions[0] == count)
            return;
        if (input.IsVector)
            context.Report(DiagnosticDescriptors.FeatureMismatch, argument, context.DisplayName, MessageText.Count(count, "input feature"),
                context.Source, MessageText.Number(input.Features));
        else
            context.ReportChannels(argument, count, input);
    }
}

/// <summary>LayerNorm and RMSNorm: over the trailing dimensions of a sample.</summary>
internal sealed class LayerNormLayer() : SampleNormLayer<LayerNormSpec>("NetGen.LayerNormAttribute", "NetGen.RMSNormAttribute")
{
    private const float LayerNormEps = 1e-5f;

    /// <summary>The distance from 1 to the next float, PyTorch's eps of RMSNorm where none is given.</summary>
    private const float RmsNormEps = 1.1920929e-7f;

    public override bool HasParameters(LayerSpec spec) => ((LayerNormSpec)spec).Affine;

    /// <summary>Over the features of each position.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => ((LayerNormSpec)spec).NormalizedShape is { Count: 1 };

    public override IReadOnlyList<string> TensorNames(LayerSpec spec)
        => spec is LayerNormSpec { Affine: true } norm ? norm.Bias ? ["Weight", "Bias"] : ["Weight"] : [];

    protected override string TypeName(LayerNormSpec spec) => spec.IsRms ? "RMSNorm" : "LayerNorm";

    public override LayerSpec Read(LayerArguments arguments, string name)
    {
        bool isRms = arguments.TypeName == "RMSNorm";
        return new LayerNormSpec(
            name,
            isRms,
            arguments.OptionalInts("normalizedShape"),
            (float)arguments.Double("eps", isRms ? RmsNormEps : LayerNormEps),
            arguments.Bool("elementwiseAffine", true),
            !isRms && arguments.Bool("bias", true));
    }

    protected override TensorShape Infer(LayerNormSpec spec, TensorShape input, LayerContext context)
    {
        Epsilon.Check(spec.Eps, context);
        if (spec.NormalizedShape is not { } expected || input.IsUnknown)
            return input;
        int[] trailing = input.Dimensions.Skip(Math.Max(0, input.Rank - expected.Count)).ToArray();
        if (expected.Count == 0 || trailing.Length != expected.Count || trailing.Where((d, i) => d != 0 && d != expected[i]).Any())
        {
            context.Report(DiagnosticDescriptors.NormalizedShapeMismatch, "normalizedShape", context.DisplayName, Text(expected),
                context.Source, input.InWords,
                expected.Count == 0 ? "at least one dimension is needed"
                    : trailing.Length != expected.Count ? $"that has only {MessageText.Count(input.Rank, "dimension")}"
                        : $"whose last {MessageText.Count(expected.Count, "dimension")} {(expected.Count == 1 ? "is" : "are")} "
                        + $"{Text(trailing)}");
        }
        return input;
    }

    protected override string Title(LayerNormSpec spec, TensorShape input)
        => $"{TypeName(spec)}({Text(AffineShape(spec, input))}{Epsilon.Option(spec.Eps, spec.IsRms ? RmsNormEps : LayerNormEps)}"
            + $"{(!spec.Affine ? ", not affine" : spec.Bias || spec.IsRms ? "" : ", no bias")})";

    protected override int[] AffineShape(LayerNormSpec spec, TensorShape input)
        => spec.NormalizedShape is { } shape ? [.. shape] : [.. input.Dimensions];

    protected override NormSets Sets(LayerNormSpec spec, TensorShape input)
    {
        int dimensions = AffineShape(spec, input).Length;
        bool whole = dimensions == input.Rank, perRow = !whole && input.Rank - dimensions == 2;
        NormAffine affine = !spec.Affine ? NormAffine.None
            : input.IsVector ? NormAffine.Channel
            : whole ? NormAffine.Element
            : perRow ? NormAffine.Row : NormAffine.Plane;
        return new NormSets(input, whole ? 1 : input.Channels, perRow, Centred: !spec.IsRms, affine, HasBias: spec.Affine && spec.Bias,
            spec.Eps);
    }

    private static string Text(IEnumerable<int> dimensions)
    {
        List<string> texts = dimensions.Select(d => d == 0 ? "?" : MessageText.Number(d)).ToList();
        return texts.Count == 1 ? texts[0] : $"({string.Join(", ", texts)})";
    }
}

/// <summary>GroupNorm: over neighbouring channels and their pixels.</summary>
internal sealed class GroupNormLayer() : SampleNormLayer<GroupNormSpec>("NetGen.GroupNormAttribute")
{
    public override bool HasParameters(LayerSpec spec) => ((GroupNormSpec)spec).Affine;

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((GroupNormSpec)spec).Affine ? ["Weight", "Bias"] : [];

    protected override string TypeName(GroupNormSpec spec) => "GroupNorm";

    public override LayerSpec Read(LayerArguments arguments, string name) => new GroupNormSpec(
        name,
        arguments.Int("numGroups"),
        arguments.OptionalInt("numChannels"),
        (float)arguments.Double("eps", 1e-5),
        arguments.Bool("affine", true));

    protected override TensorShape Infer(GroupNormSpec spec, TensorShape input, LayerContext context)
    {
        Epsilon.Check(spec.Eps, context);
        CheckChannels(spec.Channels, "numChannels", input, context);
        int groups = context.RequireAtLeastOne(spec.Groups, "numGroups", "number of groups");
        if (groups != 0 && !input.IsUnknown && input.Dimensions[0] is > 0 and int channels && channels % groups != 0)
        {
            context.Report(DiagnosticDescriptors.NormGroupsDoNotDivide, "numGroups", context.DisplayName,
                MessageText.Count(groups, "group"), MessageText.Count(channels, input.IsVector ? "feature" : "channel"), context.Source,
                $"{MessageText.Number(channels)} = {MessageText.Number(groups)} × {MessageText.Number(channels / groups)} + "
                    + $"{MessageText.Number(channels % groups)}");
        }
        return input;
    }

    protected override string Title(GroupNormSpec spec, TensorShape input)
        => $"GroupNorm({Invariant.Text(spec.Groups)}, {Invariant.Text(input.Dimensions[0])}{Epsilon.Option(spec.Eps, 1e-5f)}"
            + $"{(spec.Affine ? "" : ", not affine")})";

    protected override int[] AffineShape(GroupNormSpec spec, TensorShape input) => [input.Dimensions[0]];

    protected override NormSets Sets(GroupNormSpec spec, TensorShape input)
        => new(input, spec.Groups, PerRow: false, Centred: true, spec.Affine ? NormAffine.Channel : NormAffine.None, spec.Affine, spec.Eps);
}

/// <summary>InstanceNorm: over the pixels of each channel, by the statistics of the sample in training and evaluation alike.</summary>
internal sealed class InstanceNormLayer()
    : SampleNormLayer<InstanceNormSpec>("NetGen.InstanceNorm1dAttribute", "NetGen.InstanceNorm2dAttribute")
{
    public override bool NormalisesChannels => true;

    public override bool HasParameters(LayerSpec spec) => ((InstanceNormSpec)spec).Affine;

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((InstanceNormSpec)spec).Affine ? ["Weight", "Bias"] : [];

    protected override string TypeName(InstanceNormSpec spec) => spec.Dimensions == 1 ? "InstanceNorm1d" : "InstanceNorm2d";

    public override LayerSpec Read(LayerArguments arguments, string name) => new InstanceNormSpec(
        name,
        arguments.TypeName == "InstanceNorm1d" ? 1 : 2,
        arguments.OptionalInt("numFeatures"),
        (float)arguments.Double("eps", 1e-5),
        arguments.Bool("affine", false),
        arguments.Bool("trackRunningStats", false));

    protected override TensorShape Infer(InstanceNormSpec spec, TensorShape input, LayerContext context)
    {
        Epsilon.Check(spec.Eps, context);
        if (spec.TracksStatistics)
            context.Report(DiagnosticDescriptors.InstanceStatisticsNotTracked, "trackRunningStats", context.DisplayName);
        // Behind a wrong rank the shape is still that of the input, for the layer keeps it.
        TensorShape map = spec.Dimensions == 1 ? context.RequireSequence(input) : context.RequireFeatureMap(input);
        if (map != input)
            return input;
        CheckChannels(spec.Features, "numFeatures", input, context);
        if (input.IsComplete && input.Height * (long)input.Width == 1)
            context.Report(DiagnosticDescriptors.OneValueToNormalise, null, context.DisplayName, context.Source, input.InWords);
        return input;
    }

    protected override string Title(InstanceNormSpec spec, TensorShape input)
        => $"{TypeName(spec)}({Invariant.Text(input.Channels)}{Epsilon.Option(spec.Eps, 1e-5f)}{(spec.Affine ? ", affine" : "")})";

    protected override int[] AffineShape(InstanceNormSpec spec, TensorShape input) => [input.Channels];

    protected override NormSets Sets(InstanceNormSpec spec, TensorShape input)
        => new(input, input.Channels, PerRow: false, Centred: true, spec.Affine ? NormAffine.Channel : NormAffine.None, spec.Affine,
            spec.Eps);
}
