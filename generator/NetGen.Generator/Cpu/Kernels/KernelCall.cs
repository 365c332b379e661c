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

/// <summary>What one call of a kernel covers, and with that who waits for whom.</summary>
internal enum Domain
{
    /// <summary>One sample of an image, so that it stays in the cache from kernel to kernel.</summary>
    PerSample,

    /// <summary>All samples of a thread: vectors, and images whose weights are read once for many.</summary>
    AllSamples,

    /// <summary>All samples of the batch: threads wait for one another before it and after it, and divide its channels.</summary>
    WholeBatch,

    /// <summary>All samples of the batch, for gradients of parameters, which threads divide.</summary>
    PerParameter,

    /// <summary>No samples, but what all threads have computed of gradients of parameters.</summary>
    AfterMeeting,

    /// <summary>No samples, but gradients of parameters that are finished.</summary>
    AfterGradients,
}

/// <summary>How many rows a kernel that takes rows for samples has of each sample.</summary>
/// <param name="OfSample">Of each sample, or of each of its positions.</param>
/// <param name="Axis">The length of samples whose positions are counted at run time; null where all samples have as many.</param>
internal readonly record struct RowCount(int OfSample, string? Axis = null)
{
    public static RowCount One { get; } = new(1);
}

/// <summary>A kernel with its arguments, as the passes of one graph call it.</summary>
/// <param name="Arguments">One for each parameter that takes its value from the call; the others follow by themselves.</param>
/// <param name="Node">The node it computes, or part of it.</param>
internal sealed record KernelCall(Kernel Kernel, Stage Stage, Domain Domain, IReadOnlyList<Argument> Arguments, Node? Node)
{
    public IReadOnlyList<Argument> Arguments { get; } = Kernel.Check(Arguments);

    public bool IsPerSample => Domain == Domain.PerSample;

    /// <summary>The kernel counts blocks of 16 samples.</summary>
    public bool CountsBlocks => Kernel.Parameters.Contains(KernelParameters.Blocks);

    /// <summary>For a loss, the emitted method that calls the kernel, by the form of target; null where each does.</summary>
    public string? Driver { get; init; }

    /// <summary>What the kernel takes for samples are rows of which each sample has so many: its positions.</summary>
    public RowCount Rows { get; init; } = RowCount.One;

    /// <summary>Only needed if the caller asks for the gradient of the input.</summary>
    public bool ForInputGradientOnly { get; init; }

    /// <summary>A pointer of the caller's without which it is left out; null where it is always made.</summary>
    public string? OnlyFor { get; init; }

    /// <summary>
    /// The outputs without which it is left out where the caller asks for some of them only, as a set of bits; null where it is always
    /// made.
    /// </summary>
    public ulong? ForOutputs { get; init; }

    /// <summary>The same with other arguments.</summary>
    public KernelCall With(IReadOnlyList<Argument> arguments) => new(Kernel, Stage, Domain, arguments, Node)
    {
        Driver = Driver,
        Rows = Rows,
        ForInputGradientOnly = ForInputGradientOnly,
        OnlyFor = OnlyFor,
        ForOutputs = ForOutputs,
    };

    /// <summary>All values whose memory the kernel touches.</summary>
    public IEnumerable<Value> Values => Arguments.Select(argument => argument switch
    {
        ValueArgument samples => samples.Value,
        BatchArgument batch => batch.Value,
        _ => null,
    }).OfType<Value>();
}
