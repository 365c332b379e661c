using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// A fixed set of threads that run one piece of work together, the calling thread among them. Between two calls the threads
/// spin for a short while and then sleep, so that the phases of one network follow each other without the operating system,
/// and an idle pool costs nothing. A call allocates nothing.
/// </summary>
/// <remarks>
/// One call at a time: <see cref="Run"/> from two threads at once, or from within its own work, is an error. Everything written
/// before the call is visible to the workers, and everything they wrote is visible to the caller after it.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WorkerPool : IDisposable
{
    private const int Idle = 0, Running = 1, Disposed = 2;

    // The threads know the team but not the pool, so that a pool that nobody disposed of can be collected and its finaliser
    // ends them. Null where the caller works alone.
    private readonly Team? _team;
    private int _state;

    /// <summary>Starts a pool.</summary>
    /// <param name="threads">Number of workers, the caller included; 1 starts no thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1 or above <see cref="VectorSupport.MaxThreads"/>.</exception>
    public WorkerPool(int threads)
    {
        if (threads is < 1 or > VectorSupport.MaxThreads)
        {
            GC.SuppressFinalize(this);
            throw new ArgumentOutOfRangeException(nameof(threads), threads, $"A worker pool has between 1 and {VectorSupport.MaxThreads} threads.");
        }
        Threads = threads;
        if (threads > 1)
            _team = new Team(threads);
        else
            GC.SuppressFinalize(this);
    }

    /// <summary>Ends the threads of a pool that nobody disposed of.</summary>
    ~WorkerPool() => _team?.Stop();

    /// <summary>Number of workers, the caller included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs <see cref="IParallelWork.Execute"/> once for each worker and returns when all are done. If workers throw, all are
    /// still waited for, and then the exception of the lowest-numbered one is rethrown.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="phase">Passed on to the work.</param>
    /// <exception cref="ObjectDisposedException">The pool was disposed of.</exception>
    /// <exception cref="InvalidOperationException">The pool is already running.</exception>
    public void Run(IParallelWork work, int phase)
    {
        Team? team = _team;
        if (team == null)
        {
            if (_state == Disposed)
                ThrowNotIdle(Disposed);
            work.Execute(phase, 0, 1);
            return;
        }

        int state = Interlocked.CompareExchange(ref _state, Running, Idle);
        if (state != Idle)
            ThrowNotIdle(state);
        try
        {
            team.Run(work, phase);
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    /// <summary>Whether no worker sleeps, so that a call would begin at once on all of them.</summary>
    public bool IsAwake
    {
        get
        {
            Team? team = _team;
            return team == null || team.IsAwake;
        }
    }

    /// <summary>Wakes the workers without giving them work: a call within the next 100 µs begins at once.</summary>
    public void Wake() => _team?.Wake();

    /// <summary>
    /// From within the work: returns when all workers have called it as often as this one. What they wrote before is visible after.
    /// Where a worker throws, the others leave their work here.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pool is not running.</exception>
    public void Meet()
    {
        if (_team == null)
            return;
        if (_state != Running)
            throw new InvalidOperationException("Workers meet from within their work only.");
        _team.Meet();
    }

    /// <summary>Ends the threads and waits for them. Calling it again does nothing.</summary>
    /// <exception cref="InvalidOperationException">The pool is running: its work would be torn from under it.</exception>
    public void Dispose()
    {
        int state = Interlocked.CompareExchange(ref _state, Disposed, Idle);
        if (state == Running)
            throw new InvalidOperationException("The worker pool is running; it can be disposed of when Run has returned.");
        if (state == Disposed)
            return;
        _team?.StopAndJoin();
        GC.SuppressFinalize(this);
    }

    private static void ThrowNotIdle(int state)
    {
        ObjectDisposedException.ThrowIf(state == Disposed, typeof(WorkerPool));
        throw new InvalidOperationException(
            "The worker pool is already running: it takes one call at a time, and none from within its own work. Use one session for each thread.");
    }

    // A sleeper that at most one thread wakes. Whoever is about to sleep announces it and then looks once more for what it
    // waits for; whoever provides that writes it and then looks for the announcement. Both have a full fence in between, so at
    // least one of them sees the other, on processors with a weak memory model too. Padded, since neighbours spin.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Sleeper
    {
        [FieldOffset(128)]
        public int Asleep;

        [FieldOffset(136)]
        public SemaphoreSlim Signal;

        [FieldOffset(144)]
        public ExceptionDispatchInfo? Failure;

        public void WakeIfAsleep()
        {
            if (Volatile.Read(ref Asleep) != 0 && Interlocked.CompareExchange(ref Asleep, 0, 1) == 1)
                Signal.Release();
        }
    }

    // Leaves the work of a worker whose meeting will not take place.
    private sealed class AbandonedException : Exception;

    private sealed class Team
    {
        // How long a worker waits awake: longer than the serial stretches between the phases of a network, short enough that
        // an idle session does not hold a core.
        private static readonly long s_spinTicks = Stopwatch.Frequency / 10_000;

        private const int MeetingYieldEvery = 256;

        private readonly int _workers;
        private readonly bool _spins;
        private readonly Sleeper[] _sleepers;
        private readonly Thread[] _threads;

        private IParallelWork? _work;
        private int _phase;
        private volatile bool _stop;

        private PaddedInt _round;
        private PaddedInt _pending;

        // Workers that have come to the meeting under way, and the meetings that are over, modulo 2³².
        private PaddedInt _arrived;
        private PaddedInt _meetings;
        private volatile bool _abandoned;

        public Team(int workers)
        {
            _workers = workers;
            // With more workers than cores a spinning thread holds the core that another one needs.
            _spins = workers <= Environment.ProcessorCount;
            _sleepers = new Sleeper[workers];
            _threads = new Thread[workers - 1];
            for (int i = 0; i < workers; i++)
                _sleepers[i].Signal = new SemaphoreSlim(0);

            int started = 0;
            try
            {
                for (; started < _threads.Length; started++)
                {
                    int worker = started + 1;
                    _threads[started] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"NetGen worker {worker}" };
                    _threads[started].UnsafeStart();
                }
            }
            catch
            {
                Stop();
                throw;
            }
        }

        public void Run(IParallelWork work, int phase)
        {
            _work = work;
            _phase = phase;
            Volatile.Write(ref _pending.Value, _workers - 1);
            Interlocked.Increment(ref _round.Value);
            Wake();

            Execute(0);
            WaitForWorkers();

            // The team must not keep the caller's work alive: it may hold the pool.
            _work = null;
            if (_abandoned)
            {
                _abandoned = false;
                _arrived.Value = 0;
            }
            for (int i = 0; i < _sleepers.Length; i++)
            {
                if (_sleepers[i].Failure != null)
                    ThrowFirstFailure();
            }
        }

        public bool IsAwake
        {
            get
            {
                for (int i = 1; i < _sleepers.Length; i++)
                {
                    if (Volatile.Read(ref _sleepers[i].Asleep) != 0)
                        return false;
                }
                return true;
            }
        }

        public void Wake()
        {
            for (int i = 1; i < _sleepers.Length; i++)
                _sleepers[i].WakeIfAsleep();
        }

        public void Meet()
        {
            int meeting = Volatile.Read(ref _meetings.Value);
            if (Interlocked.Increment(ref _arrived.Value) == _workers)
            {
                Volatile.Write(ref _arrived.Value, 0);
                Volatile.Write(ref _meetings.Value, unchecked(meeting + 1));
                return;
            }
            // Between two layers of one network: nobody sleeps, but who is ready gets the core now and then.
            for (int spins = 1; Volatile.Read(ref _meetings.Value) == meeting; spins++)
            {
                if (_abandoned)
                    throw new AbandonedException();
                if (_spins && spins % MeetingYieldEvery != 0)
                    Thread.SpinWait(1);
                else
                    Thread.Yield();
            }
        }

        public void Stop()
        {
            _stop = true;
            Interlocked.Increment(ref _round.Value);
            Wake();
        }

        public void StopAndJoin()
        {
            Stop();
            foreach (Thread thread in _threads)
                thread.Join();
            for (int i = 0; i < _sleepers.Length; i++)
                _sleepers[i].Signal.Dispose();
        }

        private void Work(int worker)
        {
            int round = 0;
            while (true)
            {
                WaitForRound(worker, round);
                round++;
                if (_stop)
                    return;
                Execute(worker);
                if (Interlocked.Decrement(ref _pending.Value) == 0)
                    _sleepers[0].WakeIfAsleep();
            }
        }

        private void Execute(int worker)
        {
            try
            {
                _work!.Execute(_phase, worker, _workers);
            }
            catch (AbandonedException)
            {
                // The failure of the worker that did not come is told.
            }
            catch (Exception exception)
            {
                _sleepers[worker].Failure = ExceptionDispatchInfo.Capture(exception);
                _abandoned = true;
            }
        }

        // Returns when a round after the given one has begun. Rounds are counted modulo 2³² and a worker is never more than
        // one behind, so that equality is enough.
        private void WaitForRound(int worker, int round)
        {
            var spinner = new Spinner(_spins);
            while (Volatile.Read(ref _round.Value) == round)
            {
                if (spinner.Spin())
                    continue;
                ref Sleeper self = ref _sleepers[worker];
                Interlocked.Exchange(ref self.Asleep, 1);
                if (Volatile.Read(ref _round.Value) == round || Interlocked.CompareExchange(ref self.Asleep, 0, 1) != 1)
                    self.Signal.Wait();
            }
        }

        private void WaitForWorkers()
        {
            var spinner = new Spinner(_spins);
            while (Volatile.Read(ref _pending.Value) != 0)
            {
                if (spinner.Spin())
                    continue;
                ref Sleeper self = ref _sleepers[0];
                Interlocked.Exchange(ref self.Asleep, 1);
                if (Volatile.Read(ref _pending.Value) != 0 || Interlocked.CompareExchange(ref self.Asleep, 0, 1) != 1)
                    self.Signal.Wait();
            }
        }

        private void ThrowFirstFailure()
        {
            ExceptionDispatchInfo? first = null;
            for (int i = 0; i < _sleepers.Length; i++)
            {
                first ??= _sleepers[i].Failure;
                _sleepers[i].Failure = null;
            }
            first!.Throw();
        }

        // Waits awake for a bounded time, giving the core to whoever is ready now and then.
        private struct Spinner(bool spins)
        {
            private const int YieldEvery = 32;
            private const int YieldsWithoutSpinning = 4;

            private int _count;
            private long _deadline;

            // False when it is time to sleep; the caller then starts again from the beginning.
            public bool Spin()
            {
                _count++;
                if (!spins)
                {
                    if (_count <= YieldsWithoutSpinning)
                    {
                        Thread.Yield();
                        return true;
                    }
                }
                else
                {
                    Thread.SpinWait(1);
                    if (_count % YieldEvery != 0)
                        return true;
                    long now = Stopwatch.GetTimestamp();
                    if (_deadline == 0)
                        _deadline = now + s_spinTicks;
                    if (now < _deadline)
                    {
                        Thread.Yield();
                        return true;
                    }
                }
                _count = 0;
                _deadline = 0;
                return false;
            }
        }

        // A counter with its cache lines to itself: 128 bytes on either side, since processors fetch lines in pairs.
        [StructLayout(LayoutKind.Explicit, Size = 256)]
        private struct PaddedInt
        {
            [FieldOffset(128)]
            public int Value;
        }
    }
}
