using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Runtime.Intrinsics;

namespace NetGen.Benchmarks.Measurement;

/// <summary>
/// The most floating-point operations a second that fused multiply-adds of one vector width reach on this machine:
/// independent chains in registers, no memory. One iteration is <see cref="FlopsPerIteration"/> operations a thread.
/// </summary>
internal sealed class FmaPeak : Contender
{
    // Latency is 4 cycles and at most 2 start in a cycle on today's cores, so 8 chains fill them; 12 leave some slack
    // and fit, with two operands, into the 16 registers of AVX2.
    private const int Chains = 12;
    private const int Unroll = 512;

    private readonly int _bits;
    private readonly Barrier? _barrier;
    private readonly Helper[] _helpers;

    public FmaPeak(int vectorBits, int threads)
    {
        _bits = vectorBits;
        Threads = threads;
        _barrier = threads > 1 ? new Barrier(threads) : null;
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(_ => new Helper(this))];
    }

    public override string Name => "FMA peak";

    public int Threads { get; }

    /// <summary>Widest vectors that are fast here, in _bits.</summary>
    public static int BestVectorBits =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? 512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256
        : 128;

    public static bool IsSupported(int vectorBits) => vectorBits switch
    {
        512 => Avx512F.IsSupported,
        256 => Fma.IsSupported,
        128 => Fma.IsSupported || AdvSimd.IsSupported,
        _ => false,
    };

    /// <summary>Floating-point operations of one iteration, all threads together.</summary>
    public double FlopsPerIteration => 2.0 * Threads * Chains * Unroll * (_bits / 32);

    public override double Time(int iterations)
    {
        foreach (Helper helper in _helpers)
            helper.Start(iterations);
        _barrier?.SignalAndWait();
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        Consume(RunChains(iterations));
        foreach (Helper helper in _helpers)
            helper.Join();
        return System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalNanoseconds / iterations;
    }

    public override void Dispose() => _barrier?.Dispose();

    private float RunChains(int iterations) => _bits switch
    {
        512 => Chains512(iterations),
        256 => Chains256(iterations),
        _ => Chains128(iterations),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Consume(float value)
    {
        if (float.IsNaN(value))
            throw new InvalidOperationException("The chains of the FMA peak must stay finite.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(int iterations)
    {
        Vector512<float> scale = Vector512.Create(0.999f), offset = Vector512.Create(0.001f);
        Vector512<float> a0 = offset, a1 = offset, a2 = offset, a3 = offset, a4 = offset, a5 = offset;
        Vector512<float> a6 = offset, a7 = offset, a8 = offset, a9 = offset, a10 = offset, a11 = offset;
        for (long i = (long)iterations * Unroll; i > 0; i--)
        {
            a0 = Avx512F.FusedMultiplyAdd(a0, scale, offset);
            a1 = Avx512F.FusedMultiplyAdd(a1, scale, offset);
            a2 = Avx512F.FusedMultiplyAdd(a2, scale, offset);
            a3 = Avx512F.FusedMultiplyAdd(a3, scale, offset);
            a4 = Avx512F.FusedMultiplyAdd(a4, scale, offset);
            a5 = Avx512F.FusedMultiplyAdd(a5, scale, offset);
            a6 = Avx512F.FusedMultiplyAdd(a6, scale, offset);
            a7 = Avx512F.FusedMultiplyAdd(a7, scale, offset);
            a8 = Avx512F.FusedMultiplyAdd(a8, scale, offset);
            a9 = Avx512F.FusedMultiplyAdd(a9, scale, offset);
            a10 = Avx512F.FusedMultiplyAdd(a10, scale, offset);
            a11 = Avx512F.FusedMultiplyAdd(a11, scale, offset);
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(int iterations)
    {
        Vector256<float> scale = Vector256.Create(0.999f), offset = Vector256.Create(0.001f);
        Vector256<float> a0 = offset, a1 = offset, a2 = offset, a3 = offset, a4 = offset, a5 = offset;
        Vector256<float> a6 = offset, a7 = offset, a8 = offset, a9 = offset, a10 = offset, a11 = offset;
        for (long i = (long)iterations * Unroll; i > 0; i--)
        {
            a0 = Fma.MultiplyAdd(a0, scale, offset);
            a1 = Fma.MultiplyAdd(a1, scale, offset);
            a2 = Fma.MultiplyAdd(a2, scale, offset);
            a3 = Fma.MultiplyAdd(a3, scale, offset);
            a4 = Fma.MultiplyAdd(a4, scale, offset);
            a5 = Fma.MultiplyAdd(a5, scale, offset);
            a6 = Fma.MultiplyAdd(a6, scale, offset);
            a7 = Fma.MultiplyAdd(a7, scale, offset);
            a8 = Fma.MultiplyAdd(a8, scale, offset);
            a9 = Fma.MultiplyAdd(a9, scale, offset);
            a10 = Fma.MultiplyAdd(a10, scale, offset);
            a11 = Fma.MultiplyAdd(a11, scale, offset);
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains128(int iterations)
    {
        Vector128<float> scale = Vector128.Create(0.999f), offset = Vector128.Create(0.001f);
        Vector128<float> a0 = offset, a1 = offset, a2 = offset, a3 = offset, a4 = offset, a5 = offset;
        Vector128<float> a6 = offset, a7 = offset, a8 = offset, a9 = offset, a10 = offset, a11 = offset;
        for (long i = (long)iterations * Unroll; i > 0; i--)
        {
            a0 = Vector128.FusedMultiplyAdd(a0, scale, offset);
            a1 = Vector128.FusedMultiplyAdd(a1, scale, offset);
            a2 = Vector128.FusedMultiplyAdd(a2, scale, offset);
            a3 = Vector128.FusedMultiplyAdd(a3, scale, offset);
            a4 = Vector128.FusedMultiplyAdd(a4, scale, offset);
            a5 = Vector128.FusedMultiplyAdd(a5, scale, offset);
            a6 = Vector128.FusedMultiplyAdd(a6, scale, offset);
            a7 = Vector128.FusedMultiplyAdd(a7, scale, offset);
            a8 = Vector128.FusedMultiplyAdd(a8, scale, offset);
            a9 = Vector128.FusedMultiplyAdd(a9, scale, offset);
            a10 = Vector128.FusedMultiplyAdd(a10, scale, offset);
            a11 = Vector128.FusedMultiplyAdd(a11, scale, offset);
        }

        return Vector128.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    /// <summary>One more thread that runs the same chains at the same time.</summary>
    private sealed class Helper(FmaPeak owner)
    {
        private Thread? _thread;

        public void Start(int iterations)
        {
            _thread = new Thread(() =>
            {
                owner._barrier!.SignalAndWait();
                Consume(owner.RunChains(iterations));
            })
            { IsBackground = true };
            _thread.Start();
        }

        public void Join() => _thread!.Join();
    }
}
