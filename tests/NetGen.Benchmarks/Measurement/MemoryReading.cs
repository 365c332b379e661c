using System.Numerics;
using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen.Benchmarks.Measurement;

/// <summary>
/// The fastest that one thread reads memory that no cache holds: once from end to end, in one place or in several at a time, as the rows of
/// a matrix are. One iteration is <see cref="Bytes"/>.
/// </summary>
internal sealed unsafe class MemoryReading : InProcessContender
{
    /// <summary>More than the largest caches of today's servers.</summary>
    public const long Bytes = 1L << 30;

    // What is apart is on pages of its own; processors fetch ahead in about so many places.
    private const int Floats = (int)(Bytes / sizeof(float)), Places = 8;

    private readonly AlignedBuffer _buffer;
    private readonly bool _inPlaces;

    /// <param name="buffer">As long as <see cref="Bytes"/>, and written.</param>
    /// <param name="inPlaces">In several places at a time.</param>
    public MemoryReading(AlignedBuffer buffer, bool inPlaces)
    {
        _buffer = buffer;
        _inPlaces = inPlaces;
    }

    public override string Name => _inPlaces ? "Memory, in 8 places" : "Memory";

    /// <summary>Memory to read, each page of which is there.</summary>
    public static AlignedBuffer Allocate()
    {
        var buffer = new AlignedBuffer(Floats);
        new Span<float>(buffer.Pointer, Floats).Fill(1);
        return buffer;
    }

    protected override void Run(int iterations)
    {
        float sum = 0;
        for (int i = 0; i < iterations; i++)
            sum += _inPlaces ? ReadPlaces(_buffer.Pointer) : ReadThrough(_buffer.Pointer);
        if (sum == 0)
            throw new InvalidOperationException("The memory has ones.");
        GC.KeepAlive(_buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ReadThrough(float* start)
    {
        int lanes = Vector<float>.Count;
        Vector<float> a = default, b = default, c = default, d = default;
        for (float* p = start, end = start + Floats; p < end; p += 4 * lanes)
        {
            a += Vector.Load(p);
            b += Vector.Load(p + lanes);
            c += Vector.Load(p + 2 * lanes);
            d += Vector.Load(p + 3 * lanes);
        }
        return Vector.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float ReadPlaces(float* start)
    {
        const int Run = 1 << 14;
        int lanes = Vector<float>.Count;
        Vector<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (float* block = start, end = start + Floats; block < end; block += Places * Run)
        {
            for (float* p = block, stop = block + Run; p < stop; p += lanes)
            {
                a += Vector.Load(p);
                b += Vector.Load(p + Run);
                c += Vector.Load(p + 2 * Run);
                d += Vector.Load(p + 3 * Run);
                e += Vector.Load(p + 4 * Run);
                f += Vector.Load(p + 5 * Run);
                g += Vector.Load(p + 6 * Run);
                h += Vector.Load(p + 7 * Run);
            }
        }
        return Vector.Sum(a + b + c + d + e + f + g + h);
    }
}
