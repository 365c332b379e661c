using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>ln(1 + e^(βx)) / β, and x itself where βx exceeds the threshold.</summary>
internal sealed class SoftplusFunction(SoftplusActivation activation) : ActivationFunction
{
    private static readonly ElementFunction s_function = new("Softplus", ["x", "beta", "inverse", "threshold"],
        "ln(1 + e^(βx)) / β as (max(βx, 0) + ln(1 + e^−|βx|)) / β, which cannot overflow; x itself where βx exceeds the threshold.", null,
        (code, parameters) =>
        {
            ElementValue x = parameters[0], beta = parameters[1], inverse = parameters[2], threshold = parameters[3];
            ElementValue scaled = code.Let("scaled", beta * x);
            ElementValue logarithm = NaturalLogarithm.Log1p.Of(Exponential.Exp.Of(-Abs(scaled)));
            ElementValue soft = code.Let("soft", (Max(Zero, scaled) + logarithm) * inverse);
            return Select(scaled > threshold, x, soft);
        });

    public override ElementValue Apply(ElementValue x) => s_function.Of(x, activation.Beta, 1 / activation.Beta, activation.Threshold);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
    {
        ElementValue scaled = activation.Beta == 1 ? saved : Group(saved * activation.Beta);
        return gradient * Select(scaled > activation.Threshold, 1, SigmoidFunction.Function.Of(scaled));
    }
}
