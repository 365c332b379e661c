using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The quotient. Networks have divisors that are away from zero: next to it nothing can be compared.</summary>
internal sealed record Div(IReadOnlyList<string> Values, double? Number) : Arithmetic(Values, Number), ILayer
{
    /// <summary>The error of what may be anything; finite, so that none of it is none.</summary>
    private const double Anything = 1e30;

    public static IReadOnlyList<string> Kinds => ["div", "divc"];

    public static int Frequency => 3;

    protected override bool TakesSeveral => false;

    public static Layer Read(Word word, Shape input) => Read(word, (values, number) => new Div(values, number));

    protected override Approximate Apply(Approximate x, Approximate y)
    {
        double z = x.Value / y.Value, smallest = Math.Abs(y.Value) - y.Room;
        if (smallest <= 0)
            return new(z, Anything);
        // The steepest secant that the divisor's error may meet.
        double propagated = Estimate.Hypotenuse(x.Error / smallest, z * y.Error / smallest);
        return new(z, Estimate.Hypotenuse(propagated, Estimate.Unit * Math.Abs(z)));
    }

    protected override (Approximate X, Approximate Y) Slopes(Approximate x, Approximate y)
    {
        double one = 1 / y.Value, other = -x.Value / (y.Value * y.Value), smallest = Math.Abs(y.Value) - y.Room;
        if (smallest <= 0)
            return (new(one, Anything), new(other, Anything));
        double relative = y.Error / smallest;
        double otherError = Estimate.Hypotenuse(x.Error / (smallest * smallest), 2 * Math.Abs(x.Value) * relative / (smallest * smallest));
        return (new(one, Math.Abs(one) * (relative + Estimate.Unit)), new(other, otherError + 2 * Estimate.Unit * Math.Abs(other)));
    }

    /// <summary>Samples that are none have zeros to divide, the divisor repeated or not.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in@a:1x8x8 in@b:1x8x8 user@d:away from:a div:d conv:6,k3 flatten linear:3 ce",
        "in@a:3x8x8 in@b:3x1x1 user@d:away from:a div:d conv:6,k3,p1 flatten linear:3 ce",
    ];

    public static Gen<string>? Draw(Place place) => Draw(place, "div", ["4", "-0.3"], ["{0},."], "sigmoid addc:0.5 ");
}
