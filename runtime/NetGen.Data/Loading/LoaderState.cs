namespace NetGen.Data;

/// <summary>Where a loader is. It is all its random state: from it another loader, made alike, goes on with the same bits.</summary>
/// <param name="Seed">The loader's seed.</param>
/// <param name="Epoch">The number of the epoch; the first is 1.</param>
/// <param name="Batch">How many of its batches have been given.</param>
public readonly record struct LoaderState(ulong Seed, int Epoch, int Batch);
