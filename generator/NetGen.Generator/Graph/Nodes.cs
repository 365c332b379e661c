using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Graph;

/// <summary>An operation on one sample's tensors. Gradient nodes are made by the pass Differentiate from their forward node.</summary>
internal abstract class Node(string name, string title)
{
    /// <summary>Pascal case, the stem of the emitted methods' names, e.g. <c>Conv1</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The layer as declared, e.g. <c>Conv2d(32, 64, 5, padding 2)</c>, for headings.</summary>
    public string Title { get; } = title;

    public List<Value> Inputs { get; } = [];

    /// <summary>Null for nodes whose result is the gradient of a parameter.</summary>
    public Value? Output { get; set; }

    /// <summary>The verb of the emitted method: <c>Forward</c>, <c>InputGradient</c>, ….</summary>
    public abstract string Verb { get; }

    public Value Input => Inputs[0];
}

/// <summary>What a producing kernel does to its result before it stores it.</summary>
internal interface IHasEpilogue
{
    /// <summary>Applied last; null where nothing is fused.</summary>
    ActivationKind? Activation { get; set; }
}

/// <summary>A gradient kernel that can multiply by an activation's derivative before it stores.</summary>
internal interface IHasGradientMask
{
    /// <summary>The activation whose derivative is fused, and its saved output.</summary>
    (ActivationKind Kind, Value Output)? Mask { get; set; }
}

internal sealed class Conv2dNode(string name, string title, Conv2dSpec spec, ParameterInfo weight, ParameterInfo? bias)
    : Node(name, title), IHasEpilogue
{
    public Conv2dSpec Spec { get; } = spec;

    public ParameterInfo Weight { get; } = weight;

    public ParameterInfo? Bias { get; } = bias;

    public ActivationKind? Activation { get; set; }

    /// <summary>Added after the bias and before the activation: the other operand of a fused residual addition.</summary>
    public Value? Residual { get; set; }

    public override string Verb => "Forward";
}

internal sealed class Conv2dInputGradientNode(Conv2dNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public Conv2dNode Forward { get; } = forward;

    public (ActivationKind Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";
}

internal sealed class Conv2dWeightGradientNode(Conv2dNode forward) : Node(forward.Name, forward.Title)
{
    public Conv2dNode Forward { get; } = forward;

    public Value OutputGradient => Inputs[1];

    public override string Verb => "WeightGradient";
}

internal sealed class LinearNode(string name, string title, LinearSpec spec, int inFeatures, ParameterInfo weight, ParameterInfo? bias)
    : Node(name, title), IHasEpilogue
{
    public LinearSpec Spec { get; } = spec;

    public int InFeatures { get; } = inFeatures;

    public int OutFeatures => Spec.OutFeatures;

    public ParameterInfo Weight { get; } = weight;

    public ParameterInfo? Bias { get; } = bias;

    public ActivationKind? Activation { get; set; }

    public override string Verb => "Forward";
}

internal sealed class LinearInputGradientNode(LinearNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public LinearNode Forward { get; } = forward;

    public (ActivationKind Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";
}

internal sealed class LinearWeightGradientNode(LinearNode forward) : Node(forward.Name, forward.Title)
{
    public LinearNode Forward { get; } = forward;

    public Value OutputGradient => Inputs[1];

    public override string Verb => "WeightGradient";
}

internal sealed class ActivationNode(string name, string title, ActivationKind kind) : Node(name, title)
{
    public ActivationKind Kind { get; } = kind;

    public override string Verb => "Forward";
}

/// <summary>Inputs: the output's gradient, and the value <see cref="Saved"/> that the derivative is computed from.</summary>
internal sealed class ActivationGradientNode(ActivationNode forward) : Node(forward.Name, forward.Title)
{
    public ActivationNode Forward { get; } = forward;

    public Value Saved => Inputs[1];

    /// <summary>GELU's derivative needs its input; the others follow from the output.</summary>
    public static bool NeedsInput(ActivationKind kind) => kind is ActivationKind.GELU or ActivationKind.GELUTanh;

    public override string Verb => "InputGradient";
}

internal sealed class SoftmaxNode(string name, string title) : Node(name, title)
{
    public override string Verb => "Forward";
}

internal sealed class SoftmaxGradientNode(SoftmaxNode forward) : Node(forward.Name, forward.Title)
{
    public Value Saved => Inputs[1];

    public override string Verb => "InputGradient";
}

/// <summary>Maximum or average over a window.</summary>
internal sealed class PoolNode(string name, string title, bool isMax, Pair kernel, Pair stride, Pair padding, bool countIncludePad)
    : Node(name, title)
{
    public bool IsMax { get; } = isMax;

    public Pair Kernel { get; } = kernel;

    public Pair Stride { get; } = stride;

    public Pair Padding { get; } = padding;

    public bool CountIncludePad { get; } = countIncludePad;

    public override string Verb => "Forward";
}

/// <summary>Inputs: the output's gradient; for the maximum also the pool's input and output.</summary>
internal sealed class PoolGradientNode(PoolNode forward) : Node(forward.Name, forward.Title), IHasGradientMask
{
    public PoolNode Forward { get; } = forward;

    public (ActivationKind Kind, Value Output)? Mask { get; set; }

    public override string Verb => "InputGradient";
}

internal sealed class DropoutNode(string name, string title, float probability, bool channelwise, int stream) : Node(name, title)
{
    public float Probability { get; } = probability;

    public bool Channelwise { get; } = channelwise;

    /// <summary>Which sequence of the counter-based generator this layer draws from.</summary>
    public int Stream { get; } = stream;

    /// <summary>The factors, 0 or 1 / (1 − p), kept for the backward pass.</summary>
    public Value Scales { get; set; } = null!;

    public override string Verb => "Forward";
}

internal sealed class DropoutGradientNode(DropoutNode forward) : Node(forward.Name, forward.Title)
{
    public DropoutNode Forward { get; } = forward;

    public override string Verb => "InputGradient";
}

/// <summary>Image to vector in PyTorch's meaning; a view where memory allows, else a copy. <see cref="Backward"/> is the way back.</summary>
internal sealed class FlattenNode(string name, string title, bool backward) : Node(name, title)
{
    public bool Backward { get; } = backward;

    public override string Verb => Backward ? "InputGradient" : "Forward";
}

internal sealed class AddNode(string name, string title, bool backward) : Node(name, title)
{
    public bool Backward { get; } = backward;

    public override string Verb => Backward ? "InputGradient" : "Forward";
}

/// <summary>Loss and its gradient at once: input is the network's output, output is the gradient there.</summary>
internal sealed class LossNode(LossKind kind) : Node("Loss", kind == LossKind.CrossEntropy ? "CrossEntropyLoss" : "MSELoss")
{
    public LossKind Kind { get; } = kind;

    public override string Verb => "Gradient";
}
