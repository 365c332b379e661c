using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Pooling to a given size: <c>AdaptiveMaxPool</c>, <c>AdaptiveAvgPool</c> of one and two dimensions.</summary>
/// <param name="Height">Rows of the output; null keeps the input's.</param>
/// <param name="Width">Columns of the output; null keeps the input's.</param>
internal sealed record AdaptivePool(bool IsMax, int Dimensions, int? Height, int? Width) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["aavg", "amax"];

    public static int Frequency => 3;

    public override string Stem => IsMax ? "adaptivemaxpool" : "adaptiveavgpool";

    public override string Kind => IsMax ? "amax" : "aavg";

    public override IEnumerable<string> Options => [Dimensions == 1 ? Open(Width) : $"{Open(Height)}x{Open(Width)}"];

    /// <summary>From <c>7</c>, <c>5x7</c>, or <c>_x7</c>, which keeps the height; of one number over sequences.</summary>
    public static Layer Read(Word word, Shape input)
    {
        static int? Open(string part) => part == "_" ? null : Word.Number(part);
        string[] parts = word.Option(0).Split('x');
        bool max = word.Kind == "amax";
        return input.IsSequence
            ? new AdaptivePool(max, 1, null, Word.Number(parts.Single()))
            : new AdaptivePool(max, 2, Open(parts[0]), Open(parts[^1]));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        static string Code(int? size) => size is int number ? AttributeWriter.Code(number) : "null";
        attribute.Argument(Dimensions == 1 || (Height == Width && Height is not null && !attribute.AsPairs)
            ? Code(Width)
            : $"[{Code(Height)}, {Code(Width)}]");
        return FormattableString.Invariant($"Adaptive{(IsMax ? "Max" : "Avg")}Pool{Dimensions}d");
    }

    public override Shape Infer(Shape input) => input.WithExtent(input.Channels, Height ?? input.Height, Width ?? input.Width);

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        if (IsMax)
            return Maxima.Forward(Over(run.Input, run.Output), run.Output.Size, x);
        var sums = new Accumulator(run.Output.Size);
        var factors = new double[run.Output.Size];
        Over(run.Input, run.Output)((o, window) =>
        {
            foreach (int i in window)
                sums.Add(o, x.Values[i], x.Errors[i], 1, 0);
            factors[o] = 1.0 / window.Count;
        });
        return sums.ToEstimate().Scale(factors);
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        if (IsMax)
            return Maxima.Backward(Over(run.Input, run.Output), x, dy);
        var sums = new Accumulator(x.Length);
        Over(run.Input, run.Output)((o, window) =>
        {
            foreach (int i in window)
                sums.Add(i, dy.Values[o], dy.Errors[o], 1.0 / window.Count, Estimate.Unit / window.Count);
        });
        return sums.ToEstimate();
    }

    /// <summary>The input elements under each output element: rows floor(i · H / h) to ceil((i + 1) · H / h) − 1, columns alike.</summary>
    private static Maxima.ForEachWindow Over(Shape input, Shape output) => visit =>
    {
        var window = new List<int>();
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        {
            window.Clear();
            int endRow = (int)Math.Ceiling((y + 1.0) * input.Height / output.Height);
            int endColumn = (int)Math.Ceiling((x + 1.0) * input.Width / output.Width);
            for (int row = y * input.Height / output.Height; row < endRow; row++)
            for (int column = x * input.Width / output.Width; column < endColumn; column++)
                window.Add((c * input.Height + row) * input.Width + column);
            visit((c * output.Height + y) * output.Width + x, window);
        }
    };

    private static string Open(int? size) => size is int number ? AttributeWriter.Code(number) : "_";

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? null : Draw(place.Shape);

    private static Gen<string> Draw(Shape x)
    {
        // Mostly fewer elements than before, at times the same, and at times more.
        Gen<string> Extent(int size) => Gen.Frequency(
            (2, Gen.Constant("1")),
            (3, from n in Gen.Choose(1, size) select AttributeWriter.Code(n)),
            (1, Gen.Constant("_")),
            (1, from n in Gen.Choose(1, size + 3) select AttributeWriter.Code(n)));
        return from kind in Gen.Elements("aavg", "amax")
               from height in Extent(x.Height)
               from width in x.IsSequence ? Gen.Choose(1, x.Width + 1).Select(AttributeWriter.Code) : Extent(x.Width)
               select x.IsSequence ? $"{kind}:{width}" : $"{kind}:{height}x{width}";
    }
}
