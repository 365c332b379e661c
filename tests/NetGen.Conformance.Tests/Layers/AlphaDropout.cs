using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Dropout for SELU. Its arithmetic is tested by itself; the interpreter knows the declaration only.</summary>
internal sealed record AlphaDropout(float Probability) : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["alphadrop"];

    public override string Stem => "alphadropout";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Probability)];

    public static Layer Read(Word word, Shape input) => new AlphaDropout(word.Constant(0, 0.5f));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(AttributeWriter.Code((double)Probability));
        return "AlphaDropout";
    }

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample) => throw Unknown();

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) => throw Unknown();

    private static NotSupportedException Unknown() => new("The interpreter does not know what AlphaDropout drops.");
}
