using static NetGen.Generator.Functions.ElementValue;

namespace NetGen.Generator.Functions;

/// <summary>scale · s · x + (dropped · s + shift), with the factors s that dropout drew.</summary>
internal static class AlphaDropoutFunction
{
    public static ElementValue Apply(ElementValue x, ElementValue s, float scale, float dropped, float shift)
        => MultiplyAdd(s * scale, x, MultiplyAdd(s, dropped, shift));

    public static ElementValue Derivative(ElementValue gradient, ElementValue s, float scale) => gradient * Group(s * scale);
}
