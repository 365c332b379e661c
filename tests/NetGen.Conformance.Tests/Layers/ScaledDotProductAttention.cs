using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Attention; what precedes it gives the values.</summary>
/// <param name="KeyValueHeads">Null for as many as there are of queries.</param>
/// <param name="Scale">Null for 1 / √(features of a head).</param>
internal sealed record ScaledDotProductAttention(string Query, string Key, int Heads, int? KeyValueHeads, bool Causal, double? Scale)
    : JoinOperation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["attention"];

    public override string Stem => "scaleddotproductattention";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        Query, Key, Heads == 1 ? "" : FormattableString.Invariant($"heads{Heads}"),
        KeyValueHeads is null ? "" : FormattableString.Invariant($"kv{KeyValueHeads}"), Causal ? "causal" : "",
        Scale is null ? "" : FormattableString.Invariant($"scale{Scale}"),
    ];

    public override IReadOnlyList<string> Reads => [Query, Key];

    public static Layer Read(Word word, Shape input) => new ScaledDotProductAttention(word.Option(0), word.Option(1),
        (int)(word.Real("heads") ?? 1), (int?)word.Real("kv"), word.Has("causal"), word.Real("scale"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Property("Query", $"\"{Query}\"");
        attribute.Property("Key", $"\"{Key}\"");
        if (Heads != 1)
            attribute.Property("Heads", AttributeWriter.Code(Heads));
        if (KeyValueHeads is { } shared)
            attribute.Property("KeyValueHeads", AttributeWriter.Code(shared));
        attribute.Property("Causal", Causal, false);
        if (Scale is { } scale)
            attribute.Property("Scale", AttributeWriter.Code(scale));
        return "ScaledDotProductAttention";
    }

    private int Shared => KeyValueHeads ?? Heads;

    public override Shape InferJoined(IReadOnlyList<Shape> inputs) => inputs.All(input => input.IsSequence)
        ? new Shape(inputs[1].Channels, inputs[0].Width / Shared * Heads)
        : throw new FormatException("it takes three sequences.");

    public override long Work(IReadOnlyList<Shape> inputs) => 2L * inputs[1].Size * inputs[0].Channels;

    protected override Estimate Forward(LayerRun run, Estimate[] inputs) => Function(run).Apply(inputs[1], inputs[2], inputs[0]);

    protected override Estimate?[] Backward(LayerRun run, Estimate[] inputs, Estimate dy)
    {
        (Estimate query, Estimate key, Estimate value) = Function(run).Gradients(inputs[1], inputs[2], inputs[0], dy);
        return [value, query, key];
    }

    private AttentionFunction Function(LayerRun run)
    {
        Shape[] shapes = [.. run.Node.Inputs.Select(input => input.Shape)];
        return new AttentionFunction(Heads, Shared, shapes[1].Channels, shapes[0].Channels, Causal,
            Scale ?? 1 / Math.Sqrt(shapes[1].Width / Heads));
    }

    public static int Frequency => 1;

    /// <summary>Drawn with the other layers of sequences.</summary>
    public static Gen<string>? Draw(Place place) => null;
}
