using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>The sum of values of one shape: what arrives and those that are named. A <see cref="Residual"/> ends with one.</summary>
internal sealed record Add(IReadOnlyList<string> Names) : JoinOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["add"];

    public override string Stem => "add";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => Names;

    public override IReadOnlyList<string> Reads => Names;

    public static Layer Read(Word word, Shape input) => new Add(word.Options);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        foreach (string name in Names)
            attribute.Argument($"\"{name}\"");
        return "Add";
    }

    public override Shape InferJoined(IReadOnlyList<Shape> inputs) => inputs.All(input => input == inputs[0])
        ? inputs[0]
        : throw new FormatException($"{string.Join(" and ", inputs)} cannot be added.");

    protected override Estimate Forward(LayerRun run, Estimate[] inputs) => inputs.Aggregate(Estimate.Add);

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy) => [.. inputs.Select(_ => dy)];
}
