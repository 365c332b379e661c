using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>min(max(x, lowest), highest).</summary>
internal sealed class HardtanhFunction(HardtanhActivation activation) : ActivationFunction
{
    public override ElementValue Apply(ElementValue x) => Min(activation.Highest, Max(activation.Lowest, x));

    /// <summary>As in PyTorch, zero at the bounds themselves; at NaN the gradient goes on.</summary>
    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => ZeroWhere(saved <= activation.Lowest, ZeroWhere(saved >= activation.Highest, gradient));
}
