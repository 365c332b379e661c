using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The same elements under another shape, <c>reshape:16x-1</c>.</summary>
internal sealed record Reshape(IReadOnlyList<int> Shape) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["reshape"];

    public static int Frequency => 3;

    public override string Stem => "reshape";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [string.Join('x', Shape.Select(AttributeWriter.Code))];

    public static Layer Read(Word word, Shape input) => new Reshape([.. word.Option(0).Split('x').Select(Word.Signed)]);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach (int size in Shape)
            attribute.Argument(size);
        return "Reshape";
    }

    public override Shape Infer(Shape input)
    {
        int rest = input.Size / Shape.Where(size => size > 0).Aggregate(1, (a, b) => a * b);
        return new Shape(Shape.Select(size => size < 0 ? rest : size));
    }

    /// <summary>Between all ranks.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:24 reshape:2x3x4 conv:17,k3,p1 reshape:-1 linear:5 mse", "in:40 tanh reshape:5x-1 conv:16,k3,p1 reshape:16x2x4 relu",
        "in:17x4x4 conv:32,k1 reshape:16x32 tanh reshape:8x8x8 conv:4,k3,p1 mse", "in:5x6 reshape:6x5 conv:6,k1 reshape:5x6 mse",
        "in:1x8x8 conv:6,k3 relu reshape:6x36 conv:4,k1 reshape:-1 linear:3 ce", "in:33x2x2 reshape:33x2x2 tanh",
    ];

    public static Gen<string>? Draw(Place place) =>
        from rank in Gen.Choose(1, 3)
        from first in Windows.DrawDivisor(place.Shape.Size)
        from second in Windows.DrawDivisor(place.Shape.Size / first)
        from open in Gen.Elements(true, false)
        let last = open ? -1 : place.Shape.Size / first / (rank == 3 ? second : 1)
        select rank == 1 ? "reshape:-1"
            : rank == 2 ? FormattableString.Invariant($"reshape:{first}x{last}")
            : FormattableString.Invariant($"reshape:{first}x{second}x{last}");
}

/// <summary>Without a dimension of one element, <c>squeeze:2</c>.</summary>
internal sealed record Squeeze(int Dim) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["squeeze"];

    public override string Stem => "squeeze";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Dim)];

    public static Layer Read(Word word, Shape input) => new Squeeze(Word.Signed(word.Option(0)));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dim);
        return "Squeeze";
    }

    public override Shape Infer(Shape input)
    {
        int axis = Dim < 0 ? Dim + input.Rank : Dim - 1;
        return input.Dimensions[axis] == 1 ? Movement.Without(input, [axis]) : throw new FormatException($"{input} keeps dimension {Dim}.");
    }

    /// <summary>Rows, columns and channels of one element, of images and sequences, with halos on both sides.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:17x1x9 conv:20,k1x3,p0x1 squeeze:2 conv:5,k3,p1 mse", "in:17x9x1 tanh squeeze:-1 conv:33,k3,p1",
        "in:1x20x5 tanh squeeze:1 conv:4,k1 mse", "in:1x7 squeeze:1 linear:3", "in:33x1 relu squeeze:2 linear:17 mse",
        "in:5x1x1 conv:16,k1 squeeze:3 squeeze:2 linear:5",
    ];

    public static Gen<string>? Draw(Place place)
    {
        int[] dims = [.. Enumerable.Range(1, place.Shape.Rank).Where(dim => place.Shape.Rank > 1 && place.Shape.Dimensions[dim - 1] == 1)];
        return dims.Length == 0 ? null : from dim in Gen.Elements(dims) select FormattableString.Invariant($"squeeze:{dim}");
    }
}

/// <summary>With a further dimension of one element, <c>unsqueeze:1</c>.</summary>
internal sealed record Unsqueeze(int Dim) : SameElements, ILayer
{
    public static IReadOnlyList<string> Kinds => ["unsqueeze"];

    public static int Frequency => 2;

    public override string Stem => "unsqueeze";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Dim)];

    public static Layer Read(Word word, Shape input) => new Unsqueeze(Word.Signed(word.Option(0)));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dim);
        return "Unsqueeze";
    }

    public override Shape Infer(Shape input)
    {
        int axis = Dim < 0 ? Dim + input.Rank + 1 : Dim - 1;
        return new Shape([.. input.Dimensions.Take(axis), 1, .. input.Dimensions.Skip(axis)]);
    }

    /// <summary>At every place of vectors and sequences.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:9 tanh unsqueeze:1 conv:17,k3,p1 mse", "in:17 unsqueeze:-1 tanh unsqueeze:2 conv:5,k1",
        "in:20x6 tanh unsqueeze:1 conv:4,k3,p1 mse", "in:33x5 conv:17,k3,p1 unsqueeze:2 conv:16,k1x3,p0x1 relu",
        "in:16x7 relu unsqueeze:3 conv:5,k3x1,p1x0 mse", "in:1 unsqueeze:1 unsqueeze:1 tanh",
    ];

    public static Gen<string>? Draw(Place place) => place.Shape.IsImage ? null
        : from dim in Gen.Choose(1, place.Shape.Rank + 1) select FormattableString.Invariant($"unsqueeze:{dim}");
}
