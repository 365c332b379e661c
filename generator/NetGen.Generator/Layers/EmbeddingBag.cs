using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

[assembly: Kind(typeof(NetGen.Generator.Layers.EmbeddingBagLayer))]

namespace NetGen.Generator.Layers;

/// <summary>The mean, sum or maximum of the rows of a table that a sample's ints are the numbers of.</summary>
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
        ReadPadding(arguments));

    protected override TensorShape Infer(EmbeddingBagSpec spec, TensorShape input, LayerContext context)
    {
        if (!input.IsUnknown && !input.IsVector)
        {
            context.Report(DiagnosticDescriptors.WrongRank, null, context.DisplayName, "ints of one dimension, (length)", context.Source,
                input.InWords, "give the network an input of ints of one dimension");
        }
        return TensorShape.Vector(CheckTable(spec, context));
    }

    protected override string Title(EmbeddingBagSpec spec, TensorShape input)
        => $"EmbeddingBag({InTitle(spec)}, {spec.Mode.ToString().ToLowerInvariant()}{PaddingInTitle(spec)})";

    protected override Value Lower(EmbeddingBagSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
    {
        // What the largest numbers are from is kept for the gradient.
        bool keepsRows = spec.Mode == BagMode.Max && builder.Training;
        var op = new EmbeddingBagOp(spec.NumEmbeddings, spec.EmbeddingDim, input.Shape.Size, spec.Mode, spec.PaddingRow(), keepsRows);
        Value bag = builder.Add(layer, op, [input], "weight");
        if (keepsRows)
            builder.AddPort(bag, layer, "Rows", layer.Output with { Elements = ElementType.Int });
        return bag;
    }
}
