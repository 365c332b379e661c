using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// <c>Dropout</c>, or <c>Dropout2d</c> where <paramref name="Channelwise"/> is true. The interpreter takes the masks from the test that
/// runs it; without any, nothing is dropped.
/// </summary>
internal sealed record Dropout(float Probability, bool Channelwise) : UnaryOperation, ILayer, IDrops
{
    public float Dropped => Probability;

    public static IReadOnlyList<string> Kinds => ["drop", "drop2d"];

    public override string Stem => "dropout";

    public override string Kind => Kinds[Channelwise ? 1 : 0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Probability)];

    public static Layer Read(Word word, Shape input) => new Dropout(word.Constant(0, 0.5f), word.Kind == "drop2d");

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(AttributeWriter.Code((double)Probability));
        return Channelwise ? "Dropout2d" : "Dropout";
    }

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample) => Drop(run, x, sample);

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) => Drop(run, dy, sample);

    private Estimate Drop(LayerRun run, Estimate x, int sample)
    {
        if (!run.Drops)
            return x;
        int plane = Channelwise ? run.Input.Plane : 1;
        return x.Scale([.. Enumerable.Range(0, x.Length).Select(i => run.DropoutScale(sample, i / plane))]);
    }
}
