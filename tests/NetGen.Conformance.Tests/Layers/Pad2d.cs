using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A border around an image: <c>ZeroPad2d</c>, <c>ReflectionPad2d</c>, <c>ReplicationPad2d</c>.</summary>
internal sealed record Pad2d(Sides Pads, PaddingMode Mode) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["zeropad", "reflectionpad", "replicationpad"];

    public override string Stem => Kind;

    public override string Kind => Kinds[(int)Mode];

    public override IEnumerable<string> Options => [FormattableString.Invariant($"{Pads.Left}x{Pads.Right}x{Pads.Top}x{Pads.Bottom}")];

    public static Layer Read(Word word, Shape input)
    {
        int[] sides = [.. Word.Numbers(word.Option(0))];
        return new Pad2d(sides.Length == 1 ? Sides.All(sides[0]) : new Sides(sides[0], sides[1], sides[2], sides[3]),
            (PaddingMode)Kinds.ToList().IndexOf(word.Kind));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Pads == Sides.All(Pads.Left) && !attribute.AsPairs
            ? AttributeWriter.Code(Pads.Left)
            : AttributeWriter.Code([Pads.Left, Pads.Right, Pads.Top, Pads.Bottom]));
        return Mode switch { PaddingMode.Zeros => "ZeroPad2d", PaddingMode.Reflect => "ReflectionPad2d", _ => "ReplicationPad2d" };
    }

    public override Shape Infer(Shape input) =>
        new(input.Channels, input.Height + Pads.Top + Pads.Bottom, input.Width + Pads.Left + Pads.Right);

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var y = new Estimate(run.Output.Size);
        ForEach(run.Input, run.Output, (o, i) => (y.Values[o], y.Errors[o]) = (x.Values[i], x.Errors[i]));
        return y;
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var dx = new Accumulator(x.Length);
        ForEach(run.Input, run.Output, (o, i) => dx.Add(i, dy.Values[o], dy.Errors[o], 1, 0));
        return dx.ToEstimate();
    }

    /// <summary>Visits every element of the padded image with the element that it comes from, if any.</summary>
    private void ForEach(Shape input, Shape output, Action<int, int> visit)
    {
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        {
            int row = Mode.Source(y - Pads.Top, input.Height), column = Mode.Source(x - Pads.Left, input.Width);
            if (row >= 0 && column >= 0)
                visit((c * output.Height + y) * output.Width + x, (c * input.Height + row) * input.Width + column);
        }
    }

    public static Gen<string>? Draw(Place place) => place.Shape.IsImage ? Draw(place.Shape) : null;

    private static Gen<string> Draw(Shape x) =>
        from kind in Gen.Elements("zeropad", "reflectionpad", "replicationpad")
        from left in Gen.Choose(0, Math.Min(3, x.Width - 1))
        from right in Gen.Choose(0, Math.Min(3, x.Width - 1))
        from top in Gen.Choose(0, Math.Min(3, x.Height - 1))
        from bottom in Gen.Choose(0, Math.Min(3, x.Height - 1))
        select FormattableString.Invariant($"{kind}:{left}x{right}x{top}x{bottom}");
}
