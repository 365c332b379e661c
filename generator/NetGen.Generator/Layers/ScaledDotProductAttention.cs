using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.ScaledDotProductAttentionLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>scaled_dot_product_attention</c>.</summary>
/// <param name="Query">Name of the value that gives the queries; null where none is given. Likewise <paramref name="Key"/>.</param>
/// <param name="KeyValueHeads">Null for as many as there are of queries.</param>
/// <param name="Scale">Null for 1 / √(features of a head).</param>
internal sealed record ScaledDotProductAttentionSpec(
    string Name, string? Query, string? Key, int Heads, int? KeyValueHeads, double? Scale, AttentionOptions Options) : LayerSpec(Name);

/// <summary>Attention of queries over keys and values, each of which is a sequence (positions, features of all heads).</summary>
internal sealed class ScaledDotProductAttentionLayer()
    : Layer<ScaledDotProductAttentionSpec>("NetGen.ScaledDotProductAttentionAttribute")
{
    protected override string TypeName(ScaledDotProductAttentionSpec spec) => "ScaledDotProductAttention";

    /// <summary>A mask has one size.</summary>
    public override bool TakesLengths(LayerSpec spec, int input) => input < 3;

    public override LayerSpec Read(LayerArguments arguments, string name) => new ScaledDotProductAttentionSpec(name,
        arguments.OptionalValueName("query", SecondInput.Form), arguments.OptionalValueName("key", SecondInput.Form),
        arguments.OptionalInt("heads") ?? 1, arguments.OptionalInt("keyValueHeads"), arguments.OptionalDouble("scale"),
        AttentionOptions.Read(arguments));

    protected override IReadOnlyList<NamedInput> Reads(ScaledDotProductAttentionSpec spec)
        => [Named("query", spec.Query, "Query"), Named("key", spec.Key, "Key"), .. AttentionOptions.Reads(spec.Options.Mask)];

    public static NamedInput Named(string argument, string? name, string property)
        => new(argument, name, DiagnosticDescriptors.AttentionInputMissing)
        {
            Missing = $"none is named as {property}: write {property} = \"…\"",
            Choices = known =>
            {
                string[] sequences = [.. known.All.Where(layer => layer.Output.IsSequence).Select(layer => $"'{layer.Path}'")];
                return sequences.Length == 0 ? "" : $"; sequences come from {MessageText.List(sequences)}";
            },
        };

    protected override IReadOnlyList<TensorShape> Infer(
        ScaledDotProductAttentionSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape value = RequirePositions(inputs[0], context.Source, null, context),
            query = RequirePositions(inputs[1], $"'{spec.Query}'", "query", context),
            key = RequirePositions(inputs[2], $"'{spec.Key}'", "key", context);
        var heads = new AttentionHeads(spec.Heads, spec.KeyValueHeads ?? spec.Heads);
        if (spec.Scale is double scale)
            context.RequireFinite((float)scale, "scale");
        spec.Options.Check(context);
        if (!heads.Check(context))
            return [TensorShape.Unknown];
        spec.Options.CheckLengths((query, $"'{spec.Query}'"), (key, $"'{spec.Key}'"), (value, context.Source), "key", context);
        if (spec.Options.Mask is not null && !query.HasLengths && !key.HasLengths)
            spec.Options.CheckMask(inputs[3], spec.Heads, query.Channels, key.Channels, context);
        string argument = spec.KeyValueHeads is null ? "heads" : "keyValueHeads";
        bool fits = AttentionHeads.Divide(query.Width, spec.Heads, "heads", $"the queries of '{spec.Query}'", context)
            & AttentionHeads.Divide(key.Width, heads.OfKeys, argument, $"the keys of '{spec.Key}'", context)
            & AttentionHeads.Divide(value.Width, heads.OfKeys, argument, $"the values of {context.Source}", context);
        if (!fits)
            return [TensorShape.Unknown];
        int ofQuery = query.Width / spec.Heads, ofKey = key.Width / heads.OfKeys;
        if (ofQuery != 0 && ofKey != 0 && ofQuery != ofKey)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "key", context.DisplayName,
                $"a head of '{spec.Query}' has {MessageText.Number(query.Width)} / {MessageText.Number(spec.Heads)} = "
                + $"{MessageText.Number(ofQuery)} features, one of '{spec.Key}' {MessageText.Number(key.Width)} / "
                + $"{MessageText.Number(heads.OfKeys)} = {MessageText.Number(ofKey)}");
        }
        if (key.Channels != 0 && value.Channels != 0 && key.Channels != value.Channels)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "key", context.DisplayName,
                $"'{spec.Key}' gives {MessageText.Count(key.Channels, "key")}, and {context.Source} "
                + $"{MessageText.Count(value.Channels, "value")}");
        }
        return [context.RequireCountable(query.WithLast(value.Width / heads.OfKeys * spec.Heads))];
    }

    /// <summary>Reports NG1111 if what is given is known not to be a sequence.</summary>
    /// <returns>The sequence, or one of unknown sizes.</returns>
    public static TensorShape RequirePositions(TensorShape shape, string source, string? argument, LayerContext context)
    {
        if (shape.IsSequence)
            return shape;
        if (!shape.IsUnknown)
            context.Report(DiagnosticDescriptors.AttentionMismatch, argument, context.DisplayName,
                $"{source} gives {shape.InWords}, and queries, keys and values are sequences (positions, features)");
        return TensorShape.Sequence(0, 0);
    }

    /// <summary>Each query with each key, and the values of each.</summary>
    protected override long MultiplyAdds(ScaledDotProductAttentionSpec spec, InferredLayer layer)
    {
        (TensorShape query, int keys) = (layer.Inputs[1].Shape, layer.Input.Channels);
        long all = (query.Width + (long)layer.Output.Width) * query.Channels * keys;
        return (long)(all * spec.Options.Share(keys));
    }

    protected override string Title(ScaledDotProductAttentionSpec spec, InferredLayer layer)
    {
        string heads = spec.KeyValueHeads is int shared && shared != spec.Heads
            ? $", {Invariant.Text(spec.Heads)} heads over {Invariant.Text(shared)}"
            : spec.Heads > 1 ? $", {Invariant.Text(spec.Heads)} heads" : "";
        string scale = spec.Scale is double factor ? $", scale {Invariant.Text(factor)}" : "";
        string causal = spec.Options.Causal ? ", causal" : "";
        return $"ScaledDotProductAttention({spec.Query}, {spec.Key}{heads}{causal}{scale}{spec.Options.InTitle})";
    }

    protected override IReadOnlyList<Value> Lower(
        ScaledDotProductAttentionSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        int shared = spec.KeyValueHeads ?? spec.Heads, head = inputs[1].Shape.Width / spec.Heads;
        var op = new AttentionOp(spec.Heads, shared, head, inputs[0].Shape.Width / shared, spec.Options.Causal,
            (float)(spec.Scale ?? 1 / Math.Sqrt(head)));
        return [spec.Options.Lower(op, layer, [inputs[1], inputs[2], inputs[0]], spec.Options.Mask is null ? null : inputs[3], builder,
            (attention, operands) => builder.Add(layer, attention, operands))];
    }
}
