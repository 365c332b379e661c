using Microsoft.Extensions.ObjectPool;

namespace NetGen.Serving;

/// <summary>
/// Sessions over one network's parameters, for whoever computes on a thread of their own: taking and giving back need no lock, and where no
/// session is free one is made.
/// </summary>
/// <typeparam name="TNetwork">The network's class.</typeparam>
/// <example>
/// <code>
/// ISession session = sessions.Get();
/// try
/// {
///     session.Forward(input, output);
/// }
/// finally
/// {
///     sessions.Return(session);
/// }
/// </code>
/// </example>
public sealed class SessionPool<TNetwork> : ObjectPool<ISession>, IDisposable
    where TNetwork : class, INetwork
{
    private readonly ObjectPool<ISession> _pool;
    private readonly Policy _policy;

    /// <summary>An empty pool; the first call makes the first session.</summary>
    /// <param name="network">The parameters, which every session reads and none changes.</param>
    /// <param name="maxBatch">The largest number of samples of one call of a session.</param>
    /// <param name="options">Vector width and threads of each session.</param>
    /// <param name="maximumRetained">Sessions that are kept while nobody uses them; 0 for one for each processor.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public SessionPool(TNetwork network, int maxBatch = 1, SessionOptions? options = null, int maximumRetained = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maximumRetained);
        MaxBatch = maxBatch;
        _policy = new Policy(network, maxBatch, options ?? new SessionOptions());
        int retained = maximumRetained > 0 ? maximumRetained : Environment.ProcessorCount;
        var provider = new DefaultObjectPoolProvider { MaximumRetained = retained };
        _pool = provider.Create(_policy);
    }

    /// <summary>The largest number of samples of one call of a session.</summary>
    public int MaxBatch { get; }

    /// <summary>Sessions made so far: under steady load it stands still.</summary>
    public long Created => Interlocked.Read(ref _policy.Made);

    /// <summary>A session that nobody else has.</summary>
    /// <returns>To be given back by <see cref="Return"/>, or disposed of.</returns>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the vector width asked for.</exception>
    public override ISession Get() => _pool.Get();

    /// <summary>Gives a session back; it is disposed of where enough are free, or the pool is disposed.</summary>
    /// <param name="obj">The session, which the caller no longer uses.</param>
    public override void Return(ISession obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        _pool.Return(obj);
    }

    /// <summary>Disposes of the sessions that nobody has, and of the others when they are given back.</summary>
    public void Dispose() => (_pool as IDisposable)?.Dispose();

    private sealed class Policy(TNetwork network, int maxBatch, SessionOptions options) : PooledObjectPolicy<ISession>
    {
        public long Made;

        public override ISession Create()
        {
            ISession session = network.CreateSession(maxBatch, options);
            Interlocked.Increment(ref Made);
            return session;
        }

        public override bool Return(ISession obj) => true;
    }
}
