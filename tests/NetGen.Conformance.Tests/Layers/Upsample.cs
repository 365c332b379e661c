using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

internal enum UpsampleMode
{
    Nearest,

    /// <summary>Linear over sequences, bilinear over images.</summary>
    Linear,
}

/// <summary>Interpolation to a size, or by factors; the one or the other is null.</summary>
/// <param name="ModeName">The mode as declared, which tells for which inputs it is.</param>
internal sealed record Upsample(Pair? Size, double? ScaleHeight, double? ScaleWidth, UpsampleMode Mode, bool? AlignCorners, string ModeName)
    : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["up"];

    public static int Frequency => 4;

    public override string Stem => "upsample";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        Size is Pair size
            ? FormattableString.Invariant($"o{size.Height}x{size.Width}")
            : FormattableString.Invariant($"{ScaleHeight}x{ScaleWidth}"),
        Mode == UpsampleMode.Linear ? "linear" : "", AlignCorners == true ? "align" : "",
    ];

    /// <summary><c>up:o5x7</c> to a size, <c>up:2</c> or <c>up:2x1.5</c> by factors; then <c>linear</c>, <c>align</c>.</summary>
    public static Layer Read(Word word, Shape input)
    {
        string first = word.Option(0);
        string[] parts = first.TrimStart('o').Split('x');
        bool toSize = first[0] == 'o', linear = word.Has("linear");
        double[] factors = toSize ? [] : [.. parts.Select(p => double.Parse(p, CultureInfo.InvariantCulture))];
        return new Upsample(toSize ? new Pair(Word.Number(parts[0]), Word.Number(parts[^1])) : null, toSize ? null : factors[0],
            toSize ? null : factors[^1], linear ? UpsampleMode.Linear : UpsampleMode.Nearest, word.Has("align") ? true : null,
            !linear ? "nearest" : input.IsSequence ? "linear" : "bilinear");
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (Size is Pair size)
            attribute.Argument(inputs[0].IsSequence ? AttributeWriter.Code(size.Width) : attribute.Code(size));
        else if (inputs[0].IsSequence || (ScaleHeight == ScaleWidth && !attribute.AsPairs))
            attribute.Property("ScaleFactor", AttributeWriter.Code(ScaleWidth!.Value));
        else
            attribute.Property("ScaleFactor", FormattableString.Invariant($"new[] {{ (double){ScaleHeight:R}, {ScaleWidth:R} }}"));
        attribute.Property("Mode", $"\"{ModeName}\"", ModeName, "nearest");
        if (AlignCorners is bool align)
            attribute.Property("AlignCorners", align ? "true" : "false");
        return "Upsample";
    }

    public override Shape Infer(Shape input) => Size is Pair size
        ? input.WithExtent(input.Channels, size.Height, size.Width)
        : input.WithExtent(input.Channels, (int)(input.Height * ScaleHeight!.Value), (int)(input.Width * ScaleWidth!.Value));

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var sums = new Accumulator(run.Output.Size);
        // A weight next to 1 leaves a small one with the rounding of 1.
        ForEach(run.Input, run.Output, (o, i, weight) => sums.Add(o, x.Values[i], x.Errors[i], weight, Estimate.Unit));
        return sums.ToEstimate();
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var sums = new Accumulator(x.Length);
        ForEach(run.Input, run.Output, (o, i, weight) => sums.Add(i, dy.Values[o], dy.Errors[o], weight, Estimate.Unit));
        return sums.ToEstimate();
    }

    private void ForEach(Shape input, Shape output, Action<int, int, double> visit)
    {
        for (int c = 0; c < output.Channels; c++)
        for (int y = 0; y < output.Height; y++)
        for (int x = 0; x < output.Width; x++)
        foreach ((int row, double rowWeight) in Sources(y, input.Height, output.Height, input.IsSequence ? null : ScaleHeight))
        foreach ((int column, double columnWeight) in Sources(x, input.Width, output.Width, ScaleWidth))
            visit((c * output.Height + y) * output.Width + x, (c * input.Height + row) * input.Width + column, rowWeight * columnWeight);
    }

    /// <summary>
    /// The inputs of output i along one direction, by the formulas of torch.nn.functional.interpolate: nearest in single precision as
    /// PyTorch computes it, linear in double.
    /// </summary>
    private (int Index, double Weight)[] Sources(int i, int size, int outputs, double? factor)
    {
        if (Mode == UpsampleMode.Nearest)
        {
            float scale = factor is double given ? (float)(1 / given) : (float)size / outputs;
            return [(outputs == size ? i : outputs == 2 * size ? i / 2 : Math.Min((int)MathF.Floor(i * scale), size - 1), 1)];
        }
        double position;
        if (outputs == size)
            position = i;
        else if (AlignCorners == true)
            position = outputs > 1 ? i * ((size - 1.0) / (outputs - 1)) : 0;
        else
            position = Math.Max(0, (i + 0.5) * (factor is double given ? 1 / given : (double)size / outputs) - 0.5);
        int low = (int)position, high = low < size - 1 ? low + 1 : low;
        return [(low, 1 - (position - low)), (high, position - low)];
    }

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? null : Draw(place.Shape);

    /// <summary>By factors or to a size, mostly larger than before.</summary>
    private static Gen<string> Draw(Shape x)
    {
        Gen<(double Factor, int Size)> Extent(int extent) =>
            from factor in Gen.Elements(1, 1.5, 1.7, 2, 2, 2, 3, 0.6)
            from size in Gen.Choose(1, 2 * extent + 1)
            select ((int)(extent * factor) < 1 ? 2 : factor, size);
        return from height in Extent(x.Height)
               from width in Extent(x.Width)
               from alike in Gen.Elements(true, false)
               from toSize in Gen.Elements(true, false)
               from mode in Gen.Elements("", "", ",linear", ",linear", ",linear,align")
               // PyTorch ignores the factors' fractions only where corners are aligned; sizes say it all there.
               let sized = toSize || mode.EndsWith("align", StringComparison.Ordinal)
               let rows = alike && (int)(x.Height * width.Factor) >= 1 ? width.Factor : height.Factor
               select x.IsSequence
                   ? FormattableString.Invariant(sized ? $"up:o{width.Size}{mode}" : (FormattableString)$"up:{width.Factor}{mode}")
                   : FormattableString.Invariant(
                       sized ? $"up:o{height.Size}x{width.Size}{mode}" : (FormattableString)$"up:{rows}x{width.Factor}{mode}");
    }
}
