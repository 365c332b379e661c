using NetGen.Cuda.Simulator.Machine;

namespace NetGen.Cuda.Simulator.Driver;

/// <summary>What an operation of a stream is.</summary>
internal abstract record Work;

/// <summary>A copy, a fill or a kernel: what touches memory. It is done with the operation's number and order.</summary>
internal sealed record MemoryWork(string Name, Action<int, ILaunchOrder> Run) : Work;

/// <summary>A kernel.</summary>
/// <param name="MayBeginEarly">Whether it may begin while the operation before it in its stream still runs.</param>
internal sealed record KernelWork(Function Function, LaunchShape Shape, byte[] Parameters, bool MayBeginEarly) : Work;

/// <summary>An event to be recorded, in a capture: each launch of the graph records it anew.</summary>
/// <param name="Number">Its place among the items of the capture.</param>
internal sealed record CapturedRecord(int Number) : Work;

/// <summary>Waits, in a launch of a graph, for what an event was recorded behind when the wait was captured.</summary>
internal sealed record CapturedWait(CapturedRecord Record) : Work;

/// <summary>An event to be recorded outside of a capture.</summary>
internal sealed record PendingRecord(EventRecord Record) : Work;

/// <summary>Waits for an event, as it was recorded last when the call was made.</summary>
internal sealed record WaitWork(EventRecord Record) : Work;

internal sealed record GraphWork(GraphTemplate Graph) : Work;

/// <summary>One time that an event was recorded.</summary>
internal sealed class EventRecord
{
    /// <summary>What has ended when it is done; null before that.</summary>
    public Clock? Clock { get; set; }

    /// <summary>When it was done, in operations of the device: the time of a machine that has none.</summary>
    public int Time { get; set; }

    public bool IsDone => Clock is not null;
}

/// <summary>The kernels, copies and events that a capture saw, by the stream that each was in.</summary>
internal sealed class GraphTemplate
{
    /// <summary>In the order of the calls; lines count from 0, the stream where the capture began.</summary>
    public List<(int Line, Work Work)> Items { get; } = [];
}

/// <summary>A step of one line of work that is under way.</summary>
/// <param name="Line">The line's number among all that there ever were.</param>
/// <param name="Index">Which of the line's operations it is.</param>
/// <param name="Known">What has ended before it begins.</param>
internal sealed record Operation(string Name, int Line, int Index, Clock Known);

/// <summary>Which operations of the device are sure to be done when others begin.</summary>
internal sealed class OperationOrder : ILaunchOrder
{
    private readonly Dictionary<int, Operation> _operations = [];

    public void Add(int number, Operation operation)
    {
        // Numbers begin anew when they have run out; what was before is all done then.
        if (_operations.ContainsKey(number))
            _operations.Clear();
        _operations[number] = operation;
    }

    public bool IsBefore(int first, int second) => !_operations.TryGetValue(first, out Operation? earlier)
        || !_operations.TryGetValue(second, out Operation? later)
        || later.Known.Includes(earlier.Line, earlier.Index);

    /// <summary>Whether an operation is that one of a line.</summary>
    public bool Is(int operation, int line, int index) =>
        _operations.TryGetValue(operation, out Operation? known) && known.Line == line && known.Index == index;

    public string Name(int operation) => _operations[operation].Name;

    public string Describe(int operation) => _operations.TryGetValue(operation, out Operation? known)
        ? $"{known.Name} of another stream" : "an earlier operation";
}
