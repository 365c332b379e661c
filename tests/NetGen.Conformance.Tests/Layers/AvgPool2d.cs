using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The mean of each window: <c>AvgPool2d</c>, <c>AvgPool1d</c>.</summary>
/// <param name="Divisor">What the sum is divided by; null for the number of elements.</param>
internal sealed record AvgPool2d(Pair Kernel, Pair Stride, Pair Padding, bool CeilMode, bool CountIncludePad, int? Divisor, int Dimensions)
    : Pooling(Kernel, Stride, Padding, CeilMode, Dimensions), ILayer
{
    public static IReadOnlyList<string> Kinds => ["avg"];

    public static int Frequency => 3;

    public override string Stem => "avgpool";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
        [.. base.Options, CountIncludePad ? "" : "nopad", Divisor is int divisor ? FormattableString.Invariant($"by{divisor}") : ""];

    public static Layer Read(Word word, Shape input)
    {
        (Pair kernel, Pair stride, Pair padding) = ReadWindow(word, input);
        int? divisor = word.After("by") is { } by ? Word.Signed(by) : null;
        return new AvgPool2d(kernel, stride, padding, word.Has("ceil"), !word.Has("nopad"), divisor, input.Rank - 1);
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        DeclareWindow(attribute);
        attribute.Property("CountIncludePad", CountIncludePad, true);
        if (Divisor is int divisor)
            attribute.Property("DivisorOverride", divisor);
        return FormattableString.Invariant($"AvgPool{Dimensions}d");
    }

    protected override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        var sums = new Accumulator(run.Output.Size);
        var factors = new double[run.Output.Size];
        ForEachWindow(run.Input, run.Output, (o, window, padded) =>
        {
            foreach (int i in window)
                sums.Add(o, x.Values[i], x.Errors[i], 1, 0);
            factors[o] = Factor(window, padded);
        });
        return sums.ToEstimate().Scale(factors);
    }

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        var sums = new Accumulator(x.Length);
        ForEachWindow(run.Input, run.Output, (o, window, padded) =>
        {
            double factor = Factor(window, padded);
            foreach (int i in window)
                sums.Add(i, dy.Values[o], dy.Errors[o], factor, Estimate.Unit * Math.Abs(factor));
        });
        return sums.ToEstimate();
    }

    private double Factor(List<int> window, int padded) => 1.0 / (Divisor ?? (CountIncludePad ? padded : window.Count));

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? null : Draw(place.Shape, Gen.Constant("avg"));
}
