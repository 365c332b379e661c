using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public class OwnershipTests
{
    private sealed class Thing : IOwned
    {
        public int Freed;

        public void Free() => Interlocked.Increment(ref Freed);
    }

    [Fact]
    public void One_call_at_a_time()
    {
        var thing = new Thing();
        var ownership = new Ownership(thing, "Take turns.");
        for (int i = 0; i < 3; i++)
        {
            using Ownership.Lease lease = ownership.Take();
            string message = Assert.Throws<InvalidOperationException>(() => Take(ownership)).Message;
            Assert.Contains("OwnershipTests.Thing", message, StringComparison.Ordinal);
            Assert.EndsWith(" Take turns.", message, StringComparison.Ordinal);
        }
        Take(ownership);
        Assert.Equal(0, thing.Freed);
    }

    [Fact]
    public void What_is_disposed_of_is_freed_once()
    {
        var thing = new Thing();
        var ownership = new Ownership(thing, "Take turns.");
        ownership.Dispose();
        ownership.Dispose();
        Assert.True(ownership.IsDisposed);
        Assert.Equal(1, thing.Freed);
        Assert.Throws<ObjectDisposedException>(() => Take(ownership));
        Assert.Equal(1, thing.Freed);
    }

    [Fact]
    public void Disposal_within_a_call_is_left_to_its_end()
    {
        var thing = new Thing();
        var ownership = new Ownership(thing, "Take turns.");
        using (Ownership.Lease lease = ownership.Take())
        {
            ownership.Dispose();
            ownership.Dispose();
            Assert.Equal(0, thing.Freed);
            Assert.Throws<ObjectDisposedException>(() => Take(ownership));
        }
        Assert.Equal(1, thing.Freed);
        Assert.Throws<ObjectDisposedException>(() => Take(ownership));
    }

    [Fact]
    public void Calls_and_a_disposal_at_the_same_moment_free_once_and_never_early()
    {
        for (int round = 0; round < 2_000; round++)
        {
            var thing = new Thing();
            var ownership = new Ownership(thing, "Take turns.");
            int early = 0;
            using var start = new Barrier(3);
            Thread[] threads = [.. Enumerable.Range(0, 3).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                if (i == 2)
                {
                    ownership.Dispose();
                    return;
                }
                for (int call = 0; call < 20; call++)
                {
                    try
                    {
                        using Ownership.Lease lease = ownership.Take();
                        Thread.SpinWait(call);
                        Interlocked.Add(ref early, Volatile.Read(ref thing.Freed));
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                    catch (InvalidOperationException)
                    {
                        // The other one is inside.
                    }
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(0, early);
            Assert.Equal(1, thing.Freed);
        }
    }

    private static void Take(Ownership ownership)
    {
        using Ownership.Lease lease = ownership.Take();
    }
}
