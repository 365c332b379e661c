using NetGen.Generator.Layers;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>A layer that has parameters, as the surface shows it: a property, and the class that it is of.</summary>
/// <param name="Property">Of the network or of the block around.</param>
/// <param name="Type">
/// The class, after the properties of the whole path: in a block in a block, <c>residual1.residual1</c>, one called after the last name
/// alone would have the name of the class around it, which C# forbids. Of a Repeat it is the class of one block.
/// </param>
/// <param name="What">What the class has the tensors of, e.g. <c>conv1, Conv2d(1, 32, 3)</c>.</param>
/// <param name="Title">The layer as declared.</param>
/// <param name="Tensors">The layer's own.</param>
/// <param name="Inner">The layers of a block.</param>
internal sealed record LayerTensors(
    string Property,
    string Type,
    string What,
    string Title,
    IReadOnlyList<LayerTensors.Tensor> Tensors,
    IReadOnlyList<LayerTensors> Inner)
{
    /// <param name="Documentation">Its shape.</param>
    /// <param name="Value">An expression for it in the constructor of the class.</param>
    internal sealed record Tensor(string Property, string Documentation, string Value);

    /// <summary>What the constructor of the class is told besides the buffer.</summary>
    public TensorOrigin Origin { get; init; }

    /// <summary>Training leaves all of them as they are: they have no gradients.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>How the blocks of a Repeat are made; null for a layer that is shown by itself.</summary>
    public RepeatedTensors? Repeated { get; init; }

    /// <summary>The network that the layer is, where the network around shows it as such; null for other layers.</summary>
    public PartTensors? Part { get; init; }

    /// <summary>The layer is a Repeat, also where nothing is known of its blocks.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>That of the property.</summary>
    public string PropertyType => IsRepeated ? $"{RuntimeTypes.RepeatedBlocks}<{Type}>" : Type;

    /// <summary>Those of a network in error that have a name at least.</summary>
    /// <param name="path">The properties of the blocks around.</param>
    public static IReadOnlyList<LayerTensors> OfError(IEnumerable<LayerSpec> layers, string path)
    {
        IEnumerable<LayerSpec> shown = layers.SelectMany(layer => layer.Named)
            .Where(layer => LayerRegistry.HasParameters(layer) && layer.Name.IndexOf('?') < 0);
        return [.. shown.Select(layer => OfError(layer, path + layer.PropertyName))];
    }

    /// <summary>An expression for the object, where its class is made.</summary>
    /// <param name="storage">The buffer that the tensors lie in.</param>
    /// <param name="areGradients">An expression for whether they are gradients.</param>
    public string Creation(string storage, string areGradients)
    {
        IEnumerable<string> arguments = Repeated?.Arguments ?? Origin.Parameters().Select(parameter => parameter.Name);
        string all = string.Join(", ",
            arguments.Select(argument => argument == TensorOrigins.Gradients ? areGradients : argument).Prepend(storage));
        string creation = $"new {Type}({all})";
        return Repeated is { } repeated ? $"new {PropertyType}({Literals.Int(repeated.Count)}, i => {creation})" : creation;
    }

    /// <summary>
    /// A list of all tensors, in the order of files: those of the layers inside are put together by the runtime, since a spread of C# is a
    /// loop for each of them, and a constructor of hundreds would be more than the JIT optimises.
    /// </summary>
    public static string List(IEnumerable<Tensor> tensors, IEnumerable<LayerTensors> inner)
    {
        string[] own = [.. tensors.Select(tensor => tensor.Property)];
        string joined = $"global::NetGen.CompilerServices.ParameterLists.Join({string.Join(", ", inner.Select(layer => layer.Property))})";
        return !inner.Any() ? $"[{string.Join(", ", own)}]" : own.Length == 0 ? joined : $"[{string.Join(", ", own)}, .. {joined}]";
    }

    private static LayerTensors OfError(LayerSpec layer, string path)
    {
        LayerSpec declared = layer is UnreadableSpec { Declared: { } known } ? known : layer;
        Layer kind = LayerRegistry.For(declared);
        bool isRepeated = kind.Repeats(declared);
        IEnumerable<LayerSpec> inner = isRepeated ? declared.Scopes[0].Layers : declared.Members;
        IEnumerable<Tensor> tensors = kind.TensorNames(declared).Select(tensor => new Tensor(tensor, "", ""));
        return new LayerTensors(
            layer.PropertyName, NetworkMembers.ParametersOf(path), layer.Name, Title: "", [.. tensors], OfError(inner, path))
        {
            IsRepeated = isRepeated,
            IsFrozen = layer.IsFrozen,
            Part = declared is PartSpec part ? new PartTensors(part.FullName, part.Access, 0, 0) : null,
        };
    }
}

/// <summary>A network that is part of another.</summary>
/// <param name="Type">Its class.</param>
/// <param name="Access">Of the property that gives it.</param>
/// <param name="Offset">Floats in front of its parameters.</param>
/// <param name="Length">Floats of its parameters.</param>
internal sealed record PartTensors(string Type, string Access, int Offset, int Length)
{
    /// <summary>An expression for the network.</summary>
    /// <param name="storage">The buffer of the network around.</param>
    public string Creation(string storage)
        => $"new {Type}(0UL, {RuntimeTypes.PartMemory}.In({storage}, {Literals.Int(Offset)}, {Literals.Int(Length)}))";
}

/// <summary>How the blocks of a Repeat are made.</summary>
/// <param name="Arguments">Those of the block's constructor behind the buffer, for the block of index <c>i</c>.</param>
/// <param name="Origin">What these need of the class around.</param>
internal sealed record RepeatedTensors(int Count, IReadOnlyList<string> Arguments, TensorOrigin Origin);
