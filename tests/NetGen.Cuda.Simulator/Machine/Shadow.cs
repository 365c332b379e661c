using System.Runtime.Intrinsics;

namespace NetGen.Cuda.Simulator.Machine;

/// <summary>What is known of each byte of a piece of memory: who wrote it, and who read it since.</summary>
internal sealed class Shadow(long bytes)
{
    private readonly ulong[] _writers = new ulong[bytes], _readers = new ulong[bytes];

    public void Clear()
    {
        Array.Clear(_writers);
        Array.Clear(_readers);
    }

    /// <summary>Counts everything that was written before as done by an operation that all others come behind.</summary>
    public void Renumber(ulong stamp)
    {
        for (int i = 0; i < _writers.Length; i++)
        {
            if (_writers[i] != 0)
                _writers[i] = stamp;
        }
        Array.Clear(_readers);
    }

    /// <summary>Checks an access and notes it.</summary>
    /// <param name="order">Whether an earlier operation is sure to end before a later one begins.</param>
    /// <param name="what">The memory, for messages: <c>shared</c> or <c>global</c>.</param>
    public void Touch(long offset, int count, AccessKind kind, ulong stamp, ILaunchOrder? order, string what)
    {
        for (long i = offset, end = offset + count; i < end;)
        {
            // Most accesses are of whole words, and most words have one writer and one reader: four bytes are looked at as one then.
            int alike = end - i >= 4 && AreAlike(ref _writers[i]) && AreAlike(ref _readers[i]) ? 4 : 1;
            ulong writer = _writers[i], reader = _readers[i];
            if (writer != stamp || kind == AccessKind.ReadConstant)
                CheckWriter(writer, i, kind, stamp, order, what);
            if (kind is AccessKind.Read or AccessKind.ReadConstant)
            {
                if (reader != stamp)
                    _readers.AsSpan((int)i, alike).Fill(Stamp.Join(reader, stamp));
            }
            else
            {
                if (reader != 0 && reader != stamp)
                    CheckReader(reader, i, stamp, order, what);
                _writers.AsSpan((int)i, alike).Fill(
                    kind switch { AccessKind.StartCopy => Stamp.InFlight, AccessKind.Atomic => stamp | Stamp.Flag, _ => stamp });
            }
            i += alike;
        }
    }

    private static bool AreAlike(ref ulong stamps)
    {
        Vector256<ulong> four = Vector256.LoadUnsafe(ref stamps);
        return four == Vector256.Create(stamps);
    }

    /// <summary>Notes that a copy has arrived.</summary>
    public void Arrive(long offset, int count, ulong stamp) => _writers.AsSpan((int)offset, count).Fill(stamp);

    private static void CheckWriter(ulong writer, long offset, AccessKind kind, ulong stamp, ILaunchOrder? order, string what)
    {
        bool isRead = kind is AccessKind.Read or AccessKind.ReadConstant;
        if (writer == 0)
        {
            // An atomic operation reads as well.
            if (isRead || kind == AccessKind.Atomic)
                throw new KernelFault(FaultKind.Uninitialized,
                    $"thread {Stamp.Thread(stamp)} reads byte {offset} of {what} memory, which nothing wrote");
            return;
        }
        if (writer == Stamp.InFlight)
        {
            throw new KernelFault(FaultKind.Uninitialized,
                $"thread {Stamp.Thread(stamp)} {Verb(isRead)} byte {offset} of {what} memory before a copy to it has been waited for");
        }
        int before = Stamp.Launch(writer), now = Stamp.Launch(stamp);
        if (before != now)
        {
            if (order is not null && !order.IsBefore(before, now))
                throw new KernelFault(FaultKind.Race, $"byte {offset} of {what} memory is {Past(isRead)} while "
                    + $"{order.Describe(before)} may still write it");
            return;
        }
        if (kind == AccessKind.ReadConstant)
            throw new KernelFault(FaultKind.Race, $"byte {offset} of {what} memory is read by '.nc' in the launch that wrote it "
                + $"({Stamp.Describe(writer)})");
        bool areBothAtomic = kind == AccessKind.Atomic && (writer & Stamp.Flag) != 0;
        if (!areBothAtomic && Stamp.Collide(writer & ~Stamp.Flag, stamp))
        {
            throw new KernelFault(FaultKind.Race, $"byte {offset} of {what} memory is {Past(isRead)} by {Stamp.Describe(stamp)}, "
                + "and was written by "
                + $"{Stamp.Describe(writer & ~Stamp.Flag)} with nothing between that orders them");
        }
    }

    private static void CheckReader(ulong reader, long offset, ulong stamp, ILaunchOrder? order, string what)
    {
        int before = Stamp.Launch(reader), now = Stamp.Launch(stamp);
        if (before != now)
        {
            if (order is not null && !order.IsBefore(before, now))
                throw new KernelFault(FaultKind.Race, $"byte {offset} of {what} memory is written while {order.Describe(before)} "
                    + "may still read it");
            return;
        }
        if (Stamp.Collide(reader, stamp))
        {
            throw new KernelFault(FaultKind.Race, $"byte {offset} of {what} memory is written by {Stamp.Describe(stamp)}, and was read by "
                + $"{Stamp.Describe(reader)} with nothing between that orders them");
        }
    }

    private static string Verb(bool isRead) => isRead ? "reads" : "writes";

    private static string Past(bool isRead) => isRead ? "read" : "written";
}

/// <summary>The order of operations in streams.</summary>
internal interface ILaunchOrder
{
    /// <summary>Whether the first is sure to have ended when the second begins.</summary>
    bool IsBefore(int first, int second);

    /// <summary>Words for an operation.</summary>
    string Describe(int operation);
}
