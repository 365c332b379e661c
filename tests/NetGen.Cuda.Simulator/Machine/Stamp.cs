namespace NetGen.Cuda.Simulator.Machine;

/// <summary>
/// Who accessed a byte last and when, in 64 bits: the launch, the block, the barriers of the block and the warp before it, the thread.
/// 0 is nobody.
/// </summary>
/// <remarks>
/// Barriers are counted modulo 4,096 and a warp's own modulo 64, so that an access exactly so many barriers ago would count as one of
/// now; blocks beyond 65,535 share numbers, which can hide a race and cannot invent one.
/// </remarks>
internal static class Stamp
{
    /// <summary>The place of a copy that has not arrived.</summary>
    public const ulong InFlight = ulong.MaxValue;

    /// <summary>The launches that can be told apart; operations of the host have numbers among them.</summary>
    public const int LaunchLimit = (1 << 19) - 2;

    /// <summary>Of a writer: by an atomic operation. Of a reader: by several threads.</summary>
    public const ulong Flag = 1ul << 63;

    private const int ManyBlocks = 0xFFFF;

    public static ulong Create(int launch, int block, int epoch, int warpEpoch, int thread) =>
        (ulong)launch << 44 | (ulong)(block % ManyBlocks) << 28 | (ulong)(epoch & 0xFFF) << 16 | (ulong)(warpEpoch & 0x3F) << 10
        | (uint)thread;

    public static int Launch(ulong stamp) => (int)(stamp >> 44 & 0x7FFFF);

    public static int Thread(ulong stamp) => (int)(stamp & 0x3FF);

    public static int Block(ulong stamp) => (int)(stamp >> 28 & 0xFFFF);

    private static ulong Epoch(ulong stamp) => stamp >> 16 & 0xFFF;

    private static ulong WarpEpoch(ulong stamp) => stamp >> 10 & 0x3F;

    /// <summary>Whether two accesses of one launch have nothing between them that orders them.</summary>
    public static bool Collide(ulong earlier, ulong later)
    {
        if (Block(earlier) != Block(later))
            return true;
        if (Epoch(earlier) != Epoch(later))
            return false;
        if (Thread(earlier) == Thread(later))
            return (earlier & Flag) != 0;
        return Thread(earlier) / 32 != Thread(later) / 32 || WarpEpoch(earlier) == WarpEpoch(later) || (earlier & Flag) != 0;
    }

    /// <summary>The readers of a byte, when one more comes.</summary>
    public static ulong Join(ulong readers, ulong reader)
    {
        if (readers == 0 || Launch(readers) != Launch(reader))
            return reader;
        if (Block(readers) != Block(reader))
            return reader | Flag | (ulong)ManyBlocks << 28;
        if (Epoch(readers) != Epoch(reader))
            return reader;
        return Thread(readers) == Thread(reader) && (readers & Flag) == 0 ? reader : reader | Flag;
    }

    /// <summary>Words for who it was.</summary>
    public static string Describe(ulong stamp)
    {
        if (Block(stamp) == ManyBlocks)
            return "several blocks";
        return (stamp & Flag) != 0 && stamp != InFlight
            ? $"block {Block(stamp)}, thread {Thread(stamp)} and perhaps others"
            : $"block {Block(stamp)}, thread {Thread(stamp)}";
    }
}
