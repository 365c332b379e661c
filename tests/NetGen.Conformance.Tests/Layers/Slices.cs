using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// A part of a dimension as Python's slices have it: <c>slice:1,2,9,s2</c> is <c>x[:, 2:9:2]</c>, <c>slice:-1,-3</c> is
/// <c>x[..., -3:]</c>.
/// </summary>
/// <param name="End">int.MaxValue where nothing is said.</param>
internal sealed record Slice(int Dim, int Start, int End, int Step) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["slice"];

    public static int Frequency => 4;

    public override string Stem => "slice";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(Dim), AttributeWriter.Code(Start), End == int.MaxValue ? "" : AttributeWriter.Code(End),
        Step == 1 ? "" : FormattableString.Invariant($"s{Step}"),
    ];

    public static Layer Read(Word word, Shape input)
    {
        string[] ends = [.. word.Options.Skip(2).Where(option => option[0] != 's')];
        return new Slice(Word.Signed(word.Option(0)), Word.Signed(word.Option(1)), ends.Length == 0 ? int.MaxValue : Word.Signed(ends[0]),
            (int)(word.Real("s") ?? 1));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dim);
        attribute.Argument(Start);
        if (End != int.MaxValue && attribute.AsArguments)
            attribute.Argument(End);
        else
            attribute.Property("End", End, int.MaxValue);
        attribute.Property("Step", Step, 1);
        return "Slice";
    }

    public override Shape Infer(Shape input)
    {
        int axis = Axis(Dim, input), size = input.Dimensions[axis];
        int length = Math.Max(0, Clamp(End, size) - Clamp(Start, size));
        return With(input, axis, (length + Step - 1) / Step);
    }

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        int axis = Axis(Dim, input);
        return With(at, axis, Clamp(Start, input.Dimensions[axis]) + at[axis] * Step);
    }

    private static int Clamp(int index, int size) => Math.Clamp(index < 0 ? index + size : index, 0, size);

    /// <summary>
    /// Channels that begin and end at blocks and between them, steps, single elements, all of a dimension; halos on both sides.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:1 slice:1,0 linear:3", "in:40 tanh slice:1,3,20 linear:17 slice:-1,-1 mse",
        "in:33 slice:1,1,33,s3 linear:16 slice:1,0,16 tanh", "in:40x6 tanh slice:1,16 conv:5,k3,p1",
        "in:40x6 tanh slice:1,16,33 conv:5,k3,p1 mse", "in:17x9 relu slice:2,2,-2 conv:33,k1 slice:1,5,-3",
        "in:33x5x6 conv:40,k3,p1 slice:1,0,16 relu conv:16,k3,p1 slice:1,3,8 mse",
        "in:40x4x5 conv:40,k1 slice:1,1,100,s2 conv:17,k3,p1 tanh", "in:32x6x7 tanh slice:1,-16 conv:32,k3,p1 slice:1,0,1 mse",
        "in:5x8x9 conv:17,k3,p1 slice:2,1,7,s2 relu slice:3,-8,8,s3 conv:4,k3,p1", "in:1x9x9 slice:2,4 slice:3,0,4 conv:3,k3",
        "in:16x7x7 tanh slice:3,2,3 slice:2,6 conv:32,k1 mse", "in:17x3x3 slice:1,0 slice:1,16 tanh",
        "in:1x8x8 conv:6,k3 relu slice:1,1,5 sigmoid slice:2,0,-1,s2 flatten linear:3 ce",
        "in:20 tanh@a slice:1,4,17 linear:6 bil:5,a slice:1,1 mse",
    ];

    public static Gen<string>? Draw(Place place) =>
        from dim in Gen.Choose(1, place.Shape.Rank)
        let size = place.Shape.Dimensions[dim - 1]
        from start in Gen.Choose(0, size - 1)
        from length in Gen.Choose(1, size - start)
        from step in Gen.Elements("", "", ",s2", ",s3")
        from negative in Gen.Elements(true, false)
        let end = start + length == size ? "" : FormattableString.Invariant($",{(negative ? start + length - size : start + length)}")
        select FormattableString.Invariant($"slice:{(negative ? dim - place.Shape.Rank - 1 : dim)},{start}{end}{step}");
}

/// <summary>One element of a dimension, <c>select:2,-1</c>.</summary>
internal sealed record Select(int Dim, int Index) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["select"];

    public static int Frequency => 2;

    public override string Stem => "select";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Dim), AttributeWriter.Code(Index)];

    public static Layer Read(Word word, Shape input) => new Select(Word.Signed(word.Option(0)), Word.Signed(word.Option(1)));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Dim);
        attribute.Argument(Index);
        return "Select";
    }

    public override Shape Infer(Shape input) => Movement.Without(input, [Axis(Dim, input)]);

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        int axis = Axis(Dim, input), index = Index < 0 ? Index + input.Dimensions[axis] : Index;
        return input.IsVector ? [index] : [.. at[..axis], index, .. at[axis..]];
    }

    /// <summary>To vectors, sequences and single elements, of each dimension, at and between blocks of channels.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:5 select:1,2 linear:3", "in:17x9 tanh select:2,-1 linear:5 mse", "in:40x6 select:1,16 linear:17",
        "in:33x1 relu select:-1,0 tanh", "in:1x5 select:1,0 linear:3 mse", "in:17x4x5 conv:40,k3,p1 select:1,17 conv:5,k3,p1 mse",
        "in:16x4x5 conv:33,k1 select:2,-1 relu select:2,1 tanh", "in:32x4x17 tanh select:3,0 conv:17,k1 select:1,16",
        "in:1x8x8 conv:6,k3 relu select:1,-1 conv:4,k3,p1 flatten linear:3 ce", "in:5x6x7 select:2,3 conv:17,k3,p1 mse",
    ];

    public static Gen<string>? Draw(Place place) =>
        from dim in Gen.Choose(1, place.Shape.Rank)
        let size = place.Shape.Dimensions[dim - 1]
        from index in Gen.Choose(-size, size - 1)
        select FormattableString.Invariant($"select:{dim},{index}");
}

/// <summary>One of the parts that torch.chunk gives, <c>chunk:3,1</c> of dimension 1, <c>chunk:3,1,d2</c> of another.</summary>
internal sealed record Chunk(int Chunks, int Index, int Dim) : Movement, ILayer
{
    public static IReadOnlyList<string> Kinds => ["chunk"];

    public static int Frequency => 2;

    public override string Stem => "chunk";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
        [AttributeWriter.Code(Chunks), AttributeWriter.Code(Index), Dim == 1 ? "" : FormattableString.Invariant($"d{Dim}")];

    public static Layer Read(Word word, Shape input) =>
        new Chunk(Word.Number(word.Option(0)), Word.Signed(word.Option(1)), (int)(word.Real("d") ?? 1));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Chunks);
        attribute.Argument(Index);
        attribute.Property("Dim", Dim, 1);
        return "Chunk";
    }

    public override Shape Infer(Shape input)
    {
        int axis = Axis(Dim, input);
        (int start, int each) = Part(input.Dimensions[axis]);
        return With(input, axis, Math.Min(each, input.Dimensions[axis] - start));
    }

    protected override int[] Source(Shape input, Shape output, int[] at)
    {
        int axis = Axis(Dim, input);
        return With(at, axis, at[axis] + Part(input.Dimensions[axis]).Start);
    }

    private (int Start, int Each) Part(int size)
    {
        int each = (int)Math.Ceiling((double)size / Chunks), count = (int)Math.Ceiling((double)size / each);
        return ((Index < 0 ? Index + count : Index) * each, each);
    }

    /// <summary>Parts that divide and that do not, fewer than asked for, at and between blocks of channels.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:33 tanh chunk:2,1 linear:9 chunk:4,-1 mse", "in:32x6 relu chunk:2,1 conv:17,k3,p1", "in:40x9 tanh chunk:3,2 chunk:2,0,d2 mse",
        "in:17x4x5 conv:48,k3,p1 chunk:3,1 relu conv:5,k1 chunk:3,0,d-1", "in:6x3x3 conv:6,k1 chunk:4,2 tanh mse",
        "in:5 chunk:7,4 linear:3",
    ];

    public static Gen<string>? Draw(Place place) =>
        from dim in Gen.Choose(1, place.Shape.Rank)
        from chunks in Gen.Choose(1, 4)
        from index in Gen.Elements(0, -1)
        select FormattableString.Invariant($"chunk:{chunks},{index}{(dim == 1 ? "" : FormattableString.Invariant($",d{dim}"))}");
}
