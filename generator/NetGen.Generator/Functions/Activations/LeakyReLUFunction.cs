using NetGen.Generator.Specs;
using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions.Activations;

/// <summary>x above zero, slope · x below.</summary>
internal sealed class LeakyReLUFunction(LeakyReLUActivation activation) : ActivationFunction
{
    private static readonly ElementFunction s_function = new("LeakyReLU", ["x", "slope"],
        "x above zero, slope · x below.", null, (_, p) => Select(p[0] > Zero, p[0], p[0] * p[1]));

    public override ElementValue Apply(ElementValue x) => s_function.Of(x, activation.NegativeSlope);

    public override ElementValue Derivative(ElementValue gradient, ElementValue saved)
        => gradient * Select(saved > Zero, 1, activation.NegativeSlope);
}
