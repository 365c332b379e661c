using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The product.</summary>
internal sealed record Mul(IReadOnlyList<string> Values, double? Number) : Arithmetic(Values, Number), ILayer
{
    public static IReadOnlyList<string> Kinds => ["mul", "mulc"];

    public static int Frequency => 4;

    public static Layer Read(Word word, Shape input) => Read(word, (values, number) => new Mul(values, number));

    protected override Approximate Apply(Approximate x, Approximate y)
    {
        double z = x.Value * y.Value, propagated = Estimate.Hypotenuse(x.Value * y.Error, x.Error * y.Value);
        // Where both are next to zero, the product of their errors is what counts.
        return new(z, Estimate.Hypotenuse(propagated, Estimate.Unit * Math.Abs(z)) + x.Room * y.Error);
    }

    protected override (Approximate X, Approximate Y) Slopes(Approximate x, Approximate y) => (y, x);

    public static Gen<string>? Draw(Place place) => Draw(place, "mul", ["2", "-0.75"], Orders);
}
