using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Ir;

/// <summary>
/// What a node computes of one sample's tensors: its kind and its constants, nothing of names, places or machines. Equal ops are equal
/// values, so that what is derived from an op can be shared by all nodes that have it. What a target makes of an op stands in the target's
/// folder.
/// </summary>
internal abstract record Op
{
    /// <summary>The verb of what is emitted for it: <c>Forward</c>, <c>InputGradient</c>, ….</summary>
    public virtual string Verb => "Forward";

    /// <summary>Gradients of parameters are its result, or among it.</summary>
    public virtual bool IsParameterGradient => false;

    /// <summary>The slot of the tensor that counts the batches of training; null where none does.</summary>
    public virtual string? BatchCounter => null;

    /// <summary>Values of one channel in one sample, where more than one of them is needed in a batch; null for all others.</summary>
    public virtual int? BatchValuesPerSample(Node node) => null;

    /// <summary>
    /// Appends the nodes that compute the gradients of a node's inputs and parameters. The one place where a derivative is said.
    /// </summary>
    /// <param name="node">The node that has this op.</param>
    /// <param name="gradient">Gradient of its output.</param>
    public virtual void Differentiate(IGradientBuilder builder, Node node, Value gradient)
        => throw new NotSupportedException($"No derivative for {GetType().Name}.");

    /// <summary>The same for an op whose further outputs have gradients as well.</summary>
    /// <param name="gradients">Of each output; null for those that none reaches, of which there is one at least that is not.</param>
    public virtual void Differentiate(IGradientBuilder builder, Node node, IReadOnlyList<Value?> gradients)
    {
        if (gradients[0] is { } gradient)
            Differentiate(builder, node, gradient);
    }

    /// <summary>
    /// Appends what computes a node for one position after another, in a graph whose samples are the positions of one sequence: from the
    /// position itself and from what the op keeps of those before it. The one place where it is said whether an op is causal.
    /// </summary>
    /// <param name="node">The node that has this op. All of its inputs have positions.</param>
    /// <returns>Null, or why it cannot be: what is said of the layer, e.g. <c>mixes all positions</c>.</returns>
    public virtual string? ToSteps(IStreamBuilder builder, Node node) => "has no form that takes one position at a time";
}

/// <summary>The op of a node that <see cref="Op.Differentiate"/> made: it belongs to the backward pass.</summary>
internal abstract record GradientOp : Op
{
    public override string Verb => "InputGradient";

    /// <summary>The verb of the gradient of one of several inputs.</summary>
    /// <param name="input">Which it is, from 0.</param>
    public static string InputGradientVerb(int input) => input switch
    {
        0 => "InputGradient",
        1 => "SecondInputGradient",
        _ => $"Input{Invariant.Text(input + 1)}Gradient",
    };
}

/// <summary>The op of a node whose whole result are gradients of parameters.</summary>
internal abstract record ParameterGradientOp : Op
{
    public override string Verb => "WeightGradient";

    public sealed override bool IsParameterGradient => true;
}

/// <summary>Appends what <see cref="Op.Differentiate"/> asks for to the graph's backward pass.</summary>
internal interface IGradientBuilder
{
    /// <summary>Appends the node that computes gradients of a node's parameters, where these are learned.</summary>
    void AddParameterGradient(Node forward, Op op, params Value[] inputs);

    /// <summary>The same of some of its parameters, where several nodes compute the gradients of one node's.</summary>
    /// <param name="suffix">Tells the nodes apart: behind the forward node's name.</param>
    /// <param name="slots">Slots of the forward node, and what they are called to <paramref name="op"/>.</param>
    void AddParameterGradient(Node forward, Op op, string suffix, (string Of, string To)[] slots, params Value[] inputs);

    /// <summary>Appends the node that computes what flows back to <paramref name="target"/>.</summary>
    /// <returns>
    /// What it computes, which may be one of several contributions to the gradient; null where nothing that varies gives the target.
    /// </returns>
    Value? Flow(Value target, Node forward, Op op, params Value[] inputs);

    /// <summary>Gives the node of such a value another output.</summary>
    /// <param name="suffix">Of its name.</param>
    Value AddPort(Value gradient, string suffix, TensorShape shape);

    /// <summary>
    /// Appends one node that computes what flows back to several inputs of a node, in their order.
    /// </summary>
    /// <returns>What flows back to the first; null where nothing that varies gives any of them.</returns>
    Value? FlowTogether(IReadOnlyList<Value> targets, Node forward, Op op, IReadOnlyList<Value> inputs);

    /// <summary>Sends a gradient back to a value as it is; one that several nodes use receives the sum of what they send back.</summary>
    void Accumulate(Value target, Value contribution, Node forward);
}
