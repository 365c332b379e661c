using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// <c>in:SHAPE[,int]</c>, at the head of every network and, with a name, wherever the cursor is to move to a further input. It computes
/// nothing.
/// </summary>
internal sealed record Input(Shape Shape, ElementType Elements = ElementType.Float) : Layer, ILayer
{
    /// <summary>What a network calls its first input.</summary>
    public const string DefaultName = "input";

    public static IReadOnlyList<string> Kinds => ["in"];

    public override string Stem => DefaultName;

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [Shape.Word, Elements == ElementType.Int ? "int" : ""];

    public static Input Read(Word word) =>
        new(new Shape(Word.Numbers(word.Option(0))), word.Has("int") ? ElementType.Int : ElementType.Float);

    public static Layer Read(Word word, Shape input) => Read(word);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach (int dimension in Shape.Dimensions)
            attribute.Argument(dimension);
        return Elements == ElementType.Int ? "Input<int>" : "Input";
    }
}
