using NetGen.Cuda.Simulator.Machine;

namespace NetGen.Cuda.Simulator.Driver;

/// <summary>Does what is in the streams, in an order that their events allow.</summary>
internal sealed class Engine(Gpu gpu, int seed)
{
    private readonly Random _random = new(seed);
    private readonly OperationOrder _order = new();
    private int _lines;
    private int _time;

    /// <summary>How many kernels ran, those of graphs among them.</summary>
    public long Launches { get; private set; }

    /// <summary>What the host knows to have ended: all that is queued from now on begins behind it.</summary>
    public Clock Host { get; } = new();

    public List<Stream> Streams { get; } = [];

    public Stream CreateStream()
    {
        var stream = new Stream(_lines++);
        stream.Known.Join(Host);
        Streams.Add(stream);
        return stream;
    }

    public void Enqueue(Stream stream, Work work) => stream.Pending.Enqueue((work, Host.Copy()));

    /// <summary>Does everything in a stream; afterwards the host knows that it has ended.</summary>
    public void Finish(Stream stream)
    {
        FinishQuietly(stream);
        Host.Join(stream.Known);
        Host.Set(stream.Line, stream.Done);
    }

    /// <summary>Does what is needed for an event.</summary>
    public void Finish(EventRecord record)
    {
        while (!record.IsDone)
            RunNext(StreamOf(record));
        Host.Join(record.Clock!);
    }

    /// <summary>Does everything in a stream without the host's knowing.</summary>
    public void FinishQuietly(Stream stream)
    {
        while (stream.Pending.Count > 0)
            RunNext(stream);
    }

    public void FinishAll()
    {
        foreach (Stream stream in Streams.ToArray())
            Finish(stream);
    }

    /// <summary>Does one operation of some stream.</summary>
    public void RunSome()
    {
        Stream[] waiting = [.. Streams.Where(stream => stream.Pending.Count > 0)];
        if (waiting.Length > 0)
            RunNext(waiting[_random.Next(waiting.Length)]);
    }

    public bool Chance() => _random.Next(2) == 0;

    private Stream StreamOf(EventRecord record) =>
        Streams.First(stream => stream.Pending.Any(item => item.Work is PendingRecord pending && pending.Record == record));

    private void RunNext(Stream stream)
    {
        (Work work, Clock host) = stream.Pending.Peek();
        // What is waited for comes first, in whichever stream it is.
        while (work is WaitWork { Record: { IsDone: false } record })
            RunNext(StreamOf(record));
        stream.Pending.Dequeue();
        stream.Known.Join(host);
        switch (work)
        {
            case GraphWork graph:
                RunGraph(stream, graph.Graph);
                break;
            case WaitWork wait:
                stream.Known.Join(wait.Record.Clock!);
                break;
            case PendingRecord pending:
                Complete(pending.Record, stream.Known, stream.Line, stream.Done);
                break;
            default:
                stream.Done++;
                Run(work, stream.Line, stream.Done, stream.Known);
                stream.Known.Set(stream.Line, stream.Done);
                break;
        }
    }

    private void Complete(EventRecord record, Clock known, int line, int index)
    {
        Clock clock = known.Copy();
        if (index > 0)
            clock.Set(line, index);
        record.Clock = clock;
        record.Time = ++_time;
    }

    /// <summary>Runs what touches memory.</summary>
    private void Run(Work work, int line, int index, Clock known)
    {
        _time++;
        int number = gpu.NextOperation();
        if (work is MemoryWork memory)
        {
            _order.Add(number, new Operation(memory.Name, line, index, known.Copy()));
            memory.Run(number, _order);
            return;
        }
        var kernel = (KernelWork)work;
        Launches++;
        _order.Add(number, new Operation(kernel.Function.Kernel.Name, line, index, known.Copy()));
        ILaunchOrder? early = kernel.MayBeginEarly ? new EarlyOrder(_order, line, index - 1) : null;
        gpu.Run(new Launch(kernel.Function.Kernel, kernel.Shape, kernel.Parameters, number) { Order = _order, OrderBeforeWait = early });
    }

    /// <summary>Runs a graph: the lines of its capture side by side, in an order of chance that its events allow.</summary>
    private void RunGraph(Stream stream, GraphTemplate graph)
    {
        int count = graph.Items.Count == 0 ? 1 : graph.Items.Max(item => item.Line) + 1;
        var lines = new Stream[count];
        for (int i = 0; i < count; i++)
        {
            lines[i] = new Stream(_lines++);
            lines[i].Known.Join(stream.Known);
            foreach ((_, Work work) in graph.Items.Where(item => item.Line == i))
                lines[i].Pending.Enqueue((work, lines[i].Known));
        }
        var records = new Dictionary<CapturedRecord, EventRecord>();
        while (lines.Any(line => line.Pending.Count > 0))
        {
            Stream[] ready = [.. lines.Where(line => line.Pending.TryPeek(out (Work Work, Clock) next)
                && (next.Work is not CapturedWait wait || records.ContainsKey(wait.Record)))];
            RunNextOfGraph(ready[_random.Next(ready.Length)], records);
        }
        stream.Known.Join(lines[0].Known);
        stream.Done++;
        stream.Known.Set(stream.Line, stream.Done);
    }

    private void RunNextOfGraph(Stream line, Dictionary<CapturedRecord, EventRecord> records)
    {
        switch (line.Pending.Dequeue().Work)
        {
            case CapturedRecord record:
                Complete(records[record] = new EventRecord(), line.Known, line.Line, line.Done);
                break;
            case CapturedWait wait:
                line.Known.Join(records[wait.Record].Clock!);
                break;
            case var work:
                line.Done++;
                Run(work, line.Line, line.Done, line.Known);
                line.Known.Set(line.Line, line.Done);
                break;
        }
    }

    /// <summary>Where the operation before in the line may still run.</summary>
    private sealed class EarlyOrder(OperationOrder order, int line, int before) : ILaunchOrder
    {
        public bool IsBefore(int first, int second) => !order.Is(first, line, before) && order.IsBefore(first, second);

        public string Describe(int operation) => order.Is(operation, line, before)
            ? $"{order.Name(operation)}, for which 'griddepcontrol.wait' was not waited," : order.Describe(operation);
    }
}
