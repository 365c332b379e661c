using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The larger of two numbers.</summary>
internal sealed record Maximum(IReadOnlyList<string> Values, double? Number) : Extremum(true, Values, Number), ILayer
{
    public static IReadOnlyList<string> Kinds => ["maximum", "maximumc"];

    public static int Frequency => 3;

    public static Layer Read(Word word, Shape input) => Read(word, (values, number) => new Maximum(values, number));

    public static Gen<string>? Draw(Place place) => Draw(place, "maximum", ["0", "-0.25"], Orders);
}
