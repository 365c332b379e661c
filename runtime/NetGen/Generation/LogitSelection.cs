using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>
/// Finds where the largest of many values end, by their number or by their mass, without sorting them. Equal values are never told apart,
/// and sums are taken in a fixed order, so that the result is the same everywhere.
/// </summary>
internal sealed class LogitSelection
{
    private const int KeyBits = 32, Bits = 8, Buckets = 1 << Bits;

    // Sums of each bucket, which take turns: a sum that was just written is not waited for.
    private const int Sums = 4;

    private readonly double[] _masses = new double[Buckets * Sums];

    /// <summary>
    /// The k-th largest value. A heap has the k largest so far, the least of them on top; few of the others are larger than that.
    /// </summary>
    /// <param name="values">None of them NaN, at least as many as the heap has room for.</param>
    /// <param name="heap">Room for k.</param>
    public static float KthLargest(ReadOnlySpan<float> values, Span<float> heap)
    {
        values[..heap.Length].CopyTo(heap);
        for (int i = heap.Length / 2 - 1; i >= 0; i--)
            Sink(heap, i);
        int next = heap.Length;
        Vector256<float> least = Vector256.Create(heap[0]);
        for (; next <= values.Length - Vector256<float>.Count; next += Vector256<float>.Count)
        {
            ReadOnlySpan<float> some = values.Slice(next, Vector256<float>.Count);
            if (!Vector256.GreaterThanAny(Vector256.Create(some), least))
                continue;
            Add(heap, some);
            least = Vector256.Create(heap[0]);
        }
        Add(heap, values[next..]);
        return heap[0];
    }

    private static void Add(Span<float> heap, ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (value <= heap[0])
                continue;
            heap[0] = value;
            Sink(heap, 0);
        }
    }

    private static void Sink(Span<float> heap, int place)
    {
        float value = heap[place];
        for (int child; (child = 2 * place + 1) < heap.Length; place = child)
        {
            if (child + 1 < heap.Length && heap[child + 1] < heap[child])
                child++;
            if (heap[child] >= value)
                break;
            heap[place] = heap[child];
        }
        heap[place] = value;
    }

    /// <summary>
    /// The bits of a value as a number that orders as values do, +0 and −0 being equal.
    /// </summary>
    /// <param name="value">Not NaN.</param>
    public static uint KeyOf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    /// <summary>
    /// The largest value so that it and those above have the mass; the smallest of all where rounding leaves that short. A histogram of the
    /// values' upper eight bits is taken, then one of the next eight bits of those in the bucket where the mass is reached, four in all.
    /// </summary>
    /// <param name="values">None of them NaN, at least one.</param>
    /// <param name="masses">The mass of each.</param>
    /// <param name="mass">The mass to be reached, above 0.</param>
    /// <returns>The key of that value, and the mass of all that are above it.</returns>
    public (uint Key, double Above) Find(ReadOnlySpan<float> values, ReadOnlySpan<double> masses, double mass)
    {
        double above = 0;
        uint key = 0;
        for (int unknown = KeyBits; unknown > 0; unknown -= Bits)
            key = Narrow(values, masses, key, unknown, mass, ref above);
        return (key, above);
    }

    /// <summary>The prefix of the keys, one bucket's bits longer, of those where the mass is reached.</summary>
    /// <param name="values">All values.</param>
    /// <param name="masses">Their masses.</param>
    /// <param name="prefix">The bits of the key that are known.</param>
    /// <param name="unknown">How many are not.</param>
    /// <param name="mass">The mass to be reached.</param>
    /// <param name="above">Mass of the keys above the prefix, before and after.</param>
    private uint Narrow(
        ReadOnlySpan<float> values, ReadOnlySpan<double> masses, uint prefix, int unknown, double mass, ref double above)
    {
        int rest = unknown - Bits;
        double[] sums = _masses;
        sums.AsSpan().Clear();
        for (int i = 0; i < values.Length; i++)
        {
            uint key = KeyOf(values[i]);
            // A shift by all 32 bits would shift by none.
            if ((ulong)key >> unknown == prefix)
                sums[((int)(key >> rest) & (Buckets - 1)) * Sums + i % Sums] += masses[i];
        }
        int last = -1;
        double aboveLast = above;
        for (int bucket = Buckets - 1; bucket >= 0; bucket--)
        {
            Span<double> parts = sums.AsSpan(bucket * Sums, Sums);
            double sum = parts[0] + parts[1] + (parts[2] + parts[3]);
            if (sum == 0)
                continue;
            (last, aboveLast) = (bucket, above);
            if (above + sum >= mass)
                break;
            above += sum;
        }
        above = aboveLast;
        return prefix << Bits | (uint)last;
    }
}
