using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.NLLLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>NLLLoss</c>: −output[label], for outputs that are log-probabilities.</summary>
internal sealed class NLLLoss() : TargetLoss<NLLLossSpec>("NLLLoss")
{
    public override LossSpec Read(LayerArguments arguments) => new NLLLossSpec(
        ReadReduction(arguments), arguments.Numbers("Weight"),
        arguments.OptionalInt("IgnoreIndex") ?? CrossEntropyLossSpec.DefaultIgnoreIndex)
    {
        Dim = arguments.OptionalInt("Dim") ?? 1,
    };

    public override LossAdvice? Advise(OutputKind given, string producer) => given == OutputKind.Anything ? null : new(
        DiagnosticDescriptors.NoLogProbabilities, IsAtProducer: false, TypeName, producer,
        "put LogSoftmax in front of it, or take CrossEntropyLoss, which applies it itself")
    {
        Insert = given == OutputKind.Scores ? "LogSoftmax" : null,
    };

    public override bool TakesLengths => true;

    protected override void Check(NLLLossSpec spec, LossContext context)
    {
        ClassTargets.CheckOutput(spec.Dim, context);
        context.RequireClassWeights("Weight", spec.Weight);
    }

    protected override IEnumerable<string> Options(NLLLossSpec spec) => ClassTargets.Options(spec.Dim, spec.Weight, spec.IgnoreIndex);

    protected override IReadOnlyList<LossTarget> Targets(NLLLossSpec spec, TensorShape output)
        => [ClassTargets.Labels(
            "Loss", spec.Reduction, spec.Dim, spec.Weight, spec.IgnoreIndex, output)];

    protected override LossOp CreateOp(NLLLossSpec spec, TensorShape output) 
        => new NLLLossOp(spec, ClassTargets.AreOfPositions(spec.Dim, output));
}
