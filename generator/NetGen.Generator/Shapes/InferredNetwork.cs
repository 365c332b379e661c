using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>A network whose every shape is known and checked.</summary>
/// <param name="Inputs">What the caller gives, in the order of the declaration.</param>
/// <param name="Outputs">What the caller is given, in the order of the declaration; at least one.</param>
internal sealed record InferredNetwork(
    NetworkSpec Spec, EquatableArray<InferredPort> Inputs, EquatableArray<InferredPort> Outputs, EquatableArray<InferredLayer> Layers)
{
    /// <summary>What is computed from one input, and is one value.</summary>
    public bool IsSimple => Inputs.Count == 1 && Outputs.Count == 1;

    /// <summary>Shape of the first input.</summary>
    public TensorShape Input => Inputs.Count == 0 ? TensorShape.Unknown : Inputs[0].Shape;

    /// <summary>Shape of the first output.</summary>
    public TensorShape Output => Outputs[0].Shape;

    /// <summary>
    /// The numbers of the outputs that a loss is of; −1 for one that there is not. A loss that names none is of the only one.
    /// </summary>
    public IReadOnlyList<int> OutputsOf(LossSpec loss)
    {
        List<string> names = [.. Outputs.Select(output => output.Name)];
        return loss.Of.Count == 0 ? [names.Count == 1 ? 0 : -1] : [.. loss.Of.Select(name => names.IndexOf(name))];
    }
}

/// <summary>A value that the caller gives or is given.</summary>
/// <param name="Name">As declared; <c>input</c> and <c>output</c> where nothing is.</param>
internal readonly record struct InferredPort(string Name, ValueRef Value, TensorShape Shape)
{
    public const string Input = "input", Output = "output";
}

/// <summary>A layer with the values that it reads and those that it gives.</summary>
/// <param name="Path">Dotted name from the network down, e.g. <c>residual1.conv2</c>: the prefix of its parameters' names in files.</param>
/// <param name="Inputs">What precedes it, then what it reads by name, then what its scopes give.</param>
/// <param name="Outputs">What the layers behind it are given, then its further outputs.</param>
/// <param name="Scopes">The blocks that it uses; empty for other layers.</param>
internal sealed record InferredLayer(
    LayerSpec Spec, string Path, EquatableArray<InferredInput> Inputs, EquatableArray<InferredOutput> Outputs,
    EquatableArray<InferredScope> Scopes)
{
    /// <summary>The layer whose tensors it uses; null where it has its own.</summary>
    public string? SharedPath { get; init; }

    /// <summary>In front of the names of the tensors that it uses.</summary>
    public string ParameterPath => SharedPath ?? Path;

    /// <summary>A layer that reads one value and gives one.</summary>
    public static InferredLayer Simple(LayerSpec spec, string path, InferredInput input, TensorShape output) => new(
        spec, path, new[] { input }.ToEquatableArray(), new[] { new InferredOutput("", output) }.ToEquatableArray(),
        EquatableArray<InferredScope>.Empty);

    /// <summary>Shape of what precedes it; of an input of the network, its own.</summary>
    public TensorShape Input => Inputs.Count > 0 ? Inputs[0].Shape : Output;

    /// <summary>Shape of what the layers behind it are given.</summary>
    public TensorShape Output => Outputs[0].Shape;

    /// <summary>What the layers behind it are given.</summary>
    public ValueRef Value => new(Path, Outputs[0].Port);

    /// <summary>The layers one step below this one in the tree of names.</summary>
    public IEnumerable<InferredLayer> Members => Scopes.SelectMany(scope => scope.Members);

    /// <summary>
    /// What the layer adds to the tree of names: itself, or, where it has no name, what its blocks add, unless these use another's tensors.
    /// </summary>
    public IEnumerable<InferredLayer> Named
        => Spec is { IsNameless: true, Shares: null } ? Members.SelectMany(member => member.Named) : [this];
}

/// <summary>A value that a layer reads.</summary>
internal readonly record struct InferredInput(ValueRef Value, TensorShape Shape);

/// <summary>A value that a layer gives.</summary>
/// <param name="Port">Empty for the first; the others have names, e.g. <c>indices</c>.</param>
internal readonly record struct InferredOutput(string Port, TensorShape Shape);

/// <summary>A block as one layer uses it, with its shapes.</summary>
/// <param name="Path">Path of its layers without their own names, e.g. <c>residual1.shortcut</c>.</param>
/// <param name="Input">What its first layer reads.</param>
/// <param name="Output">What its last layer gives.</param>
internal sealed record InferredScope(ScopeSpec Spec, string Path, EquatableArray<InferredLayer> Layers, InferredInput Input,
    InferredInput Output)
{
    /// <summary>A scope with a name, as a layer that has just this block.</summary>
    public InferredLayer AsLayer => new(
        Spec.AsLayer,
        Path,
        new[] { Input, Output }.ToEquatableArray(),
        new[] { new InferredOutput("", Output.Shape) }.ToEquatableArray(),
        new[] { this with { Spec = Spec with { Name = "" } } }.ToEquatableArray());

    /// <summary>What the scope adds to the tree of names: itself, or, where it has no name, its layers.</summary>
    public IEnumerable<InferredLayer> Members => Spec.Name.Length > 0 ? [AsLayer] : Layers;
}
