using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What one worker of a trainer computes in one phase, and the memory that it works on.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct TrainingShare
{
    /// <summary>The network's parameters, packed.</summary>
    public float* Parameters { get; internal init; }

    /// <summary>Their gradients, packed alike.</summary>
    public float* Gradients { get; internal init; }

    /// <summary>What the passes derive from the parameters.</summary>
    public float* Prepared { get; internal init; }

    /// <summary>This worker's scratch.</summary>
    public float* Scratch { get; internal init; }

    /// <summary>Activations and their gradients, of the whole batch.</summary>
    public float* Arena { get; internal init; }

    /// <summary>Samples for which the arena has room.</summary>
    public long Capacity { get; internal init; }

    /// <summary>Samples of the batch.</summary>
    public int Samples { get; internal init; }

    /// <summary>The worker's first sample.</summary>
    public int First { get; internal init; }

    /// <summary>Number of the worker's samples; 0 where there are fewer groups than workers.</summary>
    public int Count { get; internal init; }

    /// <summary>The worker's number.</summary>
    public int Worker { get; internal init; }

    /// <summary>Number of workers.</summary>
    public int Workers { get; internal init; }

    /// <summary>The threads, for gradients that end when all workers have met.</summary>
    public WorkerPool Pool { get; internal init; }

    /// <summary>Where the losses of the worker's samples go.</summary>
    public double* Losses { get; internal init; }

    /// <summary>1 over what the sum of the losses is divided by.</summary>
    public float LossScale { get; internal init; }

    /// <summary>The seed of dropout.</summary>
    public ulong Seed { get; internal init; }

    /// <summary>Number of the step, by which dropout draws anew.</summary>
    public uint Step { get; internal init; }

    /// <summary>The caller wants the gradient of the input.</summary>
    public bool WantsInputGradient { get; internal init; }

    /// <summary>The caller's values for the first sample of this share; null where the caller gave none.</summary>
    /// <param name="values">Those for the first sample of the batch.</param>
    /// <param name="perSample">Values for one sample.</param>
    public T* Of<T>(T* values, int perSample)
        where T : unmanaged
        => values == null ? null : values + (long)First * perSample;
}
