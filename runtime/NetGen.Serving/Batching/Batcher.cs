using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using NetGen.Serving.Telemetry;

namespace NetGen.Serving.Batching;

/// <summary>
/// The queue of a predictor and the workers that empty it. A worker is an item of the thread pool: it takes what waits, up to a batch,
/// computes it, and puts itself behind the callers whom it has just answered, so that those who ask again are in its next batch. Without
/// requests no worker is anywhere.
/// </summary>
internal sealed class Batcher : IDisposable
{
    private readonly string _name;
    private readonly PortLayout _layout;
    private readonly ObjectPool<ISession> _sessions;
    private readonly ObjectPool<Request> _requests;
    private readonly Channel<Request> _queue;
    private readonly ILogger _logger;
    private readonly ServingMetrics _metrics;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly int _maxBatch, _queueLimit, _workers;
    private readonly TimeSpan _maxDelay;
    private readonly Timer? _timer;
    private readonly RejectionLog _rejections;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Taking requests, and who is idle.
    private readonly object _gate = new();
    private readonly Stack<Worker> _idle;
    private volatile int _idleCount;
    private int _samples, _timerRuns;
    private volatile bool _stopped;

    /// <summary>An empty queue.</summary>
    /// <param name="name">What logs and messages call it.</param>
    /// <param name="ports">What requests consist of.</param>
    /// <param name="sessions">Sessions for as many samples as a batch may have.</param>
    /// <param name="options">Options that have been checked.</param>
    /// <param name="logger">Where it logs to.</param>
    /// <param name="metrics">What is measured.</param>
    public Batcher(string name, NetworkPorts ports, ObjectPool<ISession> sessions, ServingOptions options, ILogger logger,
        ServingMetrics metrics)
    {
        (_name, _sessions, _logger, _metrics) = (name, sessions, logger, metrics);
        (_maxBatch, _maxDelay, _queueLimit, _workers) =
            (options.MaxBatch, options.MaxDelay, options.QueueLimit, options.ActualWorkers);
        _layout = new PortLayout(name, ports, _maxBatch);
        _tag = new("netgen.network", name);
        _rejections = new RejectionLog(logger, name, _queueLimit);
        _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(_queueLimit) { FullMode = BoundedChannelFullMode.Wait });
        var provider = new DefaultObjectPoolProvider { MaximumRetained = (int)Math.Min(_queueLimit + (long)_workers * _maxBatch, 65536) };
        _requests = provider.Create(new RequestPolicy(this));
        _idle = new Stack<Worker>(Enumerable.Range(0, _workers).Select(_ => new Worker(this, _layout, _maxBatch)));
        _idleCount = _workers;
        if (_maxDelay > TimeSpan.Zero)
            _timer = new Timer(static batcher => ((Batcher)batcher!).TimeIsUp(), this, Timeout.Infinite, Timeout.Infinite);
        metrics.Add(this, _tag);
    }

    /// <summary>Requests that wait.</summary>
    public int QueueLength => _queue.Reader.Count;

    /// <summary>Whether it takes no further requests.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Puts a request into the queue.</summary>
    /// <exception cref="ArgumentException">It does not fit the network.</exception>
    public ValueTask ForwardAsync(
        ReadOnlySpan<BatchValues> inputs, ReadOnlySpan<Memory<float>> outputs, CancellationToken cancellationToken)
    {
        int samples = _layout.Check(inputs, outputs);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        Request request = _requests.Get();
        // Asked for now: once the request has begun, it may end at any time.
        ValueTask task = request.Task;
        request.Begin(inputs, outputs, samples, cancellationToken);
        if (!_queue.Writer.TryWrite(request))
            return Reject(request, task);
        int waiting = Interlocked.Add(ref _samples, samples);
        if (_maxDelay == TimeSpan.Zero || waiting >= _maxBatch)
            Activate();
        else
            StartTimer(_maxDelay);
        return task;
    }

    /// <summary>What a worker does when the thread pool comes to it.</summary>
    public void Work(Worker worker)
    {
        if (!Take(worker))
        {
            Rest(worker);
            return;
        }
        Compute(worker);
        worker.Clear();
        // Behind those who were just answered.
        ThreadPool.UnsafeQueueUserWorkItem(worker, preferLocal: false);
    }

    /// <summary>Measures a request that has ended.</summary>
    public void Answered(Request request, Exception? error)
        => _metrics.Answered(_tag, Stopwatch.GetElapsedTime(request.Came), error);

    /// <summary>Takes a request back that nobody uses.</summary>
    public void GiveBack(Request request) => _requests.Return(request);

    /// <summary>Takes no further requests, and answers those that wait.</summary>
    /// <param name="cancellationToken">Ends the wait; requests that are not being computed then fail.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped = true;
        // From here on no request comes into the queue: completing and writing exclude each other.
        if (_queue.Writer.TryComplete())
            _logger.Stopping(_name, QueueLength);
        Activate();
        lock (_gate)
            CheckDrained();
        try
        {
            await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            int failed = FailWaiting();
            _logger.NotDrained(_name, failed);
            return;
        }
        _logger.Stopped(_name);
    }

    /// <summary>Ends the timer and the meters' interest.</summary>
    public void Dispose()
    {
        _metrics.Remove(this);
        _timer?.Dispose();
    }

    private ValueTask Reject(Request request, ValueTask task)
    {
        if (!request.TryTake())
        {
            // Cancelled in this moment, which its task says.
            request.Release();
            return task;
        }
        request.Abandon();
        RejectionReason reason = _stopped ? RejectionReason.Stopped : RejectionReason.QueueFull;
        _metrics.Rejected(_tag, reason);
        if (reason == RejectionReason.QueueFull)
            _rejections.Add();
        return ValueTask.FromException(new RequestRejectedException(reason, reason == RejectionReason.Stopped
            ? $"{_name} is stopped and takes no further requests; this one was not computed."
            : $"{_name} is busy: {_queueLimit} requests wait, as {nameof(ServingOptions)}.{nameof(ServingOptions.QueueLimit)} allows; "
                + "this one was not computed. Try again later."));
    }

    /// <summary>Sends a worker to the queue if one is idle.</summary>
    private void Activate()
    {
        if (_idleCount == 0)
            return;
        Worker? worker;
        lock (_gate)
        {
            if (!_idle.TryPop(out worker))
                return;
            _idleCount = _idle.Count;
        }
        ThreadPool.UnsafeQueueUserWorkItem(worker, preferLocal: false);
    }

    private void Rest(Worker worker)
    {
        lock (_gate)
        {
            _idle.Push(worker);
            _idleCount = _idle.Count;
            CheckDrained();
        }
        // Who came while nobody was idle may have relied on this worker.
        Interlocked.MemoryBarrier();
        if (IsDue())
            Activate();
        else if (Remaining() is { } rest)
            StartTimer(rest);
    }

    /// <summary>Whether a batch is to be computed now.</summary>
    private bool IsDue()
    {
        if (_maxDelay == TimeSpan.Zero || _stopped)
            return QueueLength > 0;
        return Volatile.Read(ref _samples) >= _maxBatch ? QueueLength > 0 : Remaining() is { } rest && rest <= TimeSpan.Zero;
    }

    /// <summary>How long the oldest request may still wait; null if none does.</summary>
    private TimeSpan? Remaining()
        => _queue.Reader.TryPeek(out Request? oldest) ? _maxDelay - Stopwatch.GetElapsedTime(oldest.Came) : null;

    private void StartTimer(TimeSpan rest)
    {
        if (Interlocked.Exchange(ref _timerRuns, 1) == 0)
            _timer?.Change((long)Math.Max(1, Math.Ceiling(rest.TotalMilliseconds)), Timeout.Infinite);
    }

    private void TimeIsUp()
    {
        Volatile.Write(ref _timerRuns, 0);
        Interlocked.MemoryBarrier();
        if (IsDue())
            Activate();
        else if (Remaining() is { } rest)
            StartTimer(rest);
    }

    /// <summary>Takes the next batch.</summary>
    /// <returns>Whether there is one.</returns>
    private bool Take(Worker worker)
    {
        lock (_gate)
        {
            if (!IsDue())
                return false;
            while (_queue.Reader.TryPeek(out Request? next))
            {
                // One that does not fit any more is the first of the next batch.
                if (next.IsWaiting && worker.Samples + next.Samples > _maxBatch)
                    break;
                _queue.Reader.TryRead(out next);
                Interlocked.Add(ref _samples, -next!.Samples);
                if (next.TryTake())
                    worker.Add(next);
                else
                    next.Release();
            }
        }
        return worker.Samples > 0;
    }

    private void Compute(Worker worker)
    {
        long begin = Stopwatch.GetTimestamp();
        Exception? error = null;
        ISession? session = null;
        try
        {
            session = _sessions.Get();
            worker.Forward(session);
        }
        catch (Exception e)
        {
            error = e;
        }
        _metrics.Computed(_tag, worker.Samples, Stopwatch.GetElapsedTime(begin));
        foreach (Request request in worker.Requests)
        {
            // Of several, one may have made them all fail: each is tried alone, so that it alone gets the error.
            request.Complete(error is null || session is null || worker.Requests.Count == 1 ? error : Alone(session, request));
        }
        if (session is not null)
            _sessions.Return(session);
        if (error is not null)
            _logger.Failed(error, _name, worker.Requests.Count);
    }

    private static Exception? Alone(ISession session, Request request)
    {
        try
        {
            Worker.Forward(session, request);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>Says that nothing is left to do; under the gate.</summary>
    private void CheckDrained()
    {
        if (_stopped && _idle.Count == _workers && QueueLength == 0)
            _drained.TrySetResult();
    }

    private int FailWaiting()
    {
        int failed = 0;
        lock (_gate)
        {
            while (_queue.Reader.TryRead(out Request? request))
            {
                if (request.TryTake())
                {
                    failed++;
                    request.Complete(new RequestRejectedException(RejectionReason.Stopped,
                        $"{_name} was stopped, and the time for its end ran out before this request's turn came; it was not computed."));
                }
                else
                {
                    request.Release();
                }
            }
            CheckDrained();
        }
        return failed;
    }

    private sealed class RequestPolicy(Batcher batcher) : PooledObjectPolicy<Request>
    {
        public override Request Create() => new(batcher, batcher._layout.Inputs, batcher._layout.Outputs);

        public override bool Return(Request obj) => true;
    }
}
