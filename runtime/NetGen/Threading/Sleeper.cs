namespace NetGen.CompilerServices;

/// <summary>
/// Where one thread sleeps until another one wakes it. Who is about to sleep announces it and then looks once more for what it waits for;
/// who provides that writes it and then looks for the announcement. Both have a full fence in between, so at least one of them
/// sees the other, on processors with a weak memory model too.
/// </summary>
/// <remarks>A monitor and no semaphore: waiting for one gives the core away at once, where semaphores first spin and yield.</remarks>
internal sealed class Sleeper
{
    private readonly object _monitor = new();
    private int _asleep;

    /// <summary>Whether the thread sleeps or is about to.</summary>
    public bool IsAsleep => Volatile.Read(ref _asleep) != 0;

    /// <summary>Announces that the thread will sleep; it must look for what it waits for before it does.</summary>
    public void Announce() => Interlocked.Exchange(ref _asleep, 1);

    /// <summary>Takes the announcement back.</summary>
    public void Cancel() => Volatile.Write(ref _asleep, 0);

    /// <summary>After the announcement: sleeps until somebody wakes the thread, or not at all if somebody has.</summary>
    public void Sleep()
    {
        lock (_monitor)
        {
            while (IsAsleep)
                Monitor.Wait(_monitor);
        }
    }

    /// <summary>Wakes the thread if it sleeps or is about to. What it waits for has been written, with a fence behind it.</summary>
    public void Wake()
    {
        if (!IsAsleep)
            return;
        lock (_monitor)
        {
            Cancel();
            Monitor.Pulse(_monitor);
        }
    }
}
