using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// A fixed set of threads that run one piece of work together, the calling thread among them. The work comes in as many parts as there are
/// threads. Each thread takes its own part first, since it finds in the cache of its core what it left there in the phase before, and then
/// parts that nobody has taken yet: a thread that the operating system lets wait holds up nobody, unless it is in the middle of a part.
/// Between two calls the threads wait awake for a short while and then sleep, so that the phases of one network follow each other without
/// the operating system, and an idle pool costs nothing. Where the machine has so much other work that the caller alone is quicker, it
/// works alone (<see cref="Pace"/>). A call allocates nothing.
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
            throw new ArgumentOutOfRangeException(nameof(threads),
                threads, $"A worker pool has between 1 and {VectorSupport.MaxThreads} threads.");
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
    /// Runs <see cref="IParallelWork.Execute"/> once for each part and returns when all are done. If parts throw, all are
    /// still waited for, and then the exception of the lowest-numbered one is rethrown.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="phase">Passed on to the work.</param>
    /// <exception cref="ObjectDisposedException">The pool was disposed of.</exception>
    /// <exception cref="InvalidOperationException">The pool is already running.</exception>
    public void Run(IParallelWork work, int phase) => RunParts(work, phase, meets: false);

    /// <summary>
    /// Like <see cref="Run"/>, for work whose parts wait for each other (<see cref="Meet"/>): each part has a thread of its own.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="phase">Passed on to the work.</param>
    /// <exception cref="ObjectDisposedException">The pool was disposed of.</exception>
    /// <exception cref="InvalidOperationException">The pool is already running.</exception>
    public void RunMeeting(IParallelWork work, int phase) => RunParts(work, phase, meets: true);

    private void RunParts(IParallelWork work, int phase, bool meets)
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
            team.Run(work, phase, meets);
        }
        finally
        {
            Volatile.Write(ref _state, Idle);
        }
    }

    /// <summary>Whether a call would begin at once on all threads: none sleeps, and the caller does not work alone.</summary>
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
    /// From within the work of <see cref="RunMeeting"/>: returns when all workers have called it as often as this one. What they wrote
    /// before is visible after. Where a worker throws, the others leave their work here.
    /// </summary>
    /// <param name="worker">The number of the part that calls.</param>
    /// <exception cref="InvalidOperationException">No work whose parts meet is running.</exception>
    public void Meet(int worker) => _team?.Meet(worker);

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
            "The worker pool is already running: it takes one call at a time, and none from within its own work. Use one session for "
                + "each thread.");
    }

    // What a thread waits for: the next round of work, the end of all parts, or the end of a meeting.
    private enum Awaited
    {
        Round,
        Workers,
        Meeting,
    }

    // Leaves the work of a worker whose meeting will not take place.
    private sealed class AbandonedException : Exception;

    private sealed class Team
    {
        // How long a thread waits awake: longer than the serial stretches between the phases of a network, short enough that
        // an idle session does not hold a core.
        private static readonly long s_spinTicks = Stopwatch.Frequency / 10_000;

        // Of the time since the run began.
        private const int StallFraction = 8;

        private readonly int _workers;
        private readonly bool _spins;
        private readonly Pace _pace = Pace.Create();
        private readonly Sleeper[] _sleepers;
        private readonly Thread[] _threads;
        private readonly ExceptionDispatchInfo?[] _failures;

        // The round in which each part was taken last, padded, since neighbours write.
        private readonly PaddedInt[] _taken;

        private IParallelWork? _work;
        private int _phase;
        private bool _meets, _alone;
        private long _began;
        private volatile bool _stop;

        // Rounds are counted modulo 2³²; no thread is ever more than one behind with a part that it may still take.
        private PaddedInt _round;
        private PaddedInt _pending;

        // Workers that have come to the meeting under way, and the meetings that are over, modulo 2³².
        private PaddedInt _arrived;
        private PaddedInt _meetings;
        private volatile bool _abandoned, _stalled;

        public Team(int workers)
        {
            _workers = workers;
            // With more workers than cores a spinning thread holds the core that another one needs.
            _spins = workers <= Environment.ProcessorCount;
            _threads = new Thread[workers - 1];
            _failures = new ExceptionDispatchInfo?[workers];
            _taken = new PaddedInt[workers];
            _sleepers = new Sleeper[workers];
            for (int i = 0; i < workers; i++)
                _sleepers[i] = new Sleeper();

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

        public void Run(IParallelWork work, int phase, bool meets)
        {
            bool watched = _pace.Watches;
            if (watched)
                _pace.BeforeRun(phase);
            if (_pace.IsAlone)
                RunAlone(work, phase);
            else
                RunShared(work, phase, meets);
            if (watched)
                _pace.AfterRun(phase);
        }

        public bool IsAwake
        {
            get
            {
                if (_pace.StaysAlone)
                    return false;
                for (int i = 1; i < _sleepers.Length; i++)
                {
                    if (_sleepers[i].IsAsleep)
                        return false;
                }
                return true;
            }
        }

        public void Wake()
        {
            if (!_pace.StaysAlone)
                WakeAll();
        }

        public void Meet(int worker)
        {
            if (_alone)
                return;
            if (!_meets)
                throw new InvalidOperationException("Workers meet from within work that was run as such.");
            int meeting = Volatile.Read(ref _meetings.Value);
            if (Interlocked.Increment(ref _arrived.Value) == _workers)
            {
                Volatile.Write(ref _arrived.Value, 0);
                Interlocked.Increment(ref _meetings.Value);
                WakeAll();
                return;
            }
            Wait(Awaited.Meeting, worker, meeting);
            if (_abandoned && Volatile.Read(ref _meetings.Value) == meeting)
                throw new AbandonedException();
        }

        public void Stop()
        {
            _stop = true;
            Interlocked.Increment(ref _round.Value);
            WakeAll();
        }

        public void StopAndJoin()
        {
            Stop();
            foreach (Thread thread in _threads)
                thread.Join();
        }

        private void RunAlone(IParallelWork work, int phase)
        {
            _alone = true;
            try
            {
                work.Execute(phase, 0, 1);
            }
            finally
            {
                _alone = false;
            }
        }

        private void RunShared(IParallelWork work, int phase, bool meets)
        {
            _work = work;
            _phase = phase;
            _meets = meets;
            _began = Stopwatch.GetTimestamp();
            Volatile.Write(ref _pending.Value, _workers);
            int round = Interlocked.Increment(ref _round.Value);
            WakeAll();

            TakeParts(0, round);
            Wait(Awaited.Workers, 0, 0);

            // The team must not keep the caller's work alive: it may hold the pool.
            _work = null;
            _meets = false;
            if (_abandoned)
            {
                _abandoned = false;
                _arrived.Value = 0;
                ThrowFirstFailure();
            }
            if (_stalled)
            {
                _stalled = false;
                _pace.Stalled();
            }
        }

        private void WakeAll()
        {
            foreach (Sleeper sleeper in _sleepers)
                sleeper.Wake();
        }

        private void Work(int worker)
        {
            int round = 0;
            while (true)
            {
                Wait(Awaited.Round, worker, round);
                // In this order: who reads the number that the end has counted must see the end.
                round = Volatile.Read(ref _round.Value);
                if (_stop)
                    return;
                TakeParts(worker, round);
            }
        }

        // A thread's own part, then those that nobody has taken. Parts that meet need a thread each.
        private void TakeParts(int worker, int round)
        {
            for (int i = 0; i < _workers; i++)
            {
                int part = worker + i;
                if (part >= _workers)
                    part -= _workers;
                // Succeeds for one thread in each round, and only in the round that was read: all parts of earlier rounds have been taken.
                if (Volatile.Read(ref _taken[part].Value) == round - 1
                    && Interlocked.CompareExchange(ref _taken[part].Value, round, round - 1) == round - 1)
                {
                    Execute(part);
                    if (Interlocked.Decrement(ref _pending.Value) == 0)
                        _sleepers[0].Wake();
                }
                if (_meets)
                    return;
            }
        }

        private void Execute(int part)
        {
            try
            {
                _work!.Execute(_phase, part, _workers);
            }
            catch (AbandonedException)
            {
                // The failure of the worker that did not come is told.
            }
            catch (Exception exception)
            {
                _failures[part] = ExceptionDispatchInfo.Capture(exception);
                _abandoned = true;
                if (_meets)
                {
                    // Who is about to sleep until a meeting looks for this after its announcement.
                    Interlocked.MemoryBarrier();
                    WakeAll();
                }
            }
        }

        private bool HasCome(Awaited what, int seen) => what switch
        {
            Awaited.Round => Volatile.Read(ref _round.Value) != seen,
            Awaited.Meeting => Volatile.Read(ref _meetings.Value) != seen || _abandoned,
            _ => Volatile.Read(ref _pending.Value) == 0,
        };

        // Awake at first, and then asleep: a core on which one thread only waits may be the one that another thread needs.
        private void Wait(Awaited what, int worker, int seen)
        {
            var spinner = new Spinner(_spins);
            long parked = 0;
            while (!HasCome(what, seen))
            {
                if (spinner.Spin())
                    continue;
                if (parked == 0)
                    parked = Stopwatch.GetTimestamp();
                Sleeper self = _sleepers[worker];
                self.Announce();
                if (HasCome(what, seen))
                    self.Cancel();
                else
                    self.Sleep();
            }
            if (parked != 0 && what != Awaited.Round && IsStall(parked))
                _stalled = true;
        }

        // Parts are never quite alike: a wait counts where it is long beside the work.
        private bool IsStall(long parked)
        {
            long now = Stopwatch.GetTimestamp();
            return (now - parked) * StallFraction > now - _began;
        }

        private void ThrowFirstFailure()
        {
            ExceptionDispatchInfo? first = null;
            for (int i = 0; i < _failures.Length; i++)
            {
                first ??= _failures[i];
                _failures[i] = null;
            }
            first!.Throw();
        }

        // Waits awake for a bounded time. It never yields: on a busy machine the operating system would give the core to other work for a
        // whole slice.
        private struct Spinner(bool spins)
        {
            private const int LookEvery = 32;

            private int _count;
            private long _deadline;

            // False when it is time to sleep; the caller then starts again from the beginning.
            public bool Spin()
            {
                if (!spins)
                    return false;
                Thread.SpinWait(1);
                if (++_count % LookEvery != 0)
                    return true;
                long now = Stopwatch.GetTimestamp();
                if (_deadline == 0)
                    _deadline = now + s_spinTicks;
                if (now < _deadline)
                    return true;
                _count = 0;
                _deadline = 0;
                return false;
            }
        }

        // A number with its cache lines to itself: 128 bytes on either side, since processors fetch lines in pairs.
        [StructLayout(LayoutKind.Explicit, Size = 256)]
        private struct PaddedInt
        {
            [FieldOffset(128)]
            public int Value;
        }
    }
}
