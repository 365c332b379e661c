using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public class WorkerPoolTests
{
    public static TheoryData<int> ThreadCounts => new(1, 2, 3, 4, 16);

    private sealed class Work(Action<int, int, int> action) : IParallelWork
    {
        public void Execute(int phase, int worker, int workers) => action(phase, worker, workers);
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Each_worker_runs_once_and_all_see_what_went_before(int threads)
    {
        using var pool = new WorkerPool(threads);
        Assert.Equal(threads, pool.Threads);
        var input = new int[threads * 32];
        var output = new int[threads * 32];
        var work = new Work((phase, worker, workers) =>
        {
            Assert.Equal(threads, workers);
            // Reads what the caller and, in odd phases, what another worker wrote before.
            int other = (worker + phase) % workers;
            output[worker * 32] = input[other * 32] + phase;
        });
        for (int round = 0; round < 3000; round++)
        {
            for (int i = 0; i < threads; i++)
                input[i * 32] = round * 100 + i;
            pool.Run(work, round);
            for (int i = 0; i < threads; i++)
                Assert.Equal(round * 100 + (i + round) % threads + round, output[i * 32]);
        }
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void After_a_meeting_all_see_what_each_wrote_before_it(int threads)
    {
        using var pool = new WorkerPool(threads);
        const int Meetings = 200;
        var written = new int[threads * 32];
        var seen = new bool[threads * 32];
        var work = new Work((phase, worker, workers) =>
        {
            bool right = true;
            for (int meeting = 1; meeting <= Meetings; meeting++)
            {
                written[worker * 32] = phase * Meetings + meeting;
                pool.Meet(worker);
                for (int other = 0; other < workers; other++)
                    right &= written[other * 32] == phase * Meetings + meeting;
                pool.Meet(worker);
            }
            seen[worker * 32] = right;
        });
        for (int phase = 0; phase < 10; phase++)
        {
            Array.Clear(seen);
            pool.RunMeeting(work, phase);
            for (int worker = 0; worker < threads; worker++)
                Assert.True(seen[worker * 32], $"worker {worker}, phase {phase}");
        }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(8)]
    public void Nobody_waits_for_a_worker_that_has_failed(int threads)
    {
        using var pool = new WorkerPool(threads);
        int left = 0;
        for (int failing = 0; failing < threads; failing++)
        {
            left = 0;
            var work = new Work((_, worker, _) =>
            {
                pool.Meet(worker);
                if (worker == failing)
                    throw new FormatException($"worker {worker}");
                pool.Meet(worker);
                Interlocked.Increment(ref left);
            });
            Assert.Equal($"worker {failing}", Assert.Throws<FormatException>(() => pool.RunMeeting(work, 0)).Message);
            Assert.Equal(0, left);
        }
        // The next meeting is whole again.
        pool.RunMeeting(new Work((_, worker, _) =>
        {
            pool.Meet(worker);
            Interlocked.Increment(ref left);
        }), 0);
        Assert.Equal(threads, left);
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Workers_fall_asleep_and_are_woken_without_work(int threads)
    {
        using var pool = new WorkerPool(threads);
        int ran = 0;
        var work = new Work((_, _, _) => Interlocked.Increment(ref ran));
        for (int round = 0; round < 3; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => !pool.IsAwake || threads == 1, 10_000), "asleep");
            // They sleep again soon, so that one look may miss it.
            bool awake = false;
            for (int attempt = 0; attempt < 10_000 && !awake; attempt++)
            {
                pool.Wake();
                awake = pool.IsAwake;
            }
            Assert.True(awake, "awake");
            Assert.Equal(round * threads, ran);
            pool.Run(work, 0);
            Assert.Equal((round + 1) * threads, ran);
        }
    }

    [Fact]
    public void Workers_meet_within_work_that_was_run_for_it_only()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Meet(0));
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Work((_, worker, _) => pool.Meet(worker)), 0));
        using var alone = new WorkerPool(1);
        alone.Meet(0);
    }

    [Fact]
    public void Parts_whose_threads_do_not_come_are_done_by_those_that_do()
    {
        using var pool = new WorkerPool(4);
        using var last = new ManualResetEventSlim();
        // Two threads are held in their parts until the others have done all other parts, of which one belongs to nobody else.
        int begun = 0, done = 0;
        var work = new Work((_, _, _) =>
        {
            if (Interlocked.Increment(ref begun) <= 2)
                last.Wait();
            else if (Interlocked.Increment(ref done) == 2)
                last.Set();
        });
        for (int round = 0; round < 200; round++)
        {
            last.Reset();
            begun = done = 0;
            pool.Run(work, 0);
            Assert.Equal((4, 2), (begun, done));
        }
    }

    [Fact]
    public void The_caller_does_all_parts_where_no_other_thread_gets_to_run()
    {
        using var pool = new WorkerPool(2);
        var parts = new int[2];
        int slow = 0;
        var work = new Work((_, worker, _) =>
        {
            parts[worker] = Environment.CurrentManagedThreadId;
            Interlocked.Add(ref slow, worker);
        });
        // The other thread falls asleep between the rounds and comes late to many of them.
        for (int round = 1; round <= 100; round++)
        {
            Array.Clear(parts);
            pool.Run(work, 0);
            Assert.DoesNotContain(0, parts);
            Assert.Equal(round, slow);
            Thread.Sleep(round % 2);
        }
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Works_after_any_pause(int threads)
    {
        using var pool = new WorkerPool(threads);
        int sum = 0;
        var work = new Work((phase, _, _) => Interlocked.Add(ref sum, phase));
        var random = new Random(1);
        for (int round = 1; round <= 150; round++)
        {
            sum = 0;
            pool.Run(work, round);
            Assert.Equal(round * threads, sum);
            // Around the time at which the workers go to sleep, and long after.
            long until =
                System.Diagnostics.Stopwatch.GetTimestamp() + random.Next(0, 200) * System.Diagnostics.Stopwatch.Frequency / 1_000_000;
            while (System.Diagnostics.Stopwatch.GetTimestamp() < until)
                Thread.SpinWait(5);
            if (round % 30 == 0)
                Thread.Sleep(5);
        }
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Slow_workers_are_waited_for(int threads)
    {
        using var pool = new WorkerPool(threads);
        int done = 0;
        pool.Run(new Work((_, worker, _) =>
        {
            if (worker != 0)
                Thread.Sleep(20);
            Interlocked.Increment(ref done);
        }), 0);
        Assert.Equal(threads, done);
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void An_exception_arrives_when_all_are_done_and_the_pool_lives_on(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int failing = 0; failing < threads; failing++)
        {
            int done = 0;
            int who = failing;
            var exception = Assert.Throws<InvalidDataException>(() => pool.Run(new Work((_, worker, _) =>
            {
                if (worker >= who)
                {
                    // Later workers fail first; the lowest is the one that is told.
                    Thread.Sleep(worker == who ? 5 : 0);
                    Interlocked.Increment(ref done);
                    Throw(worker);
                }
                Interlocked.Increment(ref done);
            }), 0));
            Assert.Equal(threads, done);
            Assert.Equal($"worker {who}", exception.Message);
            Assert.Contains(nameof(Throw), exception.StackTrace);

            int sum = 0;
            pool.Run(new Work((_, _, _) => Interlocked.Increment(ref sum)), 0);
            Assert.Equal(threads, sum);
        }

        static void Throw(int worker) => throw new InvalidDataException($"worker {worker}");
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Disposing_ends_the_threads_once(int threads)
    {
        var pool = new WorkerPool(threads);
        var workers = new Thread[threads];
        pool.RunMeeting(new Work((_, worker, _) => workers[worker] = Thread.CurrentThread), 0);
        Assert.All(workers.Skip(1), thread => Assert.True(thread.IsBackground && thread.IsAlive));
        pool.Dispose();
        pool.Dispose();
        Assert.All(workers.Skip(1), thread => Assert.False(thread.IsAlive));
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new Work((_, _, _) => { }), 0));
        new WorkerPool(threads).Dispose();
    }

    [Fact]
    public void Threads_that_begin_to_wait_at_the_moment_of_the_end_end()
    {
        var work = new Work((_, worker, _) => Thread.SpinWait(worker * 50));
        for (int round = 0; round < 3000; round++)
        {
            var pool = new WorkerPool(2 + round % 2);
            for (int i = 0; i < round % 4; i++)
                pool.Run(work, 0);
            pool.Dispose();
        }
    }

    [Fact]
    public void Nested_and_simultaneous_calls_are_refused()
    {
        using var pool = new WorkerPool(2);
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Work((_, _, _) => pool.Run(new Work((_, _, _) => { }), 0)), 0));
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Work((_, _, _) => pool.Dispose()), 0));

        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var first = new Thread(() => pool.Run(new Work((_, worker, _) =>
        {
            if (worker == 1)
            {
                inside.Set();
                leave.Wait();
            }
        }), 0));
        first.Start();
        inside.Wait();
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Work((_, _, _) => { }), 0));
        Assert.Throws<InvalidOperationException>(pool.Dispose);
        leave.Set();
        first.Join();
        pool.Run(new Work((_, _, _) => { }), 0);
    }

    [Fact]
    public void A_pool_may_be_used_from_changing_threads()
    {
        using var pool = new WorkerPool(3);
        int sum = 0;
        var work = new Work((_, _, _) => Interlocked.Increment(ref sum));
        for (int i = 0; i < 20; i++)
        {
            var thread = new Thread(() => pool.Run(work, 0));
            thread.Start();
            thread.Join();
        }
        Assert.Equal(60, sum);
    }

    [Fact]
    public void Many_pools_at_once_do_not_disturb_each_other()
    {
        Parallel.For(0, 6, i =>
        {
            using var pool = new WorkerPool(1 + i);
            int sum = 0;
            var work = new Work((_, _, _) => Interlocked.Increment(ref sum));
            for (int round = 0; round < 500; round++)
                pool.Run(work, 0);
            Assert.Equal(500 * (1 + i), sum);
        });
    }

    [Fact]
    public void Running_allocates_nothing_on_any_thread()
    {
        using var pool = new WorkerPool(3);
        var allocated = new long[3];
        var work = new Work((phase, worker, _) =>
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (phase == 0)
                allocated[worker] = now;
            else
                allocated[worker] = now - allocated[worker];
        });
        var nothing = new Work((_, _, _) => { });
        for (int i = 0; i < 200; i++)
        {
            pool.Run(nothing, 0);
            if (i % 20 == 0)
                Thread.Sleep(1);
        }
        pool.RunMeeting(work, 0);
        for (int i = 0; i < 200; i++)
        {
            pool.Run(nothing, 0);
            if (i % 20 == 0)
                Thread.Sleep(1);
        }
        pool.RunMeeting(work, 1);
        Assert.Equal([0, 0, 0], allocated);
    }

    [Fact]
    public void A_forgotten_pool_ends_its_threads()
    {
        Thread worker = Forget();
        for (int i = 0; i < 100 && worker.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }
        Assert.False(worker.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Thread Forget()
        {
            var pool = new WorkerPool(2);
            Thread[] threads = new Thread[2];
            // The work holds the pool, as a session's does.
            pool.RunMeeting(new Work((_, worker, workers) => threads[worker] = pool.Threads == workers ? Thread.CurrentThread : null!), 0);
            return threads[1];
        }
    }

    [Fact]
    public void Senseless_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => new WorkerPool(0));
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => new WorkerPool(-1));
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => new WorkerPool(VectorSupport.MaxThreads + 1));
    }
}
