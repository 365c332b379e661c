using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Inference;

/// <summary>How large a network is and how much it computes, layer by layer.</summary>
internal static class NetworkFigures
{
    /// <summary>One layer's figures, without those of the layers in it.</summary>
    /// <param name="Name">Its path.</param>
    /// <param name="Layer">In the words of its declaration.</param>
    /// <param name="Output">Shape of its output.</param>
    /// <param name="Parameters">Learned scalars.</param>
    /// <param name="MultiplyAdds">Of one sample.</param>
    public sealed record Row(string Name, string Layer, string Output, long Parameters, long MultiplyAdds);

    /// <summary>Input, layers and loss, in the order of the declaration; a block before its layers.</summary>
    public static IReadOnlyList<Row> Of(InferredNetwork network)
        => [.. Given(network), .. network.Layers.SelectMany(Below), .. OfLoss(network)];

    /// <summary>What the network itself is given; inputs with attributes of their own stand among the layers.</summary>
    private static IEnumerable<Row> Given(InferredNetwork network) => network.Inputs.Where(input => input.Value == ValueRef.Input)
        .Select(input => new Row(input.Name, "", input.Shape.ToString(), 0, 0));

    /// <summary>A layer and those in it.</summary>
    public static IEnumerable<Row> Below(InferredLayer layer) => layer.Members.SelectMany(Below).Prepend(Of(layer));

    /// <summary>A layer alone.</summary>
    public static Row Of(InferredLayer layer) => new(
        layer.Path, TitleOf(layer), layer.Output.ToString(), OwnParameters(layer), OwnMultiplyAdds(layer));

    /// <summary>In the words of its declaration, and whether training leaves it as it is.</summary>
    private static string TitleOf(InferredLayer layer)
    {
        Layer kind = LayerRegistry.For(layer.Spec);
        return kind.Title(layer) + (layer.Spec.IsFrozen && kind.HasParameters(layer.Spec) ? ", frozen" : "");
    }

    /// <summary>None where the network has no loss.</summary>
    public static IEnumerable<Row> OfLoss(InferredNetwork network)
        => network.Spec.Losses.Select(loss => new Row(loss.Name, LossRegistry.For(loss).Title(loss), "()", 0, 0));

    public static long Parameters(InferredNetwork network) => Of(network).Sum(r => r.Parameters);

    public static long MultiplyAdds(InferredNetwork network) => Of(network).Sum(r => r.MultiplyAdds);

    private static long OwnParameters(InferredLayer layer) => (long)LayerRegistry.CountParameters(layer);

    private static long OwnMultiplyAdds(InferredLayer layer) => LayerRegistry.For(layer.Spec).MultiplyAdds(layer);
}
