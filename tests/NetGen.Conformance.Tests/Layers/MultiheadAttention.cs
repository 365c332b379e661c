using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>PyTorch's MultiheadAttention, over what arrives or over what <paramref name="Key"/> names.</summary>
/// <param name="Value">Null for what gives the keys.</param>
internal sealed record MultiheadAttention(
    int Heads, bool Bias, string? Key, string? Value, bool Causal, int? Window, bool Alibi, string? Mask, float Dropout)
    : AttentionOperation(Heads, Causal, Window, Alibi, Mask, Dropout), ILayer
{
    public static IReadOnlyList<string> Kinds => ["mha"];

    public override string Stem => "multiheadattention";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(Heads), Key is null ? "" : "key=" + Key, Value is null ? "" : "value=" + Value, Bias ? "" : "nobias",
        .. AttentionOptions,
    ];

    private int KeyAt => Key is null ? 0 : 1;

    private int ValueAt => Value is null ? KeyAt : KeyAt + 1;

    public override IReadOnlyList<string> Reads =>
        [.. new[] { Key, Value }.OfType<string>(), .. MaskRead];

    public static Layer Read(Word word, Shape input) => new MultiheadAttention(word.Number(0), !word.Has("nobias"), word.After("key="),
        word.After("value="), word.Has("causal"), (int?)word.Real("window"), word.Has("alibi"), word.After("mask="),
        (float)(word.Real("drop") ?? 0));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Heads);
        if (Key is not null)
            attribute.Property("Key", $"\"{Key}\"");
        if (Value is not null)
            attribute.Property("Value", $"\"{Value}\"");
        attribute.Property("Bias", Bias, true);
        DeclareAttention(attribute);
        return "MultiheadAttention";
    }

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => inputs[0].IsSequence && inputs[0].Width % Heads == 0
        ? [inputs[0]] : throw new FormatException("it takes a sequence with features that the heads divide.");

    private int[] Widths(IReadOnlyList<Shape> inputs) => [inputs[0].Width, inputs[KeyAt].Width, inputs[ValueAt].Width];

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs)
    {
        int[] widths = Widths(inputs);
        int features = widths[0];
        if (widths.Distinct().Count() == 1)
        {
            yield return new ParameterInfo("in_proj_weight", [3 * features, features], features, true);
        }
        else
        {
            for (int i = 0; i < 3; i++)
                yield return new ParameterInfo($"{"qkv"[i]}_proj_weight", [features, widths[i]], widths[i], true);
        }
        if (Bias)
            yield return new ParameterInfo("in_proj_bias", [3 * features], features, false);
        yield return new ParameterInfo("out_proj.weight", [features, features], features, true);
        if (Bias)
            yield return new ParameterInfo("out_proj.bias", [features], features, false);
    }

    public override long Work(IReadOnlyList<Shape> inputs)
        => 2L * inputs[0].Size * (inputs[0].Width + inputs[KeyAt].Channels) + 2L * inputs[0].Width * inputs[KeyAt].Size;

    /// <summary>The product for queries (0), keys (1) or values (2), and that behind the heads (3).</summary>
    private LinearRows ProductOf(LayerRun run, int which)
    {
        int features = run.Input.Width;
        if (which == 3)
            return new LinearRows(run, "out_proj.weight", 0, "out_proj.bias", 0, features, features);
        int width = Widths([.. run.Node.Inputs.Select(input => input.Shape)])[which];
        bool isPacked = run.TensorOrNull("in_proj_weight") is not null;
        return new LinearRows(run, isPacked ? "in_proj_weight" : $"{"qkv"[which]}_proj_weight", isPacked ? which * features : 0,
            "in_proj_bias", which * features, width, features);
    }

    private AttentionFunction Function(LayerRun run, int sample)
    {
        Shape[] shapes = [.. run.Node.Inputs.Select(input => input.Shape)];
        return Function(run, sample, Heads, shapes[0].Channels, shapes[KeyAt].Channels, 1 / Math.Sqrt(shapes[0].Width / Heads),
            Mask is null ? null : (run.Inputs[^1][sample], shapes[^1]));
    }

    private Estimate[] Operands(LayerRun run, int sample) =>
    [
        ProductOf(run, 0).Apply(run.Inputs[0][sample]), ProductOf(run, 1).Apply(run.Inputs[KeyAt][sample]),
        ProductOf(run, 2).Apply(run.Inputs[ValueAt][sample]),
    ];

    public override Estimate[][] Forward(LayerRun run) =>
    [
        [
            .. Enumerable.Range(0, run.Samples).Select(sample =>
            {
                Estimate[] operands = Operands(run, sample);
                return ProductOf(run, 3).Apply(Function(run, sample).Apply(operands[0], operands[1], operands[2]));
            }),
        ],
    ];

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        Estimate[][] bySample = [.. gradients[0]!.Select((dy, sample) => Backward(run, sample, dy))];
        return [.. Enumerable.Range(0, run.Inputs.Count).Select(i => bySample.Select(of => of[i]).ToArray())];
    }

    private Estimate[] Backward(LayerRun run, int sample, Estimate dy)
    {
        Estimate[] operands = Operands(run, sample);
        AttentionFunction function = Function(run, sample);
        Estimate heads = function.Apply(operands[0], operands[1], operands[2]);
        var of = function.Gradients(operands[0], operands[1], operands[2], ProductOf(run, 3).Gradient(heads, dy));
        var result = new Estimate?[run.Inputs.Count];
        Flow(0, ProductOf(run, 0).Gradient(run.Inputs[0][sample], of.Query));
        Flow(KeyAt, ProductOf(run, 1).Gradient(run.Inputs[KeyAt][sample], of.Key));
        Flow(ValueAt, ProductOf(run, 2).Gradient(run.Inputs[ValueAt][sample], of.Value));
        if (of.Mask is not null)
            result[^1] = of.Mask;
        return result!;

        void Flow(int input, Estimate gradient) => result[input] = result[input] is { } other ? Estimate.Add(other, gradient) : gradient;
    }

    public static int Frequency => 1;

    /// <summary>Drawn with the other layers of sequences.</summary>
    public static Gen<string>? Draw(Place place) => null;
}
