using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// The larger or the smaller of two numbers; NaN where one is. As in PyTorch the gradient goes to that one, half of it to each of equal
/// ones, and all of it to both where they cannot be compared.
/// </summary>
/// <param name="IsMaximum">The larger.</param>
internal abstract record Extremum(bool IsMaximum, IReadOnlyList<string> Values, double? Number) : Arithmetic(Values, Number)
{
    protected sealed override Approximate Apply(Approximate x, Approximate y)
    {
        double z = IsMaximum ? Math.Max(x.Value, y.Value) : Math.Min(x.Value, y.Value);
        return new(z, Approximate.IsOpen(x, y) ? Math.Max(x.Error, y.Error) : z == x.Value ? x.Error : y.Error);
    }

    protected sealed override (Approximate X, Approximate Y) Slopes(Approximate x, Approximate y)
    {
        double sign = IsMaximum ? 1 : -1;
        double one = Slope(sign * x.Value, sign * y.Value), other = Slope(sign * y.Value, sign * x.Value);
        bool isOpen = Approximate.IsOpen(x, y);
        return (new(one, isOpen ? 1 : 0), new(other, isOpen ? 1 : 0));
    }

    private static double Slope(double own, double other) => own == other ? 0.5 : own < other ? 0 : 1;
}
