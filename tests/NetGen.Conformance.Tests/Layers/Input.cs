using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// <c>in:SHAPE[,int][,upto][,like=INPUT]</c>, at the head of every network and, with a name, wherever the cursor is to move to a further
/// input. It computes nothing.
/// </summary>
/// <param name="Whole">Of a sample; with <paramref name="UpTo"/> or <paramref name="Like"/> of one as long as it may be.</param>
/// <param name="UpTo">The most positions of a sample, which has as many as the caller says; null where its shape is fixed.</param>
/// <param name="Like">The input whose samples have as many positions.</param>
internal sealed record Input(Shape Whole, ElementType Elements = ElementType.Float, int? UpTo = null, string? Like = null) : Layer, ILayer
{
    /// <summary>As it is declared: of a position, where a sample may have any number of them.</summary>
    public IReadOnlyList<int> Shape => UpTo is null && Like is null ? Whole.Dimensions : [.. Whole.Dimensions.Skip(1)];

    /// <summary>What a network calls its first input.</summary>
    public const string DefaultName = "input";

    public static IReadOnlyList<string> Kinds => ["in"];

    public override string Stem => DefaultName;

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
        [Whole.Word, Elements == ElementType.Int ? "int" : "", UpTo is null ? "" : "upto", Like is null ? "" : LikePrefix + Like];

    private const string LikePrefix = "like=";

    public static Input Read(Word word)
    {
        var shape = new Shape(Word.Numbers(word.Option(0)));
        return new(shape, word.Has("int") ? ElementType.Int : ElementType.Float, word.Has("upto") ? shape.Dimensions[0] : null,
            word.After(LikePrefix));
    }

    /// <summary>The input that brings the lengths of the samples of one; null where its shape is fixed.</summary>
    /// <param name="name">What the input is called.</param>
    public string? Axis(string name) => UpTo is null ? Like : name;

    public static Layer Read(Word word, Shape input) => Read(word);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach (int dimension in Shape)
            attribute.Argument(dimension);
        if (UpTo is int most)
            attribute.Property(nameof(UpTo), most);
        if (Like is not null)
            attribute.Property(nameof(Like), $"\"{Like}\"");
        return Elements == ElementType.Int ? "Input<int>" : "Input";
    }
}
