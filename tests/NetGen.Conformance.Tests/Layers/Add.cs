using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The sum. A <see cref="Residual"/> ends with one.</summary>
internal sealed record Add(IReadOnlyList<string> Values, double? Number) : Arithmetic(Values, Number), ILayer
{
    public static IReadOnlyList<string> Kinds => ["add", "addc"];

    public static int Frequency => 4;

    public static Layer Read(Word word, Shape input) => Read(word, (values, number) => new Add(values, number));

    protected override Approximate Apply(Approximate x, Approximate y)
    {
        double z = x.Value + y.Value;
        return new(z, Estimate.Hypotenuse(Estimate.Hypotenuse(x.Error, y.Error), Estimate.Unit * Math.Abs(z)));
    }

    protected override (Approximate X, Approximate Y) Slopes(Approximate x, Approximate y) => (Approximate.Exact(1), Approximate.Exact(1));

    public static Gen<string>? Draw(Place place) => Draw(place, "add", ["0.5", "-1.25"], Orders);
}
