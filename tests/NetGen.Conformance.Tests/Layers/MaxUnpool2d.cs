using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// Each value to where the maximum of a pool's window came from; the last of several stays. Which element that was follows from what the
/// pool read, and may be open: the layer reads that value, and no gradient goes to it.
/// </summary>
/// <param name="Indices">The pool.</param>
internal sealed record MaxUnpool2d(string Indices) : JoinOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["unpool"];

    /// <summary>The pool that is named, once it is found.</summary>
    private MaxPool2d? Pool { get; init; }

    private Shape Pooled { get; init; }

    public override string Stem => "maxunpool";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [Indices];

    public override IReadOnlyList<string> Reads => [Indices];

    public static Layer Read(Word word, Shape input) => new MaxUnpool2d(word.Option(0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument($"\"{Indices}\"");
        return "MaxUnpool2d";
    }

    public override (Operation Layer, IReadOnlyList<Value> Inputs) Connect(Value input, IReadOnlyList<Node> named) =>
        named[0].Layer is MaxPool2d pool
            ? (this with { Pool = pool, Pooled = named[0].Output.Shape }, [input, named[0].Inputs[0]])
        : throw new FormatException($"{Indices} is no maximum pooling.");

    public override Shape InferJoined(IReadOnlyList<Shape> inputs) => inputs[0] == Pooled
        ? inputs[1]
        : throw new FormatException($"it takes {Pooled}, not {inputs[0]}.");

    protected override Estimate Forward(LayerRun run, Estimate[] inputs)
    {
        Estimate values = inputs[0], x = inputs[1], y = new(run.Output.Size);
        Pool!.Over(run.Output, Pooled)((o, window) =>
        {
            int best = Maxima.Largest(window, x.Values);
            double before = y.Values[best], error = values.Errors[o];
            y.Values[best] = values.Values[o];
            foreach (int i in window)
            {
                if (!Maxima.IsOpen(x, best, i))
                    continue;
                y.Errors[i] = Estimate.Hypotenuse(y.Errors[i], values.Values[o] - y.Values[i]);
                error = Estimate.Hypotenuse(error, values.Values[o] - before);
            }
            y.Errors[best] = error;
        });
        return y;
    }

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy)
    {
        Estimate x = inputs[1], dValues = new(inputs[0].Length);
        Pool!.Over(run.Output, Pooled)((o, window) =>
        {
            int best = Maxima.Largest(window, x.Values);
            dValues.Values[o] = dy.Values[best];
            dValues.Errors[o] = dy.Errors[best];
            foreach (int i in window)
            {
                if (Maxima.IsOpen(x, best, i))
                    dValues.Errors[o] = Estimate.Hypotenuse(dValues.Errors[o], dy.Values[i] - dy.Values[best]);
            }
        });
        return [dValues, null];
    }

    public static int Frequency => 2;

    /// <summary>With its pool in front and, perhaps, a layer that keeps the shape between them.</summary>
    public static Gen<string>? Draw(Place place) => place.Shape.IsImage ? Draw(place.Shape, place.Activation) : null;

    private static Gen<string> Draw(Shape x, Gen<string> activation) =>
        from height in Windows.Draw(x.Height, k => k / 2)
        from width in Windows.Draw(x.Width, k => k / 2)
        from ceil in Gen.Elements("", ",ceil")
        let sizes = FormattableString.Invariant($"k{height.Kernel}x{width.Kernel},s{height.Stride}x{width.Stride}")
        let window = sizes + FormattableString.Invariant($",p{height.Padding}x{width.Padding}")
        from between in Gen.Frequency((1, Gen.Constant("")), (2, from a in activation select a + " "),
            (1, Gen.Constant(FormattableString.Invariant($"conv:{x.Channels},k3,p1 "))))
        select $"seq[ max@pool:{window}{ceil},indices {between}unpool:pool ]";
}
