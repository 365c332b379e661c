using System.Numerics;
using System.Runtime.Intrinsics;
using NetGen.Cuda.Simulator.Machine;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>Results for the lanes that take part; the others keep what they have.</summary>
internal static unsafe class Lanes
{
    public const uint All = uint.MaxValue;

    private static readonly Vector512<uint> s_bits32 =
        Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);

    private static readonly Vector512<ulong> s_bits64 = Vector512.Create(1ul, 2, 4, 8, 16, 32, 64, 128);

    /// <summary>Stores the values of as many lanes as a vector has, from <paramref name="first"/> on.</summary>
    public static void Store<T>(T* target, int first, Vector512<T> value, uint lanes)
        where T : unmanaged
    {
        if (lanes != All)
        {
            Vector512<T> mask = sizeof(T) == 4
                ? Vector512.Equals(Vector512.Create(lanes >> first) & s_bits32, s_bits32).As<uint, T>()
                : Vector512.Equals(Vector512.Create((ulong)(lanes >> first)) & s_bits64, s_bits64).As<ulong, T>();
            value = Vector512.ConditionalSelect(mask, value, Vector512.Load(target + first));
        }
        value.Store(target + first);
    }

    /// <summary>The next lane of a set, which loses it.</summary>
    public static int Next(ref uint lanes)
    {
        int lane = BitOperations.TrailingZeroCount(lanes);
        lanes &= lanes - 1;
        return lane;
    }
}

internal interface IUnary
{
    static abstract Vector512<T> Apply<T>(Vector512<T> a);
}

internal interface IBinary
{
    static abstract Vector512<T> Apply<T>(Vector512<T> a, Vector512<T> b);
}

/// <summary>An operation on whole vectors of lanes.</summary>
internal sealed unsafe class Unary<T, TOperation>(int target, int a) : Instruction
    where T : unmanaged
    where TOperation : IUnary
{
    public override void Run(Warp warp, uint lanes)
    {
        T* result = warp.Values<T>(target), x = warp.Values<T>(a);
        for (int i = 0; i < 32; i += Vector512<T>.Count)
            Lanes.Store(result, i, TOperation.Apply(Vector512.Load(x + i)), lanes);
    }
}

/// <summary>An operation on whole vectors of lanes.</summary>
internal sealed unsafe class Binary<T, TOperation>(int target, int a, int b) : Instruction
    where T : unmanaged
    where TOperation : IBinary
{
    public override void Run(Warp warp, uint lanes)
    {
        T* result = warp.Values<T>(target), x = warp.Values<T>(a), y = warp.Values<T>(b);
        for (int i = 0; i < 32; i += Vector512<T>.Count)
            Lanes.Store(result, i, TOperation.Apply(Vector512.Load(x + i), Vector512.Load(y + i)), lanes);
    }
}

/// <summary>An operation lane by lane, for those that are rare.</summary>
internal sealed unsafe class EachLane<TA, TResult>(int target, int a, Func<TA, TResult> operation) : Instruction
    where TA : unmanaged
    where TResult : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        TResult* result = warp.Values<TResult>(target);
        TA* x = warp.Values<TA>(a);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            result[lane] = operation(x[lane]);
        }
    }
}

/// <summary>An operation lane by lane, for those that are rare.</summary>
internal sealed unsafe class EachLane<TA, TB, TResult>(int target, int a, int b, Func<TA, TB, TResult> operation) : Instruction
    where TA : unmanaged
    where TB : unmanaged
    where TResult : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        TResult* result = warp.Values<TResult>(target);
        TA* x = warp.Values<TA>(a);
        TB* y = warp.Values<TB>(b);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            result[lane] = operation(x[lane], y[lane]);
        }
    }
}

/// <summary>An operation lane by lane, for those that are rare.</summary>
internal sealed unsafe class EachLane<TA, TB, TC, TResult>(int target, int a, int b, int c, Func<TA, TB, TC, TResult> operation)
    : Instruction
    where TA : unmanaged
    where TB : unmanaged
    where TC : unmanaged
    where TResult : unmanaged
{
    public override void Run(Warp warp, uint lanes)
    {
        TResult* result = warp.Values<TResult>(target);
        TA* x = warp.Values<TA>(a);
        TB* y = warp.Values<TB>(b);
        TC* z = warp.Values<TC>(c);
        while (lanes != 0)
        {
            int lane = Lanes.Next(ref lanes);
            result[lane] = operation(x[lane], y[lane], z[lane]);
        }
    }
}
