using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Layers;
using NetGen.Generator.Passes;

namespace NetGen.Generator.Ir;

/// <summary>How a node treats the order of a vector's elements, which a flattened image may keep in blocks of 16 channels.</summary>
internal enum VectorOrder
{
    /// <summary>Needs PyTorch's order.</summary>
    Fixed,

    /// <summary>Element by element: its output has the order of its input.</summary>
    Kept,

    /// <summary>Takes any order, as its weights are packed to fit.</summary>
    Any,
}

/// <summary>
/// An operation on one sample's tensors. Gradient nodes are made by the pass Differentiate from their forward node. The node classes of a
/// layer stand in the layer's file.
/// </summary>
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

    /// <summary>What the node computes besides its output, e.g. the factors of dropout.</summary>
    public virtual IEnumerable<Value> ExtraOutputs => [];

    /// <summary>What it takes of the order of vectors.</summary>
    public virtual VectorOrder Order => VectorOrder.Fixed;

    /// <summary>It can read an image in the caller's order, [channel][row][column].</summary>
    public virtual bool ReadsPlainImage => false;

    /// <summary>It reads single elements of a vector, never a whole SIMD vector past the end.</summary>
    public virtual bool ReadsScalars => false;

    /// <summary>The parameters whose gradients are the node's result.</summary>
    public virtual bool IsParameterGradient => false;

    /// <summary>Values of one channel in one sample, where the node needs more than one of them in a batch; null for all others.</summary>
    public virtual int? BatchValuesPerSample => null;

    /// <summary>The tensor that counts the batches of training; null where none does.</summary>
    public virtual ParameterInfo? BatchCounter => null;

    /// <summary>Says what runs, for a session's <c>Schedule</c>; null for what is not worth saying.</summary>
    public virtual ScheduleEntry? Schedule => null;

    /// <summary>Zero columns that it needs on both sides of one of its inputs.</summary>
    public virtual (int Left, int Right) HaloOf(Value input) => (0, 0);

    /// <summary>Appends the nodes that compute the gradients of the inputs and of the parameters.</summary>
    public virtual void Differentiate(Differentiate pass, Value gradient)
        => throw new NotSupportedException($"No derivative for {GetType().Name}.");

    /// <summary>Chooses the packed layout of the node's parameters.</summary>
    public virtual void PackParameters(Graph graph, LayoutFacts facts)
    {
    }

    /// <summary>Chooses the layouts of <see cref="ExtraOutputs"/>, from those of inputs and output.</summary>
    public virtual void ChooseExtraLayouts()
    {
    }

    /// <summary>Lists what must be derived from the weights before the passes of training.</summary>
    public virtual void PrepareWeights(PreparedWeights prepared)
    {
    }

    /// <summary>Floats of working memory that its kernel needs for each worker.</summary>
    public virtual long ScratchLength => 0;

    /// <summary>Calls the kernels that compute the node, for the layouts of its values.</summary>
    public abstract void SelectKernels(KernelSelection selection);
}

/// <summary>How a layer runs, in words.</summary>
/// <param name="Layer">The layer, e.g. <c>Conv2 (Winograd)</c>.</param>
/// <param name="Lanes">What lies side by side in a vector: <c>image</c> for layers that follow the network's choice.</param>
internal sealed record ScheduleEntry(string Layer, ScheduleLanes Lanes);

internal enum ScheduleLanes
{
    /// <summary>Channels, or samples where the network prefers those.</summary>
    Image,
    OutputFeatures,
}

/// <summary>What a producing kernel does to its result before it stores it.</summary>
internal interface IHasEpilogue
{
    /// <summary>Applied last; null where nothing is fused.</summary>
    Activation? Activation { get; set; }
}

/// <summary>A producing kernel that can add another value before its activation.</summary>
internal interface IHasResidual
{
    /// <summary>The other operand of a fused residual addition; null where nothing is fused.</summary>
    Value? Residual { get; set; }
}

/// <summary>A gradient kernel that can multiply by an activation's derivative before it stores.</summary>
internal interface IHasGradientMask
{
    /// <summary>The activation whose derivative is fused, and its saved output.</summary>
    (Activation Kind, Value Output)? Mask { get; set; }
}
