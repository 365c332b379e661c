using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>Attention; what precedes it gives the values.</summary>
/// <param name="KeyValueHeads">Null for as many as there are of queries.</param>
/// <param name="Scale">Null for 1 / √(features of a head).</param>
internal sealed record ScaledDotProductAttention(
    string Query, string Key, int Heads, int? KeyValueHeads, double? Scale, bool Causal, int? Window, bool Alibi, string? Mask,
    float Dropout) : AttentionOperation(Heads, Causal, Window, Alibi, Mask, Dropout), ILayer
{
    public static IReadOnlyList<string> Kinds => ["attention"];

    public override string Stem => "scaleddotproductattention";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        Query, Key, Heads == 1 ? "" : FormattableString.Invariant($"heads{Heads}"),
        KeyValueHeads is null ? "" : FormattableString.Invariant($"kv{KeyValueHeads}"),
        Scale is null ? "" : FormattableString.Invariant($"scale{Scale}"), .. AttentionOptions,
    ];

    public override IReadOnlyList<string> Reads => [Query, Key, .. MaskRead];

    public static Layer Read(Word word, Shape input) => new ScaledDotProductAttention(word.Option(0), word.Option(1),
        (int)(word.Real("heads") ?? 1), (int?)word.Real("kv"), word.Real("scale"), word.Has("causal"), (int?)word.Real("window"),
        word.Has("alibi"), word.After("mask="), (float)(word.Real("drop") ?? 0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Property("Query", $"\"{Query}\"");
        attribute.Property("Key", $"\"{Key}\"");
        if (Heads != 1)
            attribute.Property("Heads", AttributeWriter.Code(Heads));
        if (KeyValueHeads is { } shared)
            attribute.Property("KeyValueHeads", AttributeWriter.Code(shared));
        if (Scale is { } scale)
            attribute.Property("Scale", AttributeWriter.Code(scale));
        DeclareAttention(attribute);
        return "ScaledDotProductAttention";
    }

    private int Shared => KeyValueHeads ?? Heads;

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => inputs.Take(3).All(input => input.IsSequence)
        ? [new Shape(inputs[1].Channels, inputs[0].Width / Shared * Heads)]
        : throw new FormatException("it takes three sequences.");

    public override long Work(IReadOnlyList<Shape> inputs) => 2L * inputs[1].Size * inputs[0].Channels;

    public override Estimate[][] Forward(LayerRun run) =>
    [
        [.. Enumerable.Range(0, run.Samples).Select(sample =>
            Function(run, sample).Apply(run.Inputs[1][sample], run.Inputs[2][sample], run.Inputs[0][sample]))],
    ];

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        (Estimate Query, Estimate Key, Estimate Value, Estimate? Mask)[] all =
        [
            .. gradients[0]!.Select((dy, sample) => Function(run, sample).Gradients(
                run.Inputs[1][sample], run.Inputs[2][sample], run.Inputs[0][sample], dy)),
        ];
        Estimate[][] ofOperands =
            [[.. all.Select(of => of.Value)], [.. all.Select(of => of.Query)], [.. all.Select(of => of.Key)]];
        return Mask is null ? ofOperands : [.. ofOperands, [.. all.Select(of => of.Mask!)]];
    }

    private AttentionFunction Function(LayerRun run, int sample)
    {
        Shape[] shapes = [.. run.Node.Inputs.Select(input => input.Shape)];
        return Function(run, sample, Shared, shapes[1].Channels, shapes[0].Channels, Scale ?? 1 / Math.Sqrt(shapes[1].Width / Heads),
            Mask is null ? null : (run.Inputs[3][sample], shapes[3]));
    }

    public static int Frequency => 1;

    /// <summary>Drawn with the other layers of sequences.</summary>
    public static Gen<string>? Draw(Place place) => null;
}
