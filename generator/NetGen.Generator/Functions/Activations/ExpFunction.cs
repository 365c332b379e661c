namespace NetGen.Generator.Functions.Activations;

/// <summary>eˣ, its own derivative.</summary>
internal sealed class ExpFunction : ActivationFunction
{
    public override ElementValue Apply(ElementValue x) => Exponential.Whole.Of(x);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved) => gradient * saved;
}
