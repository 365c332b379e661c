using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The dimensions in another order, <c>permute:2x1</c>.</summary>
internal sealed record Permute(IReadOnlyList<int> Dims) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["permute"];

    public static int Frequency => 3;

    public override string Stem => "permute";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [string.Join('x', Dims.Select(AttributeWriter.Code))];

    public static Layer Read(Word word, Shape input) => new Permute([.. word.Option(0).Split('x').Select(Word.Signed)]);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach (int dim in Dims)
            attribute.Argument(dim);
        return "Permute";
    }

    public override Shape Infer(Shape input) => new(Dims.Select(dim => input.Dimensions[Axis(dim, input)]));

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        var source = new int[at.Length];
        for (int d = 0; d < at.Length; d++)
            source[Axis(Dims[d], input)] = at[d];
        return source;
    }

    /// <summary>
    /// Channels around the lanes of registers, in and out of their place; sequences, vectors, one pixel, halos on both sides.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1x7 permute:2x1 tanh mse", "in:5x16 tanh permute:2x1 conv:7,k3,p1 mse", "in:17x33 relu permute:-1x1 tanh",
        "in:40x3 conv:16,k1 permute:2x1 conv:5,k1", "in:9 permute:1 linear:5 mse", "in:32x1 permute:2x1 tanh",
        "in:5x6x7 conv:17,k3,p1 permute:2x3x1 relu permute:3x1x2 conv:4,k3,p1 mse", "in:3x4x5 permute:3x2x1 tanh mse",
        "in:16x5x6 conv:16,k1 permute:1x3x2 conv:32,k3,p1 relu permute:1x3x2 mse", "in:40x2x3 tanh permute:1x3x2 conv:40,k3,p1,g40",
        "in:1x9x4 permute:2x1x3 conv:20,k1 relu permute:3x2x1", "in:17x3x3 relu permute:1x2x3 tanh", "in:32x1x1 permute:3x1x2 tanh",
        "in:1x8x8 conv:6,k3 sigmoid permute:2x3x1 conv:5,k3,p1 permute:3x1x2 flatten linear:3 ce",
    ];

    public static Gen<string>? Draw(Place place) => place.Shape.Rank switch
    {
        1 => null,
        2 => Gen.Elements("permute:2x1", "permute:-1x1", "permute:1x2"),
        _ => Gen.Elements("permute:1x3x2", "permute:2x1x3", "permute:2x3x1", "permute:3x1x-2", "permute:3x2x1"),
    };
}

/// <summary>Two dimensions exchanged, <c>transpose:1,2</c>.</summary>
internal sealed record Transpose(int Dim0, int Dim1) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["transpose"];

    public static int Frequency => 2;

    public override string Stem => "transpose";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Dim0), AttributeWriter.Code(Dim1)];

    public static Layer Read(Word word, Shape input) => new Transpose(Word.Signed(word.Option(0)), Word.Signed(word.Option(1)));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dim0);
        attribute.Argument(Dim1);
        return "Transpose";
    }

    public override Shape Infer(Shape input) => new(Exchange([.. input.Dimensions], input));

    protected override int[] Source(Shape input, Shape output, int[] at) => Exchange(at, input);

    private int[] Exchange(int[] numbers, Shape input)
    {
        int first = Axis(Dim0, input), second = Axis(Dim1, input);
        return [.. numbers.Select((number, i) => i == first ? numbers[second] : i == second ? numbers[first] : number)];
    }

    /// <summary>All pairs of dimensions, one with itself.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:20x9 tanh transpose:1,2 conv:17,k3,p1 transpose:-1,-2 mse", "in:5x6x17 transpose:1,3 relu transpose:2,3 conv:4,k3,p1",
        "in:33x4x5 conv:33,k1 transpose:-3,2 tanh mse", "in:7 transpose:1,-1 linear:3", "in:16x4x4 conv:16,k3,p1 transpose:2,3 relu mse",
    ];

    public static Gen<string>? Draw(Place place) =>
        from first in Gen.Choose(1, place.Shape.Rank)
        from second in Gen.Choose(1, place.Shape.Rank)
        from negative in Gen.Elements(true, false)
        select FormattableString.Invariant($"transpose:{first},{(negative ? second - place.Shape.Rank - 1 : second)}");
}

/// <summary>Some dimensions in reverse, <c>flip:2x3</c>.</summary>
internal sealed record Flip(IReadOnlyList<int> Dims) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["flip"];

    public static int Frequency => 2;

    public override string Stem => "flip";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [string.Join('x', Dims.Select(AttributeWriter.Code))];

    public static Layer Read(Word word, Shape input) => new Flip([.. word.Option(0).Split('x').Select(Word.Signed)]);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach (int dim in Dims)
            attribute.Argument(dim);
        return "Flip";
    }

    public override Shape Infer(Shape input) => input;

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        int[] axes = [.. Dims.Select(dim => Axis(dim, input))];
        return [.. at.Select((place, i) => axes.Contains(i) ? input.Dimensions[i] - 1 - place : place)];
    }

    /// <summary>Each dimension and all of them, channels around the lanes of registers.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1 flip:1 linear:3", "in:17 tanh flip:-1 linear:5 flip:1 mse", "in:40x6 flip:1 conv:5,k3,p1 flip:1x2",
        "in:16x9 tanh flip:-1 mse", "in:5x6x7 conv:33,k3,p1 flip:2 relu flip:3 conv:4,k3,p1",
        "in:17x3x4 tanh flip:1x2x3 conv:32,k1 flip:1 mse", "in:16x1x1 flip:1x2x3 tanh",
        "in:1x8x9 conv:6,k3 relu flip:1 sigmoid flip:-1x-2 flatten linear:3 ce",
    ];

    public static Gen<string>? Draw(Place place) => place.Shape.Rank switch
    {
        1 => Gen.Constant("flip:1"),
        2 => Gen.Elements("flip:1", "flip:-1", "flip:2x1"),
        _ => Gen.Elements("flip:1", "flip:2", "flip:-1", "flip:3x2", "flip:1x2x3"),
    };
}
