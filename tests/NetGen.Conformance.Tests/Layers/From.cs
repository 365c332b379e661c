using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Moves the cursor to a value by its name; what arrived there is read by others, or by nobody.</summary>
internal sealed record From(string Value) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["from"];

    public static int Frequency => 3;

    public override string Stem => "from";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [Value];

    public override IReadOnlyList<string> Reads => [Value];

    public static Layer Read(Word word, Shape input) => new From(word.Option(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument($"\"{Value}\"");
        return "From";
    }

    public override (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        (this, [named[0].Output]);

    public override Shape Infer(Shape input) => input;

    public static Gen<string>? Draw(Place place) =>
        from name in Gen.Elements<string>(Operands.Fitting(place, _ => true))
        select $"from:{name}";
}
