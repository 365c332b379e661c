using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>x above zero and slope · x below, with a slope that is learned.</summary>
internal static class PReLUFunction
{
    public static ElementValue Apply(ElementValue x, ElementValue slope) => Select(x > Zero, x, x * slope);

    /// <summary>gradient · f′.</summary>
    public static ElementValue Derivative(ElementValue gradient, ElementValue x, ElementValue slope)
        => Select(x > Zero, gradient, gradient * slope);

    /// <summary>What the element adds to the gradient of the slope.</summary>
    public static ElementValue SlopeDerivative(ElementValue gradient, ElementValue x) => Select(x > Zero, Zero, x * gradient);
}
