namespace NetGen;

/// <summary>One loop over an epoch of a source, which it has to itself until it is disposed of or finds the epoch over.</summary>
internal readonly struct BatchLoop : IDisposable
{
    private readonly IBatchSource _source;
    private readonly long _loop;

    /// <summary>Begins the epoch.</summary>
    /// <exception cref="InvalidOperationException">Another loop has the source.</exception>
    public BatchLoop(IBatchSource source, int epoch, int firstBatch = 0)
    {
        _source = source;
        _loop = source.StartLoop(epoch, firstBatch);
    }

    /// <summary>The next batch.</summary>
    public bool TryNext(out Batch batch) => _source.TryNext(_loop, out batch);

    /// <summary>Ends the loop.</summary>
    public void Dispose() => _source.EndLoop(_loop);
}
