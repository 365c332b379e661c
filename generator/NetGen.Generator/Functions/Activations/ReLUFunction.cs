using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>max(x, 0).</summary>
internal sealed class ReLUFunction : ActivationFunction
{
    public override ElementValue Apply(ElementValue x) => Max(Zero, x);

    /// <summary>As in PyTorch, what is not known to be below passes: at NaN the gradient goes on.</summary>
    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => ZeroWhere(saved <= Zero, gradient);
}
