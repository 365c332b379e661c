using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace NetGen.Serving.Batching;

/// <summary>
/// A caller's request, which is its task as well. Requests are used again, so that a call allocates nothing: one goes back when both who
/// awaits it and the queue have let go of it.
/// </summary>
internal sealed class Request : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Waiting = 0, Taken = 1, Cancelled = 2;

    private readonly Batcher _owner;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Exception? _error;
    private int _state, _holders;

    /// <summary>A request that is not in use.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="inputs">How many inputs the network has.</param>
    /// <param name="outputs">How many outputs.</param>
    public Request(Batcher owner, int inputs, int outputs)
    {
        _owner = owner;
        Inputs = new BatchValues[inputs];
        Outputs = new Memory<float>[outputs];
    }

    /// <summary>What the caller gives.</summary>
    public BatchValues[] Inputs { get; }

    /// <summary>Where the results go.</summary>
    public Memory<float>[] Outputs { get; }

    /// <summary>Samples of it.</summary>
    public int Samples { get; private set; }

    /// <summary>When it came, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Came { get; private set; }

    /// <summary>Whether it still waits to be computed.</summary>
    public bool IsWaiting => Volatile.Read(ref _state) == Waiting;

    /// <summary>The task of this use. It is to be asked for before anybody else can see the request.</summary>
    public ValueTask Task => new(this, _core.Version);

    /// <summary>Begins a use: from now on the token may cancel it.</summary>
    /// <param name="inputs">What the caller gives.</param>
    /// <param name="outputs">Where the results go.</param>
    /// <param name="samples">Samples of it.</param>
    /// <param name="token">Takes it back while it waits.</param>
    /// <exception cref="ObjectDisposedException">The token's source is disposed.</exception>
    public void Begin(ReadOnlySpan<BatchValues> inputs, ReadOnlySpan<Memory<float>> outputs, int samples, CancellationToken token)
    {
        inputs.CopyTo(Inputs);
        outputs.CopyTo(Outputs);
        Samples = samples;
        Came = Stopwatch.GetTimestamp();
        _token = token;
        _error = null;
        _holders = 2;
        Volatile.Write(ref _state, Waiting);
        // Before the request is in the queue: whoever takes it there must find the registration.
        if (token.CanBeCanceled)
            _registration = token.UnsafeRegister(static request => ((Request)request!).Cancel(), this);
    }

    /// <summary>Takes it for computing, or for an error; false if it was cancelled.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Ends it, by whoever took it. The caller goes on on a thread of the pool.</summary>
    /// <param name="error">Null if the outputs are written.</param>
    public void Complete(Exception? error)
    {
        // Waits for a cancellation that runs right now and finds the request taken; none can find its next use.
        _registration.Dispose();
        _error = error;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Ends a use that was taken, or never begun, without a task that anybody awaits.</summary>
    public void Abandon()
    {
        _registration.Dispose();
        Release();
        Release();
    }

    /// <summary>What the queue does with a request that was cancelled.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        Array.Clear(Inputs);
        Array.Clear(Outputs);
        _token = default;
        _registration = default;
        _error = null;
        _core.Reset();
        _owner.GiveBack(this);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        Exception? error = _error;
        _owner.Answered(this, error);
        // The queue has let go of what was taken; of what was cancelled it will when it comes to it.
        if (_state == Taken)
            Release();
        // From here on the request may be in use again.
        if (error is null)
            _core.SetResult(true);
        else
            _core.SetException(error);
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
        // A second call, or one too early, throws here and must not give the request back.
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("A ValueTask may be awaited once, and its result is there when it has ended.");
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) != Waiting)
            return;
        _error = new OperationCanceledException(_token);
        // Not on this thread, which is the one that cancels.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
