using NetGen.Generator.Surface;
using NetGen.Generator.Text;
using static NetGen.Generator.Surface.Doc;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>The properties and types that show parameters and their gradients by layer.</summary>
internal static class ParameterSurface
{
    private static readonly SurfaceParameter s_storage = new(RuntimeTypes.AlignedBuffer, "storage");

    /// <summary>A property for each layer.</summary>
    /// <param name="what">What its tensors are.</param>
    /// <param name="orNone">What is said of those that are frozen.</param>
    public static IEnumerable<SurfaceMember> Properties(IEnumerable<LayerTensors> layers, string what, string orNone = "")
        => layers.Select(layer => Auto(layer.PropertyType, layer.Property).Says(
            Summary($"{what} of {XmlText.Escape(layer.Title)}{(layer.IsFrozen ? orNone : "")}.")) with { Needs = layer.Type });

    /// <summary>The type of a layer, with those of the layers inside.</summary>
    /// <param name="type">Its declaration.</param>
    public static SurfaceType Type(LayerTensors layer, SurfaceType type) => type with
    {
        Documentation =
        [
            Summary($"The tensors of {XmlText.Escape(layer.What)}: its parameters, or their gradients."),
        ],
        Bases = ["global::NetGen.IParameterSet"],
        Items =
        [
            Constructor(layer.Type, [s_storage, .. layer.Origin.Parameters()]).Does(() => Create(layer)) with { Access = "internal" },
            Auto(RuntimeTypes.ParameterList, "Parameters").Says(Summary("All of these tensors, in the order of files.")),
            .. layer.Tensors.Select(tensor => Auto(RuntimeTypes.Parameter, tensor.Property).Says(Summary(tensor.Documentation))),
            .. Properties(layer.Inner, "Tensors", layer.IsFrozen ? "" : "; null among gradients, since it is frozen"),
            .. layer.Inner.Select(inner => Type(inner, new SurfaceType(inner.Type, "public sealed class " + inner.Type))),
        ],
    };

    /// <summary>The gradients that a trainer leaves.</summary>
    public static SurfaceType Gradients(NetworkFacts network) => network.OwnType(NetworkMembers.Gradients) with
    {
        Documentation = [Summary("The gradients that the trainer's last backward pass left, by layer.")],
        Items =
        [
            Constructor(NetworkMembers.Gradients, s_storage).Does(() => CreateGradients(network)) with { Access = "internal" },
            .. Properties(Learning(network), "Gradients"),
            Auto(RuntimeTypes.ParameterList, NetworkMembers.AllGradients).Says(Summary(
                "All gradients, in the order of the network's <c>Parameters</c>"
                + $"{(network.Layers.Any(HasFrozen) ? "; frozen ones have none" : "")}.")),
        ],
    };

    /// <summary>Statements that set the properties of layers.</summary>
    /// <param name="storage">The buffer that the tensors lie in.</param>
    /// <param name="areGradients">An expression for whether they are gradients.</param>
    public static IEnumerable<string> Assignments(IEnumerable<LayerTensors> layers, string storage, string areGradients)
        => layers.Select(layer => $"{layer.Property} = {layer.Creation(storage, areGradients)};");

    /// <summary>The layers that have gradients.</summary>
    private static IReadOnlyList<LayerTensors> Learning(NetworkFacts network) => [.. network.Layers.Where(layer => !layer.IsFrozen)];

    private static bool HasFrozen(LayerTensors layer) => layer.IsFrozen || layer.Inner.Any(HasFrozen);

    /// <summary>Among gradients there is nothing of a frozen layer.</summary>
    private static string OrNone(LayerTensors layer, LayerTensors inner)
        => inner.IsFrozen && !layer.IsFrozen ? $"{TensorOrigins.Gradients} ? null! : " : "";

    private static Body Create(LayerTensors layer) => Body.Block(
    [
        .. layer.Tensors.Select(tensor => $"{tensor.Property} = {tensor.Value};"),
        .. layer.Inner.Select(inner => $"{inner.Property} = {OrNone(layer, inner)}{inner.Creation("storage", TensorOrigins.Gradients)};"),
        $"Parameters = {LayerTensors.List(layer.Tensors, layer.Inner)};",
    ]);

    private static Body CreateGradients(NetworkFacts network) => Body.Block(
    [
        .. Assignments(Learning(network), "storage", areGradients: "true"),
        $"{NetworkMembers.AllGradients} = {LayerTensors.List([], Learning(network))};",
    ]);
}
