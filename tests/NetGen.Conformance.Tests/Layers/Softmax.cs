using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Softmax over the features of a vector.</summary>
internal sealed record Softmax : UnaryOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["softmax"];

    public override string Stem => "softmax";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Softmax();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "Softmax";

    public override Shape Infer(Shape input) => input;

    protected override Estimate Forward(LayerRun run, Estimate x, int sample) => SoftmaxFunction.Apply(x);

    protected override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample) => SoftmaxFunction.Gradient(y, dy);

    public static Gen<string>? Draw(Place place) => place.Shape.IsVector ? Gen.Constant("softmax") : null;
}
