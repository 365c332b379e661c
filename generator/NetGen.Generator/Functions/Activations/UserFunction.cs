using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>What the user's code computes.</summary>
internal sealed class UserFunction(UserActivation activation) : ActivationFunction
{
    /// <summary>Elements that stand for nothing may have an infinite slope.</summary>
    private static readonly ElementFunction s_chainRule = new("ChainRule", ["gradient", "slope"],
        "gradient · slope; where the gradient is zero, zero, whatever the slope.", null,
        (_, p) => ZeroWhere(Equal(p[0], Zero), p[0] * p[1]));

    public override ElementValue Apply(ElementValue x) => new(new ElementTerm.UserCall(activation.Function, IsDerivative: false, x.Term));

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => s_chainRule.Of(gradient, new ElementValue(new ElementTerm.UserCall(activation.Function, IsDerivative: true, saved.Term)));
}
