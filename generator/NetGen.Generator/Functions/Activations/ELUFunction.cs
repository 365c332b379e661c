using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>x above zero, α(eˣ − 1) below.</summary>
internal sealed class ELUFunction(ELUActivation activation) : ActivationFunction
{
    /// <summary>With a factor for each side: of x, and of eˣ − 1.</summary>
    public static ElementFunction Function { get; } = new("ELU", ["x", "above", "below"],
        "above · x above zero, below · (eˣ − 1) below.", null,
        (_, p) => Select(p[0] > Zero, p[1] * p[0], p[2] * Exponential.Expm1.Of(p[0])));

    public override ElementValue Apply(ElementValue x) => Function.Of(x, 1, activation.Alpha);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
    {
        ElementValue below = activation.NeedsInput ? activation.Alpha * Exponential.Exp.Of(saved) : saved + activation.Alpha;
        return gradient * Select(saved > Zero, 1, below);
    }
}
