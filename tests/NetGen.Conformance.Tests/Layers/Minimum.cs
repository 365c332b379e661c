using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The smaller of two numbers.</summary>
internal sealed record Minimum(IReadOnlyList<string> Values, double? Number) : Extremum(false, Values, Number), ILayer
{
    public static IReadOnlyList<string> Kinds => ["minimum", "minimumc"];

    public static int Frequency => 3;

    public static Layer Read(Word word, Shape input) => Read(word, (values, number) => new Minimum(values, number));

    public static Gen<string>? Draw(Place place) => Draw(place, "minimum", ["0.25", "6"], Orders);
}
