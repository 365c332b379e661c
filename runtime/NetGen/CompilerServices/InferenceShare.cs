using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What one worker of a session computes in one go, and the memory it has for that.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct InferenceShare
{
    /// <summary>The network's parameters, packed.</summary>
    public float* Parameters { get; internal init; }

    /// <summary>What inference derives from them; null where that is nothing.</summary>
    public float* Prepared { get; internal init; }

    /// <summary>This worker's scratch.</summary>
    public float* Scratch { get; internal init; }

    /// <summary>This worker's memory, which begins with its scratch; where all workers compute a sample together, the activations, which are common to them.</summary>
    public float* Arena { get; internal init; }

    /// <summary>Samples for which the arena has room.</summary>
    public int Capacity { get; internal init; }

    /// <summary>The first sample.</summary>
    public int First { get; internal init; }

    /// <summary>Number of samples, at least 1.</summary>
    public int Count { get; internal init; }

    /// <summary>The worker's number.</summary>
    public int Worker { get; internal init; }

    /// <summary>The threads, which meet after each layer where they compute a sample together.</summary>
    public WorkerPool Pool { get; internal init; }

    /// <summary>The caller's values for the first sample of this share.</summary>
    /// <param name="values">Those for the first sample of the call.</param>
    /// <param name="perSample">Values for one sample.</param>
    public T* Of<T>(T* values, int perSample)
        where T : unmanaged
        => values + (long)First * perSample;
}
