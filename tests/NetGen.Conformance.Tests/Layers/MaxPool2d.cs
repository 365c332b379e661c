using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The largest of each window: <c>MaxPool2d</c>, <c>MaxPool1d</c>.</summary>
internal sealed record MaxPool2d(Pair Kernel, Pair Stride, Pair Padding, bool CeilMode, int Dimensions)
    : Pooling(Kernel, Stride, Padding, CeilMode, Dimensions), ILayer
{
    public static IReadOnlyList<string> Kinds => ["max"];

    public static int Frequency => 3;

    /// <summary>A <see cref="MaxUnpool2d"/> may ask where the maxima came from.</summary>
    public bool ReturnIndices { get; init; }

    public override string Stem => "maxpool";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [.. base.Options, ReturnIndices ? "indices" : ""];

    public static Layer Read(Word word, Shape input)
    {
        (Pair kernel, Pair stride, Pair padding) = ReadWindow(word, input);
        return new MaxPool2d(kernel, stride, padding, word.Has("ceil"), input.Rank - 1)
        {
            Dilation = Windows.Over(input, word.Pair('d') ?? Pair.Both(1), 1),
            ReturnIndices = word.Has("indices"),
        };
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        DeclareWindow(attribute);
        attribute.Property("ReturnIndices", ReturnIndices, false);
        return FormattableString.Invariant($"MaxPool{Dimensions}d");
    }

    public Maxima.ForEachWindow Over(Shape input, Shape output) =>
        visit => ForEachWindow(input, output, (o, window, _) => visit(o, window));

    protected override Estimate Forward(LayerRun run, Estimate x, int sample) =>
        Maxima.Forward(Over(run.Input, run.Output), run.Output.Size, x);

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) =>
        Maxima.Backward(Over(run.Input, run.Output), x, dy);

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? null : Draw(place.Shape, Gen.Constant("max"));
}
