using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>When a kernel runs: work that may start together once all threads have finished what is before it.</summary>
internal enum Stage
{
    Forward,

    /// <summary>Gradients of activations, divided by samples like the forward pass.</summary>
    Backward,

    /// <summary>Gradients of parameters, divided by weights.</summary>
    WeightGradient,
}

/// <summary>A kernel with its arguments, as the passes of one graph call it.</summary>
/// <param name="Arguments">Each a <see cref="Value"/>, for its pointer, or a string, written as it is; the count follows by itself.</param>
/// <param name="Node">The node it computes, or part of it.</param>
internal sealed record KernelCall(Kernel Kernel, Stage Stage, IReadOnlyList<object> Arguments, Node? Node)
{
    /// <summary>Samples of an image fit the cache one by one; vectors need many at once, so that weights are read once for all.</summary>
    public bool IsPerSample { get; init; }

    /// <summary>Reads all samples of the batch: all threads wait for one another before it and after it.</summary>
    public bool IsForBatch { get; init; }

    /// <summary>Of the gradients of parameters: needs what all workers have computed of them.</summary>
    public bool IsAfterMeeting { get; init; }

    /// <summary>The last argument counts blocks of 16 samples.</summary>
    public bool CountsBlocks => Kernel.Parameters.Contains(KernelParameters.Blocks);

    /// <summary>For a loss, the emitted method that calls the kernel, by the form of target; null where each does.</summary>
    public string? Driver { get; init; }

    /// <summary>Only needed if the caller asks for the gradient of the input.</summary>
    public bool ForInputGradientOnly { get; init; }

    /// <summary>All values whose memory the kernel touches.</summary>
    public IEnumerable<Value> Values => Arguments.OfType<Value>();
}
