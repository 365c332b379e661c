using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The product of two matrices, for each channel where there are three dimensions; a vector is a row in front, a column behind.</summary>
/// <param name="Values">The operands by name (<see cref="Operands"/>).</param>
internal sealed record MatMul(IReadOnlyList<string> Values, bool TransposeA, bool TransposeB) : JoinOperation, ILayer
{
    public const string FirstFlag = "ta", SecondFlag = "tb";

    public static IReadOnlyList<string> Kinds => ["matmul"];

    public override string Stem => "matmul";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [.. Values, TransposeA ? FirstFlag : "", TransposeB ? SecondFlag : ""];

    public override IReadOnlyList<string> Reads => Operands.Reads(Values);

    public static Layer Read(Word word, Shape input) => new MatMul(
        [.. word.Options.Where(option => option is not (FirstFlag or SecondFlag))], word.Has(FirstFlag), word.Has(SecondFlag));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        Operands.Declare(attribute, Values);
        attribute.Property("TransposeA", TransposeA, false);
        attribute.Property("TransposeB", TransposeB, false);
        return "MatMul";
    }

    public override (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        (this, Operands.Connect(Values, input, named));

    public override Shape InferJoined(IReadOnlyList<Shape> inputs) => inputs.Count == 2
        ? Product(inputs) ?? throw new FormatException($"{inputs[0]} cannot be multiplied by {inputs[1]}.")
        : throw new FormatException($"it takes two operands, not {AttributeWriter.Code(inputs.Count)}.");

    /// <summary>The shape of what two operands give; null where they cannot be multiplied.</summary>
    private Shape? Product(IReadOnlyList<Shape> inputs)
    {
        if ((TransposeA && inputs[0].IsVector) || (TransposeB && inputs[1].IsVector))
            return null;
        Matrices a = new(inputs[0], TransposeA, isFirst: true), b = new(inputs[1], TransposeB, isFirst: false);
        int count = Math.Max(a.Count, b.Count);
        if (a.Columns != b.Rows || (a.Count != 1 && a.Count != count) || (b.Count != 1 && b.Count != count))
            return null;
        int[] dimensions =
        [
            .. inputs.Any(input => input.Rank == 3) ? [count] : Array.Empty<int>(), .. inputs[0].IsVector ? Array.Empty<int>() : [a.Rows],
            .. inputs[1].IsVector ? Array.Empty<int>() : [b.Columns],
        ];
        return new Shape(dimensions.Length == 0 ? [1] : dimensions);
    }

    public override long Work(IReadOnlyList<Shape> inputs) => (long)InferJoined(inputs).Size * new Matrices(inputs[0], TransposeA, true).Columns;

    protected override Estimate Forward(LayerRun run, Estimate[] inputs)
    {
        var sums = new Accumulator(run.Output.Size);
        ForEachTerm(run, (a, b, y) =>
            sums.Add(y, inputs[0].Values[a], inputs[0].Errors[a], inputs[1].Values[b], inputs[1].Errors[b]));
        return sums.ToEstimate();
    }

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy)
    {
        Accumulator first = new(inputs[0].Length), second = new(inputs[1].Length);
        ForEachTerm(run, (a, b, y) =>
        {
            first.Add(a, dy.Values[y], dy.Errors[y], inputs[1].Values[b], inputs[1].Errors[b]);
            second.Add(b, dy.Values[y], dy.Errors[y], inputs[0].Values[a], inputs[0].Errors[a]);
        });
        return [first.ToEstimate(), second.ToEstimate()];
    }

    /// <summary>Visits each product: where its factors and its sum stand.</summary>
    private void ForEachTerm(LayerRun run, Action<int, int, int> visit)
    {
        Shape[] shapes = [.. run.Node.Inputs.Select(input => input.Shape)];
        Matrices a = new(shapes[0], TransposeA, isFirst: true), b = new(shapes[1], TransposeB, isFirst: false);
        for (int c = 0; c < Math.Max(a.Count, b.Count); c++)
        {
            for (int m = 0; m < a.Rows; m++)
            {
                for (int p = 0; p < b.Columns; p++)
                {
                    for (int k = 0; k < a.Columns; k++)
                        visit(a.At(c, m, k), b.At(c, k, p), (c * a.Rows + m) * b.Columns + p);
                }
            }
        }
    }

    /// <summary>A value as one matrix or several.</summary>
    private sealed class Matrices(Shape shape, bool isTransposed, bool isFirst)
    {
        private readonly int _height = shape.IsVector ? isFirst ? 1 : shape.Size : shape.Dimensions[^2];
        private readonly int _width = shape.IsVector ? isFirst ? shape.Size : 1 : shape.Dimensions[^1];

        public int Count => shape.Rank == 3 ? shape.Dimensions[0] : 1;

        public int Rows => isTransposed ? _width : _height;

        public int Columns => isTransposed ? _height : _width;

        public int At(int matrix, int row, int column) =>
            (Count == 1 ? 0 : matrix * _height * _width) + (isTransposed ? column * _width + row : row * _width + column);
    }

    public static int Frequency => 6;

    /// <summary>Whether a product of so many elements may be drawn: more than its operand has, but not by much.</summary>
    public static bool IsSmall(int product, int operand) => product <= 2 * operand + 64;

    /// <summary>
    /// With a value that has a name, in either order, or of what arrives by itself; transposed where that lets them fit. What arrives is made
    /// small before, since products of products would soon be too large for a float.
    /// </summary>
    public static Gen<string>? Draw(Place place)
    {
        string[] words =
        [
            .. from other in place.Named.Append((Name: Operands.Cursor, place.Shape))
               from isFirst in new[] { false, true }
               from a in new[] { false, true }
               from b in new[] { false, true }
               let values = isFirst || other.Name == Operands.Cursor ? new[] { other.Name, Operands.Cursor } : [other.Name]
               let layer = new MatMul(values, a, b)
               where layer.Product(isFirst ? [other.Shape, place.Shape] : [place.Shape, other.Shape]) is { } product
                   && IsSmall(product.Size, place.Shape.Size)
               select Word.Format(layer.Kind, null, layer.Options),
        ];
        return words.Length == 0 ? null
            : from function in Gen.Elements("tanh", "sigmoid") from word in Gen.Elements(words) select $"{function} {word}";
    }

    /// <summary>Sequences, maps, vectors, in either order; extents around the lanes and around tiles; repeated matrices; one value twice.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in@b:7x9 in@x:5x7 tanh matmul:b mse", "in@b:16x16 in@x:17x16 conv:17,k1 relu matmul:b mse", "in@b:33x10 in@x:20x33 matmul:b mse", "in@b:20x33 in@x:33x10 matmul:b,. mse",
        "in:9x7 conv@q:17,k1 relu from:input conv:17,k1 matmul:q,tb sigmoid mse", "in:5x8 conv@q:19,k1 from:input conv:19,k1 matmul:q,ta mse",
        "in@b:5x18 in@x:18x7 matmul:b,ta,tb mse", "in:17x3 matmul:.,.,tb mse",
        "in:3x6x5 conv@q:17,k3,p1 from:input conv:17,k3,p1 relu matmul:q,tb mse", "in:3x6x6 conv@a:20,k3,p1 matmul:a conv:2,k1 mse",
        "in:4x5x6 conv:16,k3,p1 relu@a conv:16,k3,p1 matmul:a,ta matmul:a,. mse",
        // One matrix meets those of all channels.
        "in@b:6x9 in@x:3x5x6 conv:17,k3,p1 matmul:b mse", "in@a:9x5 in@x:3x5x6 conv:17,k3,p1 matmul:a,. mse",
        "in@b:1x6x9 in@x:3x5x6 conv:18,k3,p1 matmul:b mse", "in:3x5x6 conv@a:17,k3,p1 conv:1,k1 matmul:a,ta mse",
        // Vectors are rows in front and columns behind; two give their product.
        "in@v:7 in@x:20x7 matmul:v linear:3 mse", "in@v:20 in@x:20x7 matmul:v,. linear:3 mse",
        "in@v:6 in@x:3x5x6 conv:18,k3,p1 matmul:v mse", "in@v:5 in@x:3x5x6 conv:18,k3,p1 matmul:v,. mse",
        "in:20 linear@a:37 tanh from:input linear:37 matmul:a mse", "in:20 matmul:.,. linear:3 mse",
        // Extents of one.
        "in@b:1x9 in@x:20x1 matmul:b mse", "in@b:20x1 in@x:1x20 matmul:b mse", "in@b:1x17x1 in@x:16x1x17 matmul:b flatten linear:2 ce",
        // Sample lanes, with vectors between them; halos of the convolutions around.
        "in:1x8x8 conv@a:6,k3,p1 relu conv:6,k3,p1 matmul:a,tb max:k2 flatten linear:4 ce",
        "in:1x8x9 conv@a:5,k3,p1 in@v:9 from:a conv:6,k3,p1 matmul@w:v from:a conv@x:6,k3,p1 from:w matmul:x conv:3,k3,p1 mse",
        // Attention from its parts, and blocks.
        "in:20x12 conv@q:24,k1 from:input conv@k:24,k1 from:input conv@v:24,k1 from:q matmul:k,ta mulc:0.2 sigmoid matmul:v,.,tb mse",
        "in:9x7 matmul[:ta conv:20,k1 | conv:20,k1 tanh ] matmul[ conv:7,k1 relu | identity ] mse",
        "in:16x40 conv:40,k1 relu matmul:input,tb matmul:input conv:16,k1 mse",
    ];
}
