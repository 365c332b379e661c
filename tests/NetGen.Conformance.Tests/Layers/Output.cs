using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary><c>out:NAME</c>: a caller gets the value where the cursor stands; the layers behind it go on from there.</summary>
internal sealed record Output(string Name) : Layer, ILayer
{
    /// <summary>What the only output is called where none is declared.</summary>
    public const string DefaultName = "output";

    public static IReadOnlyList<string> Kinds => ["out"];

    public override string Stem => DefaultName;

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [Name];

    public static Layer Read(Word word, Shape input) => new Output(word.Option(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument($"\"{Name}\"");
        return "Output";
    }
}
