using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Moves the cursor to a value by its name; what arrived there is read by others, or by nobody.</summary>
internal sealed record From(string Name) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["from"];

    public override string Stem => "from";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [Name];

    public override IReadOnlyList<string> Reads => [Name];

    public static Layer Read(Word word, Shape input) => new From(word.Option(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument($"\"{Name}\"");
        return "From";
    }

    public override (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        (this, [named[0].Output]);

    public override Shape Infer(Shape input) => input;
}
