using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.EmbeddingBagLayer))]

namespace NetGen.Generator.Layers;

/// <summary>
/// The mean, sum or maximum of the rows of a table that a sample's ints are the numbers of, or a sum in which each int has a weight.
/// </summary>
internal sealed class EmbeddingBagLayer() : LookupLayer<EmbeddingBagSpec>("NetGen.EmbeddingBagAttribute")
{
    protected override string TypeName(EmbeddingBagSpec spec) => "EmbeddingBag";

    public override LayerSpec Read(LayerArguments arguments, string name) => new EmbeddingBagSpec(
        name,
        arguments.Int("numEmbeddings"),
        arguments.Int("embeddingDim"),
        arguments.Choice("mode", "mean", "sum", "max") switch
        {
            "sum" => BagMode.Sum,
            "max" => BagMode.Max,
            _ => BagMode.Mean,
        },
        ReadPadding(arguments),
        arguments.OptionalValueName("perSampleWeights", SecondInput.Form));

    protected override IReadOnlyList<NamedInput> Reads(EmbeddingBagSpec spec) => spec.PerSampleWeights is not { } name ? []
        : [new NamedInput("perSampleWeights", name, DiagnosticDescriptors.BagWeights)];

    protected override IReadOnlyList<TensorShape> Infer(EmbeddingBagSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape input = inputs[0];
        if (!input.IsUnknown && !input.IsVector)
        {
            context.Report(DiagnosticDescriptors.WrongRank, null, context.DisplayName, "ints of one dimension, (length)", context.Source,
                input.InWords, "give the network an input of ints of one dimension");
        }
        if (spec.PerSampleWeights is not null)
        {
            if (spec.Mode != BagMode.Sum)
                ReportWeights($"its Mode is \"{InWords(spec.Mode)}\", and only rows of a sum have weights: write Mode = \"sum\"", context);
            if (input.IsVector && !inputs[1].IsUnknown && Mismatch(spec.PerSampleWeights, inputs[1], input) is { } mismatch)
                ReportWeights(mismatch, context);
        }
        return [TensorShape.Vector(CheckTable(spec, context))];
    }

    private static void ReportWeights(string reason, LayerContext context)
        => context.Report(DiagnosticDescriptors.BagWeights, "perSampleWeights", context.DisplayName, reason);

    /// <summary>Why the weights are known not to be one for each int; null where they may be.</summary>
    private static string? Mismatch(string name, TensorShape weights, TensorShape ints)
    {
        string given = $"'{name}' gives {weights.InWords}";
        if (!weights.IsVector && !weights.IsSequence)
            return $"{given}, and weights are a vector, or a sequence with one feature at each position";
        if (weights.Axis != ints.Axis)
        {
            return $"'{name}' has {Lengths(weights)}, and the ints have {Lengths(ints)}"
                + (ints.Axis is { } axis && weights.Axis is not null ? $": declare its input with Like = \"{axis}\"" : "");
        }
        int count = weights.Dimensions[0], each = weights.IsSequence ? weights.Width : 1, wanted = ints.Features;
        if (each <= 1 && (count == 0 || wanted == 0 || count == wanted))
            return null;
        string product = each > 1 && count > 0
            ? $", {MessageText.Number(count)} × {MessageText.Number(each)} = {MessageText.Number((long)count * each)} weights" : "";
        return $"{given}{product}, and {MessageText.Count(wanted, "int")} {(wanted == 1 ? "has" : "have")} a weight each: "
            + $"({MessageText.Number(wanted)}) or ({MessageText.Number(wanted)}, 1)";
    }

    private static string Lengths(TensorShape shape) => shape.Axis is { } axis
        ? $"as many positions as each sample brings for '{axis}'" : $"a fixed length of {MessageText.Number(shape.Dimensions[0])}";

    private static string InWords(BagMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>A weight times each number of its row.</summary>
    protected override long MultiplyAdds(EmbeddingBagSpec spec, InferredLayer layer)
        => spec.PerSampleWeights is null ? 0 : (long)layer.Input.Size * spec.EmbeddingDim;

    protected override string Title(EmbeddingBagSpec spec, InferredLayer layer)
    {
        string weights = spec.PerSampleWeights is { } name ? $", weights {name}" : "";
        return $"EmbeddingBag({InTitle(spec)}, {InWords(spec.Mode)}{PaddingInTitle(spec)}{weights})";
    }

    protected override IReadOnlyList<Value> Lower(
        EmbeddingBagSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        // What the largest numbers are from is kept for the gradient.
        bool keepsRows = spec.Mode == BagMode.Max && builder.Training;
        var op = new EmbeddingBagOp(
            spec.NumEmbeddings, spec.EmbeddingDim, inputs[0].Shape.Size, spec.Mode, spec.PaddingRow(), keepsRows)
        {
            HasWeights = inputs.Count > 1,
        };
        Value bag = builder.Add(layer, op, [.. inputs], "weight");
        if (keepsRows)
            builder.AddPort(bag, layer, "Rows", layer.Output with { Elements = ElementType.Int });
        return [bag];
    }
}
