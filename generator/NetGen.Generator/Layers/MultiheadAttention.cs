using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.MultiheadAttentionLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>MultiheadAttention</c>, of what precedes it over itself or over what <paramref name="Key"/> names.</summary>
/// <param name="EmbedDim">Null for the features that arrive. Likewise <paramref name="KeyDim"/> and <paramref name="ValueDim"/>.</param>
/// <param name="Value">Null for what gives the keys.</param>
internal sealed record MultiheadAttentionSpec(
    string Name, int? EmbedDim, int Heads, bool Bias, string? Key, string? Value, int? KeyDim, int? ValueDim, AttentionOptions Options)
    : LayerSpec(Name)
{
    /// <summary>What DeepNorm multiplies the start of the products for values and of the last one by; 1 where nothing does.</summary>
    public float Gain { get; init; } = 1;
}

/// <summary>Products for queries, keys and values, attention of several heads, and a product of its results.</summary>
internal sealed class MultiheadAttentionLayer() : Layer<MultiheadAttentionSpec>("NetGen.MultiheadAttentionAttribute")
{
    private const string Packed = "in_proj_weight", Biases = "in_proj_bias", Out = "out_proj";

    /// <summary>Of queries, keys and values, where these differ in features.</summary>
    private static readonly string[] Apart = ["q_proj_weight", "k_proj_weight", "v_proj_weight"];

    private static readonly string[] Words = ["Query", "Key", "Value"];

    public override bool HasParameters(LayerSpec spec) => true;

    /// <summary>A mask has one size.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => input != Places((MultiheadAttentionSpec)spec).Mask;

    protected override string TypeName(MultiheadAttentionSpec spec) => "MultiheadAttention";

    public override LayerSpec Read(LayerArguments arguments, string name) => new MultiheadAttentionSpec(
        name, arguments.OptionalInt("embedDim"), arguments.Int("heads"), arguments.Bool("bias", true),
        arguments.OptionalValueName("key", SecondInput.Form), arguments.OptionalValueName("value", SecondInput.Form),
        arguments.OptionalInt("keyDim"), arguments.OptionalInt("valueDim"), AttentionOptions.Read(arguments));

    protected override IReadOnlyList<NamedInput> Reads(MultiheadAttentionSpec spec)
        => [.. Named("key", spec.Key), .. Named("value", spec.Value), .. AttentionOptions.Reads(spec.Options.Mask)];

    private static IEnumerable<NamedInput> Named(string argument, string? name)
    {
        if (name is not null)
            yield return ScaledDotProductAttentionLayer.Named(argument, name, "") with { Descriptor = DiagnosticDescriptors.MemoryMissing };
    }

    /// <summary>Which of the layer's inputs are queries, keys, values and mask.</summary>
    private static (int Key, int Value, int? Mask) Places(MultiheadAttentionSpec spec)
    {
        int next = 1, key = spec.Key is null ? 0 : next++, value = spec.Value is null ? key : next++;
        return (key, value, spec.Options.Mask is null ? null : next);
    }

    protected override IReadOnlyList<TensorShape> Infer(
        MultiheadAttentionSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape query = context.RequirePositions(inputs[0]);
        (int keyAt, int valueAt, int? maskAt) = Places(spec);
        string keySource = spec.Key is null ? context.Source : $"'{spec.Key}'",
            valueSource = spec.Value is null ? keySource : $"'{spec.Value}'";
        TensorShape key = keyAt == 0 ? query : ScaledDotProductAttentionLayer.RequirePositions(inputs[keyAt], keySource, "key", context),
            value = valueAt == keyAt ? key
                : ScaledDotProductAttentionLayer.RequirePositions(inputs[valueAt], valueSource, "value", context);
        spec.Options.Check(context);
        CheckFeatures(spec.EmbedDim, query, "embedDim", context.Source, context);
        CheckFeatures(spec.KeyDim, key, "keyDim", keySource, context);
        CheckFeatures(spec.ValueDim, value, "valueDim", valueSource, context);
        spec.Options.CheckLengths((query, context.Source), (key, keySource), (value, valueSource), "value", context);
        int heads = context.RequireAtLeastOne(spec.Heads, "heads", "number of heads");
        if (heads != 0 && AttentionHeads.Divide(query.Width, heads, "heads", context.Source, context) && maskAt is int mask
            && !query.HasLengths && !key.HasLengths)
            spec.Options.CheckMask(inputs[mask], heads, query.Channels, key.Channels, context);
        if (key.Channels != 0 && value.Channels != 0 && key.Channels != value.Channels)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "value", context.DisplayName,
                $"{keySource} gives {MessageText.Count(key.Channels, "key")}, and {valueSource} "
                + $"{MessageText.Count(value.Channels, "value")}");
        }
        return [query];
    }

    /// <summary>Reports NG1001 where features that are written are not those that come.</summary>
    private static void CheckFeatures(int? written, TensorShape given, string argument, string source, LayerContext context)
    {
        if (written is int expected && context.RequireAtLeastOne(expected, argument, "number of features") != 0 && given.Width != 0
            && given.Width != expected)
        {
            context.Report(DiagnosticDescriptors.FeatureMismatch, argument, context.DisplayName,
                MessageText.Count(expected, "feature"), source, LayerContext.FeaturesOfPositions(given));
        }
    }

    /// <summary>Features of queries, keys and values.</summary>
    private static int[] Widths(MultiheadAttentionSpec spec, InferredLayer layer)
    {
        (int key, int value, _) = Places(spec);
        return [.. new[] { 0, key, value }.Select(input => layer.Inputs[input].Shape)
            .Select(shape => shape.IsSequence ? shape.Width : 0)];
    }

    private static bool IsPacked(int[] widths) => widths[1] == widths[0] && widths[2] == widths[0];

    protected override BigInteger CountParameters(MultiheadAttentionSpec spec, InferredLayer layer)
        => !layer.Input.IsSequence ? 0
            : Widths(spec, layer).Append(layer.Input.Width).Aggregate(BigInteger.Zero, (sum, width)
                => sum + ((BigInteger)width + (spec.Bias ? 1 : 0)) * layer.Input.Width);

    protected override IReadOnlyList<LayerParameter> Parameters(MultiheadAttentionSpec spec, InferredLayer layer)
    {
        int[] widths = Widths(spec, layer);
        int features = widths[0];
        IEnumerable<LayerParameter> weights = IsPacked(widths)
            ? [Weight(Packed, features, 3 * features, new WeightStart(IsXavier: true, spec.Gain, 2 * features))]
            : Apart.Select((name, i) => Weight(name, widths[i], features, new WeightStart(IsXavier: true, i == 2 ? spec.Gain : 1)));
        WeightStart? last = spec.Gain == 1 ? null : new WeightStart(IsXavier: false, spec.Gain);
        return
        [
            .. weights, .. Bias(Biases, 3 * features), Weight(Out + ".weight", features, features, last),
            .. Bias(Out + ".bias", features),
        ];

        LayerParameter Weight(string name, int inFeatures, int outFeatures, WeightStart? start)
            => new(name, [outFeatures, inFeatures], ParameterRole.Weight, inFeatures, outFeatures) { Start = start };

        IEnumerable<LayerParameter> Bias(string name, int length)
            => spec.Bias ? [new LayerParameter(name, [length], ParameterRole.Bias, features, length) { InitialValue = 0 }] : [];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ((MultiheadAttentionSpec)spec).Bias
        ? ["InProjWeight", "InProjBias", "OutProjWeight", "OutProjBias"] : ["InProjWeight", "OutProjWeight"];

    protected override long MultiplyAdds(MultiheadAttentionSpec spec, InferredLayer layer)
    {
        int[] widths = Widths(spec, layer);
        long queries = layer.Input.Channels, keys = layer.Inputs[Places(spec).Key].Shape.Channels, features = widths[0];
        return features * (2 * queries * features + keys * (widths[1] + (long)widths[2]))
            + (long)(2 * features * queries * keys * spec.Options.Share((int)keys));
    }

    protected override string Title(MultiheadAttentionSpec spec, InferredLayer layer)
    {
        string memory = spec.Key is null && spec.Value is null ? ""
            : $", over {spec.Key ?? "itself"}{(spec.Value is null ? "" : $" and {spec.Value}")}";
        return $"MultiheadAttention({Invariant.Text(layer.Input.Width)}, {Invariant.Text(spec.Heads)} heads{memory}"
            + $"{(spec.Options.Causal ? ", causal" : "")}{spec.Options.InTitle}{(spec.Bias ? "" : ", no bias")})";
    }

    protected override IReadOnlyList<Value> Lower(
        MultiheadAttentionSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        (int key, int value, int? mask) = Places(spec);
        int[] widths = Widths(spec, layer), sources = [0, key, value];
        int features = widths[0], head = features / spec.Heads;
        bool isPacked = IsPacked(widths);
        Value[] operands =
        [
            .. Words.Select((word, i) => builder.AddPart(layer, new LinearOp(widths[i], features), word, word,
                inputs[sources[i]].Shape.WithLast(features), [inputs[sources[i]]], i, Words.Length,
                [("weight", isPacked ? Packed : Apart[i], isPacked), ("bias", Biases, true)])),
        ];
        var op = new AttentionOp(spec.Heads, spec.Heads, head, head, spec.Options.Causal, (float)(1 / Math.Sqrt(head)));
        Value heads = spec.Options.Lower(op, layer, operands, mask is int at ? inputs[at] : null, builder,
            (attention, read) => builder.AddInner(layer, attention, "Attention", "Heads", layer.Output, read));
        return
        [
            builder.AddLast(layer, new LinearOp(features, features), [heads],
                [("weight", Out + ".weight"), ("bias", Out + ".bias")]),
        ];
    }
}
