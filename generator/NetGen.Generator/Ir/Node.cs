using NetGen.Generator.Specs;

namespace NetGen.Generator.Ir;

/// <summary>A use of a tensor of a layer by a node.</summary>
/// <param name="Slot">What the tensor is to the op, e.g. <c>weight</c>.</param>
internal sealed record ParameterUse(string Slot, ParameterInfo Parameter)
{
    /// <summary>
    /// Of a node that computes gradients of the tensor: how many nodes do so before it, since other layers use the tensor as well. A <see
    /// cref="ParameterGradientSumOp"/> adds what they give.
    /// </summary>
    public int Turn { get; init; }

    /// <summary>Which of <see cref="Parts"/> of the tensor is used, from 0.</summary>
    public int Part { get; init; }

    /// <summary>
    /// Equal parts of the tensor's first dimension, which nodes use one by one, as the products for queries, keys and values that one
    /// tensor holds; 1 where it is used whole. All uses of a tensor have the same number.
    /// </summary>
    public int Parts { get; init; } = 1;
}

/// <summary>An operation of the graph: an op with its inputs, its outputs and the tensors that it uses.</summary>
/// <param name="name">Pascal case, the stem of the emitted methods' names, e.g. <c>Conv1</c>.</param>
/// <param name="title">The layer as declared, e.g. <c>Conv2d(32, 64, 5, padding 2)</c>, for headings.</param>
internal sealed class Node(string name, string title, Op op)
{
    public string Name { get; } = name;

    public string Title { get; } = title;

    /// <summary>The path of the innermost part that its layer is in; empty outside of all.</summary>
    public string Part { get; init; } = "";

    /// <summary>The path of its layer.</summary>
    public string Layer { get; init; } = "";

    /// <summary>What it computes; fusions give it another.</summary>
    public Op Op { get; set; } = op;

    public List<Value> Inputs { get; } = [];

    /// <summary>
    /// By port: the node's result first, then what it computes besides. Empty where the result are gradients of parameters.
    /// </summary>
    public List<Value> Outputs { get; } = [];

    public List<ParameterUse> Parameters { get; init; } = [];

    /// <summary>The node whose derivative this one is part of; null in the forward pass.</summary>
    public Node? Forward { get; init; }

    /// <summary>What the target knows of the node; see the target's folder.</summary>
    public object? Target { get; set; }

    public string Verb => Op.Verb;

    public Value Input => Inputs[0];

    /// <summary>Port 0; null for nodes whose result is the gradient of a parameter.</summary>
    public Value? Output => Outputs.Count > 0 ? Outputs[0] : null;

    public IEnumerable<Value> ExtraOutputs => Outputs.Skip(1);

    public ParameterInfo? BatchCounter => Op.BatchCounter is { } slot ? Parameter(slot) : null;

    public int? BatchValuesPerSample => Op.BatchValuesPerSample(this);

    /// <summary>The other operand of a fused addition.</summary>
    public Value? Residual => Op is IHasResidual { Residual: { } input } ? Inputs[input] : null;

    /// <summary>The activation whose derivative is fused, and its saved output.</summary>
    public (Activation Activation, Value Output)? Mask
        => Op is IHasGradientMask { Mask: { } mask } ? (mask.Activation, Inputs[mask.Input]) : null;

    /// <summary>The tensor of a slot.</summary>
    public ParameterInfo Parameter(string slot)
        => OptionalParameter(slot) ?? throw new InvalidOperationException($"The node {Name} has no tensor in the slot {slot}.");

    /// <summary>How the node uses a tensor.</summary>
    public ParameterUse UseOf(ParameterInfo parameter) => Parameters.First(use => use.Parameter == parameter);

    /// <summary>The tensor of a slot; null where the layer does without.</summary>
    public ParameterInfo? OptionalParameter(string slot) => Parameters.Find(use => use.Slot == slot)?.Parameter;

    /// <summary>Takes over the result of a node behind it, whose work it does from now on.</summary>
    public void TakeOver(Node absorbed)
    {
        Outputs.RemoveAt(0);
        Outputs.Insert(0, absorbed.Outputs[0]);
        Outputs[0].Producer = this;
    }
}
