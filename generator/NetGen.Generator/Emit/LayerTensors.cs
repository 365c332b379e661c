using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>A layer that has parameters, as the surface shows it.</summary>
/// <param name="Property">Of the network or of the block around.</param>
/// <param name="Type">
/// That of the property, after the whole path: in a block in a block, <c>residual1.residual1</c>, a type called after the last name alone
/// would have the name of the type around it, which C# forbids.
/// </param>
/// <param name="Path">As in files.</param>
/// <param name="Title">The layer as declared.</param>
/// <param name="Tensors">The layer's own.</param>
/// <param name="Inner">The layers of a block.</param>
internal sealed record LayerTensors(
    string Property,
    string Type,
    string Path,
    string Title,
    IReadOnlyList<LayerTensors.Tensor> Tensors,
    IReadOnlyList<LayerTensors> Inner)
{
    /// <param name="Documentation">Its shape.</param>
    /// <param name="Value">An expression for it in a buffer <c>storage</c>.</param>
    internal sealed record Tensor(string Property, string Documentation, Func<string> Value);

    public static IReadOnlyList<LayerTensors> Of(IEnumerable<InferredLayer> layers, ParameterTable parameters)
        => [.. layers.Where(layer => LayerRegistry.For(layer.Spec).HasParameters(layer.Spec)).Select(layer => Of(layer, parameters))];

    /// <summary>Those of a network in error that have a name at least.</summary>
    /// <param name="path">The properties of the blocks around.</param>
    public static IReadOnlyList<LayerTensors> OfError(IEnumerable<LayerSpec> layers, string path)
    {
        IEnumerable<LayerSpec> shown = layers.Where(layer => LayerRegistry.For(layer).HasParameters(layer) && layer.Name.IndexOf('?') < 0);
        return [.. shown.Select(layer => OfError(layer, path + layer.PropertyName))];
    }

    /// <summary>Expressions for all tensors, in the order of files, e.g. <c>Residual1.Conv1.Weight</c>.</summary>
    /// <param name="prefix">The object that has the layers, with a dot at its end; empty in its own members.</param>
    public static IEnumerable<string> Expressions(IEnumerable<LayerTensors> layers, string prefix = "")
    {
        foreach (LayerTensors layer in layers)
        {
            string path = $"{prefix}{layer.Property}.";
            foreach (string expression in layer.Tensors.Select(tensor => path + tensor.Property).Concat(Expressions(layer.Inner, path)))
                yield return expression;
        }
    }

    private static LayerTensors Of(InferredLayer layer, ParameterTable parameters) => new(
        layer.Spec.PropertyName, NetworkMembers.ParametersOf(Naming.Pascal(layer.Path)), layer.Path, LayerRegistry.For(layer.Spec).Title(layer),
        [.. parameters.Of(layer).Select(Of)], Of(layer.Members, parameters));

    private static Tensor Of(ParameterInfo parameter)
    {
        string shape = string.Join(", ", parameter.Shape.Select(extent => Literals.Int(extent)));
        string order = parameter.Shape.Count > 1 ? ", in PyTorch's order" : "";
        return new Tensor(parameter.PropertyName, $"[{shape}]{order}.", () => New(parameter, shape));
    }

    private static string New(ParameterInfo parameter, string shape)
    {
        const string Services = "global::NetGen.CompilerServices.";
        string dimensions = string.Join(", ", parameter.Packed.Dimensions.Select(
            dimension => $"new {Services}TensorDimension({Figures(dimension)})"));
        string initial = parameter.InitialValue is float value ? ", " + Literals.Float(value) : "";
        return $"new {RuntimeTypes.Parameter}({Literals.String(parameter.Path)}, new int[] {{ {shape} }}, storage, "
            + $"{Literals.Int(parameter.Offset)}, new {Services}TensorLayout({dimensions}), global::NetGen.ParameterKind.{parameter.Role}, "
            + $"{Literals.Int(parameter.FanIn)}, {Literals.Int(parameter.FanOut)}{initial})";
    }

    private static string Figures(PackedDimension dimension)
    {
        int[] figures = [dimension.Extent, dimension.Block, dimension.OuterStride, dimension.InnerStride];
        return string.Join(", ", figures.Select(figure => Literals.Int(figure)));
    }

    private static LayerTensors OfError(LayerSpec layer, string path)
    {
        LayerSpec declared = layer is UnreadableSpec { Declared: { } known } ? known : layer;
        Func<string> none = () => throw new InvalidOperationException("A network in error has no tensors.");
        IEnumerable<Tensor> tensors = LayerRegistry.For(declared).TensorNames(declared).Select(tensor => new Tensor(tensor, "", none));
        return new LayerTensors(
            layer.PropertyName, NetworkMembers.ParametersOf(path), layer.Name, Title: "", [.. tensors], OfError(declared.Members, path));
    }
}
