namespace NetGen;

/// <summary>
/// Keeps the loops over one <see cref="IBatchSource"/> apart. A source has one position, so two loops over it at once would take each
/// other's batches, and two threads in it would write into one batch. Both are refused here, before anything has happened. For authors of
/// sources: <see cref="ArrayBatches"/> and the data loader are made with it.
/// </summary>
/// <remarks>
/// Every public entry of a source stands between <see cref="Enter"/> and <see cref="Leave"/>, and tells between them what it is about to
/// do. Nothing is allocated but for exceptions.
/// </remarks>
public sealed class BatchLoops
{
    private const string Remedy = "End that loop first (an enumerator that is used by hand, by its Dispose), or make a second source "
        + "over the same samples.";

    private int _inside;
    private long _last, _held;

    // About loops by Start and TryNext, which nobody ends: whether their epoch goes on, whether one was given up, and whether the last call
    // found its epoch over.
    private bool _isOpen, _givenUp, _over;

    /// <summary>The calling thread enters the source.</summary>
    /// <exception cref="InvalidOperationException">Another call is in it.</exception>
    public void Enter()
    {
        if (Interlocked.Exchange(ref _inside, 1) != 0)
        {
            throw new InvalidOperationException(
                "Another call to this source of batches is under way. One thread at a time asks for batches: take turns, or make a "
                    + "source for each thread over the same samples.");
        }
    }

    /// <summary>The thread that entered leaves.</summary>
    public void Leave() => Volatile.Write(ref _inside, 0);

    /// <summary>Before an epoch begins: no other loop may be under way.</summary>
    /// <exception cref="InvalidOperationException">One is.</exception>
    public void ThrowIfHeld()
    {
        if (Volatile.Read(ref _held) != 0)
            throw new InvalidOperationException($"Another loop over these batches is under way, by foreach, Fit or Evaluate, and a "
                + $"source has one position. {Remedy}");
    }

    /// <summary>An epoch has begun by <see cref="IBatchSource.Start"/>; one that had begun so is given up.</summary>
    public void Started() => (_isOpen, _givenUp, _over) = (true, _givenUp || _isOpen, false);

    /// <summary>
    /// An epoch has begun for a loop that has the source to itself; one that had begun by <see cref="IBatchSource.Start"/> is given up.
    /// </summary>
    /// <returns>The loop's number.</returns>
    public long StartedLoop()
    {
        // The next call that is no loop's own would find an epoch that it did not begin.
        (_isOpen, _givenUp, _over) = (false, _givenUp || _isOpen, _over || _isOpen);
        Volatile.Write(ref _held, ++_last);
        return _last;
    }

    /// <summary>Before a batch is given: it must be the caller's.</summary>
    /// <param name="loop">The number of the caller's loop; 0 for a call without a loop of its own.</param>
    /// <exception cref="InvalidOperationException">Another loop has the source, or the caller's has ended.</exception>
    public void ThrowIfNotHeldBy(long loop)
    {
        long held = Volatile.Read(ref _held);
        if (held == loop && !(loop == 0 && _over && _givenUp))
            return;
        if (loop == 0)
        {
            throw new InvalidOperationException(held != 0
                ? $"The batches belong to another loop that is under way, by foreach, Fit or Evaluate. {Remedy}"
                : "The epoch that this loop began was given up when another began over the same source, so that its batches are lost. "
                    + "Loops over one source come one after the other: make a second source for a loop within a loop.");
        }
        throw new InvalidOperationException("This loop over the batches has ended or was disposed of. Begin another.");
    }

    /// <summary>An epoch was found to be over.</summary>
    /// <param name="loop">The number of the caller's loop; 0 for a call without a loop of its own.</param>
    public void Finished(long loop)
    {
        if (loop != 0)
            End(loop);
        else
            (_isOpen, _over) = (false, true);
    }

    /// <summary>Ends a loop; nothing happens if it has ended.</summary>
    /// <param name="loop">Its number.</param>
    public void End(long loop)
    {
        if (loop != 0)
            Interlocked.CompareExchange(ref _held, 0, loop);
    }
}
