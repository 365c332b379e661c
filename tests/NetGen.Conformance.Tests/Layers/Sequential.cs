using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A block under a name of its own.</summary>
internal sealed record Sequential : BlockLayer, ILayer
{
    public static IReadOnlyList<string> Kinds => ["seq["];

    public static int Frequency => 3;

    public override string Stem => "sequential";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Sequential();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "Sequential";

    public static Gen<string>? Draw(Place place) => place.Depth >= 2 ? null :
        from length in Gen.Choose(1, 2)
        from words in place.Inside.Words(length)
        select $"seq[ {words} ]";
}
