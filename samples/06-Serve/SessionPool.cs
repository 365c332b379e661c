namespace NetGen.Samples.Serve;

/// <summary>
/// Sessions over one network's parameters, for as many requests at a time as come. Taking and giving back is one interlocked exchange, no
/// lock and no wait: where all slots are empty a session is made, where all are full one is disposed of. So memory follows the number of
/// threads that run at once, which the thread pool bounds, and not the number of requests.
/// </summary>
public sealed class SessionPool : IDisposable
{
    private readonly DigitNet _network;
    private readonly DigitNet.Session?[] _idle;
    private long _created;

    /// <summary>An empty pool; the first request makes the first session.</summary>
    /// <param name="network">The parameters, which every session reads and none changes.</param>
    /// <param name="capacity">Sessions that are kept while nobody uses them.</param>
    public SessionPool(DigitNet network, int capacity)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _network = network;
        _idle = new DigitNet.Session?[capacity];
    }

    /// <summary>Sessions made since the start: under steady load it stands still.</summary>
    public long Created => Interlocked.Read(ref _created);

    /// <summary>Computes the logits of one image.</summary>
    public void Forward(ReadOnlySpan<float> pixels, Span<float> logits)
    {
        DigitNet.Session session = Take();
        try
        {
            session.Forward(pixels, logits);
        }
        finally
        {
            GiveBack(session);
        }
    }

    private DigitNet.Session Take()
    {
        // Neighbouring processors begin at different slots, so that they seldom meet.
        int start = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _idle.Length; i++)
        {
            ref DigitNet.Session? slot = ref _idle[(int)((uint)(start + i) % (uint)_idle.Length)];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } session)
                return session;
        }
        Interlocked.Increment(ref _created);
        return _network.CreateSession(maxBatch: 1);
    }

    private void GiveBack(DigitNet.Session session)
    {
        int start = Thread.GetCurrentProcessorId();
        for (int i = 0; i < _idle.Length; i++)
        {
            ref DigitNet.Session? slot = ref _idle[(int)((uint)(start + i) % (uint)_idle.Length)];
            if (slot is null && Interlocked.CompareExchange(ref slot, session, null) is null)
                return;
        }
        session.Dispose();
    }

    public void Dispose()
    {
        for (int i = 0; i < _idle.Length; i++)
            Interlocked.Exchange(ref _idle[i], null)?.Dispose();
    }
}
