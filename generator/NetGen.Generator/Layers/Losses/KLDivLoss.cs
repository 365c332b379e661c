using NetGen.Generator.Diagnostics;
using NetGen.Generator.Functions;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.KLDivLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>KLDivLoss</c>: t (log t − x) for log-probabilities x; where t is 0, its first part is 0.</summary>
internal sealed class KLDivLoss() : ElementwiseLoss<KLDivLossSpec>("KLDivLoss")
{
    protected override string Meaning => "the probabilities of the wanted distribution, or their logarithms where LogTarget says so";

    public override LossSpec Read(LayerArguments arguments) => new KLDivLossSpec(
        arguments.Choice("Reduction", "mean", "sum", "batchmean") switch
        {
            "sum" => LossReduction.Sum,
            "batchmean" => LossReduction.BatchMean,
            _ => LossReduction.Mean,
        },
        arguments.Bool("LogTarget", fallback: false));

    public override LossAdvice? Advise(OutputKind given, string producer) => given == OutputKind.Anything ? null : new(
        DiagnosticDescriptors.NoLogProbabilities, IsAtProducer: false, TypeName, producer, "put LogSoftmax in front of it")
    {
        Insert = given == OutputKind.Scores ? "LogSoftmax" : null,
    };

    protected override IEnumerable<string> Options(KLDivLossSpec spec) => spec.LogTarget ? ["log target"] : [];

    protected override ElementLoss Element(KLDivLossSpec spec) => spec.LogTarget
        ? new("eᵗ (t − x)", "−eᵗ", (code, x, t) =>
        {
            code.Comment("eᵗ for targets of either sign.");
            ElementValue root = code.Let("root", Exponential.Exp.Of(0.5f * t)), p = code.And("p", root * root);
            return (code.Let("loss", p * (t - x)), code.And("slope", -p));
        })
        : new("t (log t − x), t log t being 0 at 0", "−t", (code, x, t) =>
        {
            ElementValue own = code.Let("own", Select(Equal(t, Zero), Zero, t * NaturalLogarithm.Log.Of(t)));
            return (code.Let("loss", own - t * x), code.And("slope", -t));
        });
}
