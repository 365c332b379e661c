using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What generated code tells the processor's caches.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class CacheLines
{
    private const int Floats = 16;

    /// <summary>
    /// Fetches cache lines for writing, by writing to each what it holds. After a forward pass that all cores read the weights
    /// for, each core's cache has a copy; the first write to a line then waits until the others have given theirs up. Asked for
    /// shortly before a kernel that writes little, these waits go on beside its arithmetic instead of holding up the optimiser.
    /// .NET has prefetches for reading only.
    /// </summary>
    /// <param name="first">The first float; aligned to 64 bytes.</param>
    /// <param name="count">How many floats. No other thread may write to them meanwhile.</param>
    public static void FetchForWriting(float* first, int count)
    {
        for (int i = 0; i < count; i += Floats)
            Volatile.Write(ref first[i], Volatile.Read(ref first[i]));
    }
}
