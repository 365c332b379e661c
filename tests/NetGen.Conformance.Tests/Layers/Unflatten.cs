using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Dimension <paramref name="Dim"/> divided into several; at most one of the sizes is −1 and follows from the others.</summary>
internal sealed record Unflatten(int Dim, IReadOnlyList<int> Sizes) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["unflatten"];

    public static int Frequency => 3;

    public override string Stem => "unflatten";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Dim), string.Join('x', Sizes.Select(AttributeWriter.Code))];

    public static Layer Read(Word word, Shape input) =>
        new Unflatten(Word.Signed(word.Option(0)), [.. word.Option(1).Split('x').Select(Word.Signed)]);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dim);
        attribute.Argument(AttributeWriter.Code(Sizes));
        return "Unflatten";
    }

    public override Shape Infer(Shape input)
    {
        int dim = Dim < 0 ? Dim + input.Rank : Dim - 1;
        int[] all = [.. input.Dimensions];
        int rest = all[dim] / Sizes.Where(s => s > 0).Aggregate(1, (a, b) => a * b);
        return new Shape([.. all[..dim], .. Sizes.Select(s => s < 0 ? rest : s), .. all[(dim + 1)..]]);
    }

    /// <summary>A vector to a sequence or an image, a sequence to an image.</summary>
    public static Gen<string>? Draw(Place place) => place.Shape.IsImage ? null : Draw(place.Shape);

    private static Gen<string> Draw(Shape x) =>
        from dim in Gen.Choose(1, x.Rank)
        let size = x.Dimensions[dim - 1]
        from first in Windows.DrawDivisor(size)
        from second in Windows.DrawDivisor(size / first)
        from two in Gen.Elements(true, false)
        from open in Gen.Elements(true, false)
        from negative in Gen.Elements(true, false)
        let shownDim = negative ? dim - x.Rank - 1 : dim
        select two || x.Rank == 2
            ? FormattableString.Invariant($"unflatten:{shownDim},{first}x{(open ? -1 : size / first)}")
            : FormattableString.Invariant($"unflatten:{shownDim},{first}x{(open ? -1 : second)}x{size / first / second}");
}
