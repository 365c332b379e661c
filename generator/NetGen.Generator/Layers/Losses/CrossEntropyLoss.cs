using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.CrossEntropyLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// PyTorch's <c>CrossEntropyLoss</c>: log-softmax over the classes, and the negative log-likelihood of a label, or of a distribution over
/// the classes; the type of the target decides.
/// </summary>
internal sealed class CrossEntropyLoss() : TargetLoss<CrossEntropyLossSpec>("CrossEntropyLoss")
{
    public const string LabelsDriver = "Loss", ProbabilitiesDriver = "LossOfProbabilities";

    public override LossSpec Read(LayerArguments arguments) => new CrossEntropyLossSpec(
        ReadReduction(arguments), arguments.Numbers("Weight"),
        arguments.OptionalInt("IgnoreIndex") ?? CrossEntropyLossSpec.DefaultIgnoreIndex, arguments.Double("LabelSmoothing", 0))
    {
        Dim = arguments.OptionalInt("Dim") ?? 1,
    };

    public override LossAdvice? Advise(OutputKind given, string producer)
        => given == OutputKind.Probabilities ? new(DiagnosticDescriptors.NormalisedBeforeCrossEntropy, IsAtProducer: true, producer)
            : given == OutputKind.Rectified ? new(DiagnosticDescriptors.RectifiedScores, IsAtProducer: true, producer, TypeName) : null;

    public override bool TakesLengths => true;

    protected override void Check(CrossEntropyLossSpec spec, LossContext context)
    {
        ClassTargets.CheckOutput(spec.Dim, context);
        context.RequireClassWeights("Weight", spec.Weight);
        context.Require(spec.LabelSmoothing >= 0 && spec.LabelSmoothing <= 1, "LabelSmoothing", "lie between 0 and 1", spec.LabelSmoothing);
    }

    protected override IEnumerable<string> Options(CrossEntropyLossSpec spec)
    {
        foreach (string option in ClassTargets.Options(spec.Dim, spec.Weight, spec.IgnoreIndex))
            yield return option;
        if (spec.LabelSmoothing > 0)
            yield return $"label smoothing {Number(spec.LabelSmoothing)}";
    }

    protected override IReadOnlyList<LossTarget> Targets(CrossEntropyLossSpec spec, TensorShape output)
    {
        LossTarget labels = ClassTargets.Labels(
            LabelsDriver, spec.Reduction, spec.Dim, spec.Weight, spec.IgnoreIndex, output);
        if (!TakesProbabilities(spec) || ClassTargets.AreOfPositions(spec.Dim, output))
            return [labels];
        LossDivisor divisor = spec.Reduction == LossReduction.Sum ? LossDivisor.One : LossDivisor.Samples;
        return [labels, LossTarget.Values(ProbabilitiesDriver, output, "the probabilities of the classes", divisor)];
    }

    /// <summary>As in PyTorch there is no label to ignore among probabilities.</summary>
    public static bool TakesProbabilities(CrossEntropyLossSpec spec) => spec.IgnoreIndex < 0;

    protected override LossOp CreateOp(CrossEntropyLossSpec spec, TensorShape output) 
        => new CrossEntropyLossOp(spec, ClassTargets.AreOfPositions(spec.Dim, output));
}
