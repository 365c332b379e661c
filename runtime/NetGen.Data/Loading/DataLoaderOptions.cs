namespace NetGen.Data;

/// <summary>How a <see cref="DataLoader"/> gives its batches.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>What becomes of each image; by default <see cref="ToTensor"/> alone.</summary>
    public Transform Transform { get; init; } = new ToTensor();

    /// <summary>
    /// Whether every epoch has an order of its own, decided by <see cref="Seed"/> and the epoch's number; else the set's order.
    /// </summary>
    public bool Shuffle { get; init; }

    /// <summary>Decides orders and what random transforms do.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether the last batch is left out where it is not full; else it is shorter.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Threads that prepare batches ahead; with 0 the caller's thread prepares each when it asks for it. What is in the batches does not
    /// depend on it.
    /// </summary>
    public int Workers { get; init; } = 1;

    /// <summary>Batches that each worker may be ahead; the memory for all of them is taken once.</summary>
    public int PrefetchFactor { get; init; } = 2;

    /// <summary>
    /// Whether images whose files are damaged (<see cref="ImageFileException"/>) are left out and counted, their batch being that much
    /// shorter; else the first of them is an error.
    /// </summary>
    public bool SkipCorrupt { get; init; }
}
