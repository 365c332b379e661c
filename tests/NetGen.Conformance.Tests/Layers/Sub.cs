using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The difference.</summary>
internal sealed record Sub(IReadOnlyList<string> Values, double? Number) : Arithmetic(Values, Number), ILayer
{
    public static IReadOnlyList<string> Kinds => ["sub", "subc"];

    public static int Frequency => 3;

    protected override bool TakesSeveral => false;

    public static Layer Read(Word word, Shape input) => Read(word, (values, number) => new Sub(values, number));

    protected override Approximate Apply(Approximate x, Approximate y)
    {
        double z = x.Value - y.Value;
        return new(z, Estimate.Hypotenuse(Estimate.Hypotenuse(x.Error, y.Error), Estimate.Unit * Math.Abs(z)));
    }

    protected override (Approximate X, Approximate Y) Slopes(Approximate x, Approximate y) =>
        (Approximate.Exact(1), Approximate.Exact(-1));

    public static Gen<string>? Draw(Place place) => Draw(place, "sub", ["0.5", "-1.25"], ["{0}", "{0},."]);
}
