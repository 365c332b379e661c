using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

internal sealed record Identity : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["identity"];

    public override string Stem => "identity";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Identity();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "Identity";

    public override Shape Infer(Shape input) => input;

    public static Gen<string>? Draw(Place place) => Gen.Constant("identity");
}
