using NetGen.Generator.Diagnostics;
using NetGen.Generator.Functions;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.BCELoss))]
[assembly: Kind(typeof(NetGen.Generator.Layers.Losses.BCEWithLogitsLoss))]

namespace NetGen.Generator.Layers.Losses;

/// <summary>PyTorch's <c>BCELoss</c>: −(t log x + (1 − t) log(1 − x)) for probabilities x, the logarithms not below −100.</summary>
internal sealed class BCELoss() : ElementwiseLoss<BCELossSpec>("BCELoss")
{
    protected override string Meaning => "the probabilities that the output should have";

    public override LossSpec Read(LayerArguments arguments) => new BCELossSpec(ReadReduction(arguments), arguments.Numbers("Weight"));

    public override LossAdvice? Advise(OutputKind given, string producer)
        => given is OutputKind.Scores or OutputKind.Rectified ? new(DiagnosticDescriptors.NoProbabilities, IsAtProducer: false, producer)
        {
            Insert = "Sigmoid",
        } : null;

    protected override void Check(BCELossSpec spec, LossContext context) => context.RequireFactors("Weight", spec.Weight);

    protected override IEnumerable<string> Options(BCELossSpec spec) => spec.Weight.Count == 0 ? [] : ["weights"];

    protected override ElementLoss Element(BCELossSpec spec)
    {
        string weight = spec.Weight.Count == 0 ? "" : "weight · ";
        var factor = new ElementFactor("weight", spec.Weight);
        return new ElementLoss($"{weight}−(t log x + (1 − t) log(1 − x))", $"{weight}(x − t) / max(x (1 − x), 10⁻¹²)", (code, x, t) =>
        {
            ElementValue tiny = Decimal("1e-12"), least = -100;
            ElementValue other = code.Let("other", 1 - x);
            code.Comment("log(1 − x) from the rounded 1 − x, and what rounding took from it.");
            ElementValue logarithm = code.Let("logarithm", Max(least, NaturalLogarithm.Log.Of(x)));
            ElementValue rounding = (Group(other - 1) + x) / Max(tiny, other);
            ElementValue otherLogarithm = code.And("otherLogarithm", NaturalLogarithm.Log.Of(other) - rounding);
            code.Set(otherLogarithm, Max(least, otherLogarithm));
            ElementValue loss = code.Let("loss", Weighted(-(t * logarithm + (1 - t) * otherLogarithm)));
            return (loss, code.Let("slope", Weighted((x - t) / Max(tiny, x * other))));
        })
        {
            Factors = FactorsOf(factor),
            Requirement = "BCELoss is defined for outputs from 0 to 1: put Sigmoid last, or take BCEWithLogitsLoss.",
            Refused = ~(ElementLoss.Output >= Zero & ElementLoss.Output <= 1),
        };

        ElementValue Weighted(ElementValue value) => spec.Weight.Count == 0 ? value : value * factor.Element;
    }
}

/// <summary>PyTorch's <c>BCEWithLogitsLoss</c>: the same for logits, in a form that cannot overflow.</summary>
internal sealed class BCEWithLogitsLoss() : ElementwiseLoss<BCEWithLogitsLossSpec>("BCEWithLogitsLoss")
{
    protected override string Meaning => "the probabilities that the sigmoid of the output should have";

    public override LossSpec Read(LayerArguments arguments)
        => new BCEWithLogitsLossSpec(ReadReduction(arguments), arguments.Numbers("Weight"), arguments.Numbers("PosWeight"));

    public override LossAdvice? Advise(OutputKind given, string producer)
        => given == OutputKind.Probabilities ? new(DiagnosticDescriptors.SigmoidBeforeLogits, IsAtProducer: true, producer)
            : given == OutputKind.Rectified ? new(DiagnosticDescriptors.RectifiedScores, IsAtProducer: true, producer, TypeName) : null;

    protected override void Check(BCEWithLogitsLossSpec spec, LossContext context)
    {
        context.RequireFactors("Weight", spec.Weight);
        context.RequireFactors("PosWeight", spec.PosWeight);
    }

    protected override IEnumerable<string> Options(BCEWithLogitsLossSpec spec)
        => (spec.Weight.Count == 0 ? Array.Empty<string>() : ["weights"]).Concat(spec.PosWeight.Count == 0 ? [] : ["positive weights"]);

    protected override ElementLoss Element(BCEWithLogitsLossSpec spec)
    {
        bool weighted = spec.Weight.Count > 0, counted = spec.PosWeight.Count > 0;
        ElementFactor weight = new("weight", spec.Weight), positive = new("positive", spec.PosWeight);
        string prefix = weighted ? "weight · " : "", term = counted ? "(1 + (positive − 1) t)" : "1";
        string formula = counted ? $"{prefix}((1 − t) x + {term} log(1 + e⁻ˣ))" : $"{prefix}((1 − t) x + log(1 + e⁻ˣ))";
        string slope = counted ? $"{prefix}({term} σ(x) − positive · t)" : $"{prefix}(σ(x) − t)";
        return new ElementLoss(formula, slope, (code, x, t) =>
        {
            ElementValue e = code.Let("e", Exponential.Exp.Of(-Abs(x))), inverse = code.And("inverse", 1 / (1 + e));
            code.Comment("log(1 + e⁻ˣ) = max(−x, 0) + log(1 + e^−|x|).");
            ElementValue soft = code.Let("soft", Max(Zero, -x) + NaturalLogarithm.Log1p.Of(e));
            ElementValue sigmoid = code.Let("sigmoid", Select(x < Zero, e * inverse, inverse));
            if (!counted)
                return (code.Let("loss", Weighted((1 - t) * x + soft)), code.Let("slope", Weighted(sigmoid - t)));
            ElementValue share = code.Let("share", 1 + (positive.Element - 1) * t);
            ElementValue loss = code.Let("loss", Weighted((1 - t) * x + share * soft));
            return (loss, code.Let("slope", Weighted(share * sigmoid - positive.Element * t)));
        })
        {
            Factors = FactorsOf(weight, positive),
        };

        ElementValue Weighted(ElementValue value) => weighted ? Group(value) * weight.Element : Group(value);
    }
}
