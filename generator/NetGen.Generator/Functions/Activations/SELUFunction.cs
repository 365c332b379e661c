using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>λx above zero, λα(eˣ − 1) below.</summary>
internal sealed class SELUFunction : ActivationFunction
{
    private const float Above = (float)SELUActivation.Lambda, Below = (float)(SELUActivation.Lambda * SELUActivation.Alpha);

    public override ElementValue Apply(ElementValue x) => ELUFunction.Function.Of(x, Above, Below);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => gradient * Select(saved > Zero, Above, saved + Below);
}
