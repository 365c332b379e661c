using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.BatchNormLayer))]

namespace NetGen.Generator.Layers;

/// <summary>BatchNorm1d, of vectors and sequences, and BatchNorm2d.</summary>
internal sealed class BatchNormLayer() : UnaryLayer<BatchNormSpec>("NetGen.BatchNorm1dAttribute", "NetGen.BatchNorm2dAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool IsNormalisation => true;

    public override bool NormalisesChannels => true;

    public override bool LearnsStatistics => true;

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
            context.ReportFixable(DiagnosticDescriptors.WrongRank, null, new ProblemFix(FixProperties.LayerName, "BatchNorm2d"),
                context.DisplayName, "a vector or a sequence (channels, length)", context.Source, input.InWords, "use BatchNorm2d");
            isRightRank = false;
        }

        int features = input.IsUnknown || !isRightRank ? 0 : input.Dimensions[0];
        if (spec.Features is int expected
            && context.RequireAtLeastOne(expected, "numFeatures", "number of features") != 0
            && features != 0 && expected != features)
        {
            if (input.IsVector)
                context.Report(DiagnosticDescriptors.FeatureMismatch, "numFeatures", context.DisplayName,
                    MessageText.Count(expected, "input feature"), context.Source, MessageText.Number(features));
            else
                context.ReportChannels("numFeatures", expected, input);
        }
        // Written so that NaN fails too.
        if (!(spec.Eps > 0))
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "eps", context.TypeName, "eps", "above 0",
                MessageText.Fraction(spec.Eps));
        if (spec.Momentum is double momentum && !(momentum >= 0 && momentum <= 1))
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "momentum", context.TypeName, "momentum", "from 0 to 1",
                MessageText.Fraction(momentum));
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
        => $"{TypeName(spec)}({Invariant.Text(input.Dimensions[0])}{(spec.Eps == 1e-5 ? "" : $", eps {Text(spec.Eps)}")}"
            + $"{(spec.Momentum is null ? ", cumulative average" : spec.Momentum == 0.1 ? "" : $", momentum {Text(spec.Momentum.Value)}")}"
                + $"{(spec.Affine ? "" : ", not affine")})";

    protected override Value Lower(BatchNormSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new BatchNormOp(spec.Affine, spec.Eps, spec.Momentum, builder.Training), [input],
            "weight", "bias", "running_mean", "running_var", "num_batches_tracked");

    private static string Text(double value) => Invariant.Text(value);
}
