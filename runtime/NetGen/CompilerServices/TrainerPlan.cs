using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// The figures of a network by which <see cref="TrainerCore"/> allocates memory, divides work and checks what it is given.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TrainerPlan
{
    /// <summary>
    /// Floats at the start of the packed parameters that are learned, where statistics and counters stand behind them; null where nothing
    /// does.
    /// </summary>
    public int? LearnedLength { get; init; }

    /// <summary>
    /// Floats at the start of the packed parameters that have gradients, where frozen tensors stand behind them; null where none are.
    /// </summary>
    public int? GradientLength { get; init; }

    /// <summary>Floats of activations and their gradients for each sample.</summary>
    public required long RowLength { get; init; }

    /// <summary>
    /// Those at the end of <see cref="RowLength"/> that are needed only if the caller asks for the gradient of an input: where they are
    /// many, they are allocated then.
    /// </summary>
    public long InputGradientRowLength { get; init; }

    /// <summary>Floats that the passes derive from the parameters before each of them.</summary>
    public required int PreparedLength { get; init; }

    /// <summary>Floats of working memory for each thread.</summary>
    public required int ScratchLength { get; init; }

    /// <summary>How many lengths each sample brings at run time.</summary>
    public int Lengths { get; init; }

    /// <summary>Samples that are computed side by side, and so belong to one worker: 1, or 16 where the lanes are samples.</summary>
    public int SamplesPerGroup { get; init; } = 1;

    /// <summary>
    /// Parts of the forward pass in front of its last: what needs the whole batch is a part of its own, and so is what comes before.
    /// </summary>
    public int ForwardParts { get; init; }

    /// <summary>Parts of the backward pass behind its first.</summary>
    public int BackwardParts { get; init; }

    /// <summary>Some gradients of parameters end when all workers have met.</summary>
    public bool GradientsMeet { get; init; }

    /// <summary>
    /// Floats behind the gradients of all parameters, for what further layers give that use the same ones, and for sets of rows of
    /// <see cref="Tables"/>.
    /// </summary>
    public int FurtherGradientsLength { get; init; }

    /// <summary>Tables whose rows are looked up, of which the trainer knows the rows that have a gradient.</summary>
    public TablePlan[] Tables { get; init; } = [];

    /// <summary>The network has a loss, and so the trainer a <c>Step</c> and a <c>Backward</c>.</summary>
    public bool HasLoss { get; init; }

    /// <summary>A loss needs the outputs of the whole batch before it knows that of any sample.</summary>
    public bool LossReadsBatch { get; init; }

    /// <summary>What the output must be for the loss to be defined, in a sentence; null where it always is.</summary>
    public string? OutputRequirement { get; init; }

    /// <summary>What each loss counts, where there are several or where it is not 1; null for one loss that counts once.</summary>
    public double[]? LossFactors { get; init; }

    /// <summary>The same as <see cref="OutputRequirement"/> for each of several losses; null where all are always defined.</summary>
    public string?[]? OutputRequirements { get; init; }

    /// <summary>The normalisation, in words, that needs two samples or more; null where none does.</summary>
    public string? NeedsSeveralSamples { get; init; }

    /// <summary>Where in the parameters the batches are counted that normalisations have seen.</summary>
    public long[] BatchCounters { get; init; } = [];

    /// <summary>
    /// The widths of vectors that the network has kernels for, from the widest on; null for all. Set where the project's
    /// <c>NetGenVectorWidths</c> leaves some out.
    /// </summary>
    public VectorWidth[]? VectorWidths { get; init; }

    /// <summary>The lanes of each layer, in words.</summary>
    public required string Schedule { get; init; }

    /// <summary>
    /// The network's kernels for training on another device than the processor; null where it has none. Set where the project's
    /// <c>NetGenTargets</c> asks for them.
    /// </summary>
    public DeviceKernels? Device { get; init; }
}
