using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// Where the positions of each sample of a call begin, counted over all samples, for each length that a network's samples bring at run
/// time: with one more behind the last sample, so that from one to the next are a sample's own.
/// </summary>
internal sealed unsafe class SampleStarts
{
    // Pinned, so that kernels can read them for as long as a session lives.
    private readonly int[][] _starts;

    /// <param name="lengths">How many lengths a sample has.</param>
    /// <param name="capacity">The most samples of a call.</param>
    public SampleStarts(int lengths, int capacity)
    {
        _starts = new int[lengths][];
        for (int i = 0; i < lengths; i++)
            _starts[i] = GC.AllocateArray<int>(checked(capacity + 1), pinned: true);
    }

    /// <summary>The samples of a call have these lengths.</summary>
    /// <param name="length">Which of the lengths.</param>
    /// <param name="lengths">For each sample, checked.</param>
    public void Set(int length, ReadOnlySpan<int> lengths)
    {
        int[] starts = _starts[length];
        for (int i = 0; i < lengths.Length; i++)
            starts[i + 1] = starts[i] + lengths[i];
    }

    /// <summary>Where samples begin.</summary>
    /// <param name="length">Which of the lengths.</param>
    public int* Of(int length) => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_starts[length]));

    /// <summary>The positions in front of a sample.</summary>
    /// <param name="length">Which of the lengths.</param>
    /// <param name="sample">The sample.</param>
    public int At(int length, int sample) => _starts[length][sample];
}
