using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;

namespace NetGen.Generator.Cpu;

/// <summary>How an op treats the order of a vector's elements, which a flattened image may keep in blocks of 16 channels.</summary>
internal enum VectorOrder
{
    /// <summary>Needs PyTorch's order.</summary>
    Fixed,

    /// <summary>Element by element: its output has the order of its input.</summary>
    Kept,

    /// <summary>Takes any order, as its weights are packed to fit.</summary>
    Any,
}

/// <summary>Which dimension of what has several an op can have in the lanes.</summary>
internal enum LaneDimension
{
    /// <summary>The first, or the samples: its kernels know images.</summary>
    Channels,

    /// <summary>The last: its kernels take rows of features.</summary>
    Features,

    /// <summary>Either, the same for all that it reads and gives.</summary>
    Either,

    /// <summary>Each of its values may have another.</summary>
    Any,
}

/// <summary>How a layer runs, in words.</summary>
/// <param name="Layer">The layer, e.g. <c>Conv2 (Winograd)</c>.</param>
/// <param name="Lanes">What lies side by side in a vector: <c>image</c> for layers that follow the choice of their images.</param>
internal sealed record ScheduleEntry(string Layer, ScheduleLanes Lanes);

internal enum ScheduleLanes
{
    /// <summary>Channels, or samples where the region of their images prefers those.</summary>
    Image,
    OutputFeatures,
}

/// <summary>
/// What the processor makes of one node: everything about an op that knows lanes, layouts and packing. The passes of this folder ask it;
/// each op has one in <c>Ops/</c>, found by <see cref="CpuOps"/>.
/// </summary>
internal abstract class CpuOp(Node node)
{
    public Node Node { get; } = node;

    protected string Name => Node.Name;

    protected string Title => Node.Title;

    protected List<Value> Inputs => Node.Inputs;

    protected Value Input => Node.Input;

    /// <summary>What a node gives that is not a gradient of parameters.</summary>
    protected Value Output => Node.Output ?? throw new InvalidOperationException($"The node {Name} has no output.");

    /// <summary>The nodes that share its kernels; null where it has them for itself.</summary>
    public KernelGroup? Group { get; set; }

    /// <summary>The stem of its kernels' names.</summary>
    public string Stem => Group?.Stem ?? Name;

    /// <summary>The beginning of its kernels' headings.</summary>
    public string Heading => Group?.Heading ?? $"{Name}, {Title}";

    /// <summary>The op as far as kernels depend on it.</summary>
    public virtual Op KernelOp => Node.Op;

    /// <summary>What kernels depend on besides op, shapes, layouts and packed parameters.</summary>
    public virtual object? KernelState => null;

    /// <summary>What it takes of the order of vectors.</summary>
    public virtual VectorOrder Order => VectorOrder.Fixed;

    /// <summary>Which dimension its kernels can have in the lanes.</summary>
    public virtual LaneDimension Lanes => LaneDimension.Channels;

    /// <summary>
    /// Each dimension of what it gives is one of what it is given, so that most goes from place to place as it is where both have the same
    /// one in the lanes.
    /// </summary>
    public virtual bool KeepsDimensions => false;

    /// <summary>It gives the elements that it is given in another shape.</summary>
    public virtual bool Reshapes => false;

    /// <summary>It can read an image in the caller's order, [channel][row][column].</summary>
    public virtual bool ReadsPlainImage => false;

    /// <summary>It reads single elements of a vector, never a whole SIMD vector past the end.</summary>
    public virtual bool ReadsScalars => false;

    /// <summary>Says what runs, for a session's <c>Schedule</c>; null for what is not worth saying.</summary>
    public virtual ScheduleEntry? Schedule => null;

    /// <summary>
    /// Multiply-adds of a sample in channel lanes, real ones and those with lanes that no channel fills; null where lanes are always full.
    /// </summary>
    public virtual (double Real, double Padded)? LaneWork => null;

    /// <summary>Its tile is large enough that many layers should share it.</summary>
    public virtual bool HasLargeTile => false;

    /// <summary>Its vectors hold columns of one channel.</summary>
    public virtual bool UsesWidthLanes => false;

    /// <summary>Its weights can take the scale of a batch normalisation behind it.</summary>
    public virtual bool CanFoldNormalization => false;

    /// <summary>The slot of the weights that its kernels read in any format; null where they read floats only.</summary>
    public virtual string? SlotOfAnyFormat => null;

    /// <summary>Floats of working memory that its kernel needs for each worker.</summary>
    public virtual long ScratchLength => 0;

    /// <summary>Floats that it keeps from one step of a stream to the next, zero before the first.</summary>
    public virtual long StateLength => 0;

    /// <summary>The same of what it never reads before it has written it.</summary>
    public virtual long CacheLength => 0;

    /// <summary>Zero columns that it needs on both sides of one of its inputs.</summary>
    public virtual (int Left, int Right) HaloOf(Value input) => (0, 0);

    /// <summary>Takes the pooling behind it into its epilogue, if its kernel can.</summary>
    public virtual bool TryTakePool(Node pool, PoolWindows windows) => false;

    /// <summary>The form of each of the node's parameters that its kernels read.</summary>
    public virtual IEnumerable<PackingRequest> PackParameters(Graph graph, LayoutFacts facts) => [];

    /// <summary>Chooses the layouts of what it computes besides its result, from those of inputs and output.</summary>
    public virtual void ChooseExtraLayouts()
    {
    }

    /// <summary>What it would not have to copy if it lay within another of the node's values.</summary>
    public virtual IEnumerable<ValuePart> Parts => [];

    /// <summary>It gives what it is given where both lie alike, and therefore wants none of it within another value.</summary>
    public virtual bool GivesViews => false;

    /// <summary>Chooses whether its output is a view of its input.</summary>
    public virtual void ChooseView(LayoutFacts facts)
    {
    }

    /// <summary>Lists what must be derived from the weights before a pass.</summary>
    public virtual void PrepareWeights(PreparedWeights prepared)
    {
    }

    /// <summary>Calls the kernels that compute the node, for the layouts of its values.</summary>
    public abstract void SelectKernels(KernelSelection selection);
}

/// <summary>What the processor makes of a node with one kind of op.</summary>
internal abstract class CpuOp<TOp>(Node node) : CpuOp(node)
    where TOp : Op
{
    protected TOp Op => (TOp)Node.Op;
}

/// <summary>What the processor makes of nodes.</summary>
internal static class CpuNodes
{
    extension(Node node)
    {
        /// <summary>What the processor makes of the node; asking before the plan has bound it is an error of the generator.</summary>
        public CpuOp Cpu
            => (CpuOp?)node.Target ?? throw new InvalidOperationException($"The node {node.Name} is not bound to the processor.");
    }
}
