namespace NetGen.Serving.Batching;

/// <summary>Computes one batch at a time: the requests of the batch, and memory where their values lie one behind the other.</summary>
internal sealed class Worker : IThreadPoolWorkItem
{
    private readonly Batcher _owner;
    private readonly PortLayout _layout;
    private readonly float[][] _floats, _results;
    private readonly int[][] _ints;
    private readonly BatchValues[] _inputs;
    private readonly Memory<float>[] _outputs;
    private readonly List<Request> _requests;

    /// <summary>A worker without requests. Its memory is taken with the first batch of several.</summary>
    /// <param name="owner">Whose requests it computes.</param>
    /// <param name="layout">What the requests consist of.</param>
    /// <param name="maxBatch">The most samples of a batch.</param>
    public Worker(Batcher owner, PortLayout layout, int maxBatch)
    {
        _owner = owner;
        _layout = layout;
        _floats = [.. Enumerable.Repeat(Array.Empty<float>(), layout.Inputs)];
        _ints = [.. Enumerable.Repeat(Array.Empty<int>(), layout.Inputs)];
        _results = [.. Enumerable.Repeat(Array.Empty<float>(), layout.Outputs)];
        _inputs = new BatchValues[layout.Inputs];
        _outputs = new Memory<float>[layout.Outputs];
        _requests = new List<Request>(maxBatch);
    }

    /// <summary>The requests of the batch. A list, whose enumerator is no object.</summary>
    public List<Request> Requests => _requests;

    /// <summary>Samples of the batch.</summary>
    public int Samples { get; private set; }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => _owner.Work(this);

    /// <summary>Puts a request into the batch.</summary>
    public void Add(Request request)
    {
        _requests.Add(request);
        Samples += request.Samples;
    }

    /// <summary>Lets go of the batch.</summary>
    public void Clear()
    {
        _requests.Clear();
        Samples = 0;
    }

    /// <summary>Computes the batch in one call; of one request without copies.</summary>
    /// <exception cref="Exception">What the session, or memory of a caller, throws.</exception>
    public void Forward(ISession session)
    {
        if (_requests.Count == 1)
        {
            Forward(session, _requests[0]);
            return;
        }
        for (int i = 0; i < _layout.Inputs; i++)
        {
            _inputs[i] = _layout.IsInts(i)
                ? new BatchValues(Gather(ref _ints[i], i, static values => values.Labels))
                : new BatchValues(Gather(ref _floats[i], i, static values => values.Values));
        }
        for (int i = 0; i < _layout.Outputs; i++)
        {
            int length = 0;
            foreach (Request request in _requests)
                length += request.Outputs[i].Length;
            _outputs[i] = Room(ref _results[i], _layout.OutputCapacity(i)).AsMemory(0, length);
        }
        session.Forward(new Batch(Samples, _inputs, default(ReadOnlySpan<BatchValues>)), _outputs);
        for (int i = 0; i < _layout.Outputs; i++)
        {
            int read = 0;
            foreach (Request request in _requests)
            {
                Memory<float> output = request.Outputs[i];
                _outputs[i].Span.Slice(read, output.Length).CopyTo(output.Span);
                read += output.Length;
            }
        }
    }

    /// <summary>Computes one request alone.</summary>
    /// <exception cref="Exception">What the session, or memory of the caller, throws.</exception>
    public static void Forward(ISession session, Request request)
        => session.Forward(new Batch(request.Samples, request.Inputs, default(ReadOnlySpan<BatchValues>)), request.Outputs);

    /// <summary>An input of all requests, one behind the other.</summary>
    private ReadOnlyMemory<T> Gather<T>(ref T[] room, int input, Func<BatchValues, ReadOnlyMemory<T>> valuesOf)
    {
        T[] values = Room(ref room, _layout.InputCapacity(input));
        int written = 0;
        foreach (Request request in _requests)
        {
            ReadOnlyMemory<T> own = valuesOf(request.Inputs[input]);
            own.Span.CopyTo(values.AsSpan(written));
            written += own.Length;
        }
        return values.AsMemory(0, written);
    }

    private static T[] Room<T>(ref T[] values, int capacity) => values.Length > 0 ? values : values = new T[capacity];
}
