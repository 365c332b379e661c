using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>What the user's code computes.</summary>
internal sealed class UserFunction(UserActivation activation) : ActivationFunction
{
    public override ElementValue Apply(ElementValue x) => new(new ElementTerm.UserCall(activation.Function, IsDerivative: false, x.Term));

    /// <summary>
    /// Where the gradient is zero, zero, whatever the derivative: elements that stand for nothing may have an infinite one.
    /// </summary>
    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
    {
        var slope = new ElementValue(new ElementTerm.UserCall(activation.Function, IsDerivative: true, saved.Term));
        return ZeroWhere(Equal(gradient, Zero), gradient * slope);
    }
}
