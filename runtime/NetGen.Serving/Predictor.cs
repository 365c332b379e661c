using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NetGen.Serving.Batching;
using NetGen.Serving.Telemetry;

namespace NetGen.Serving;

/// <summary>
/// Puts the requests of concurrent callers into batches and computes them with sessions of one network. Dependency injection makes it
/// (<c>services.AddNetGen</c>); it works without as well.
/// </summary>
/// <typeparam name="TNetwork">The network's class.</typeparam>
public sealed class Predictor<TNetwork> : IPredictor<TNetwork>, IAsyncDisposable, IDisposable
    where TNetwork : class, INetwork
{
    private readonly Batcher _batcher;
    private readonly SessionPool<TNetwork> _sessions;
    private readonly bool _ownsSessions;

    /// <summary>A predictor of a network.</summary>
    /// <param name="network">The parameters, which are shared and only read.</param>
    /// <param name="options">How requests become batches; <see cref="ServingOptions.Model"/> is not looked at.</param>
    /// <param name="loggers">Where it logs to; nowhere by default.</param>
    /// <param name="meters">Makes the meter <c>NetGen.Serving</c>; by default it is one for the process.</param>
    /// <exception cref="OptionsValidationException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">The processor lacks the vector width asked for.</exception>
    public Predictor(TNetwork network, ServingOptions? options = null, ILoggerFactory? loggers = null, IMeterFactory? meters = null)
        : this(network, null, options ?? new(), typeof(TNetwork).Name, loggers, ServingMetrics.Of(meters))
    {
    }

    internal Predictor(TNetwork network, SessionPool<TNetwork>? sessions, ServingOptions options, string name, ILoggerFactory? loggers,
        ServingMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(network);
        options.Check(name);
        Network = network;
        Name = name;
        QueueLimit = options.QueueLimit;
        _ownsSessions = sessions is null;
        _sessions = sessions ?? new SessionPool<TNetwork>(network, options.MaxBatch, options.ForSessions(), options.ActualWorkers);
        // Made now, so that the first requests do not pay for it, and what this processor lacks is said here.
        ISession session = _sessions.Get();
        string schedule = session.Schedule;
        _sessions.Return(session);
        ILogger logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("NetGen.Serving");
        _batcher = new Batcher(name, network.Ports, _sessions, options, logger, metrics);
        long parameters = network.Parameters.Where(parameter => parameter.IsLearned || parameter.IsFrozen)
            .Sum(parameter => (long)parameter.Length);
        logger.Ready(name, parameters, options.ActualWorkers, options.MaxBatch, schedule);
    }

    /// <summary>The network whose parameters are read.</summary>
    public TNetwork Network { get; }

    /// <summary>What logs, meters and messages call it: the name it was registered by, or that of the network's class.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public NetworkPorts Ports => Network.Ports;

    /// <inheritdoc/>
    public int MaxBatch => _sessions.MaxBatch;

    /// <summary>Requests that wait, those that were cancelled and not yet passed by among them.</summary>
    public int QueueLength => _batcher.QueueLength;

    /// <summary>Requests that may wait.</summary>
    public int QueueLimit { get; }

    /// <summary>Whether it takes no further requests.</summary>
    public bool IsStopped => _batcher.IsStopped;

    /// <inheritdoc/>
    public ValueTask ForwardAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken = default)
        => _batcher.ForwardAsync([new BatchValues(input)], [output], cancellationToken);

    /// <inheritdoc/>
    public ValueTask ForwardAsync(ReadOnlyMemory<int> input, Memory<float> output, CancellationToken cancellationToken = default)
        => _batcher.ForwardAsync([new BatchValues(input)], [output], cancellationToken);

    /// <inheritdoc/>
    public ValueTask ForwardAsync(
        ReadOnlySpan<BatchValues> inputs, ReadOnlySpan<Memory<float>> outputs, CancellationToken cancellationToken = default)
        => _batcher.ForwardAsync(inputs, outputs, cancellationToken);

    /// <summary>Computes a sample of zeros, so that the first request does not wait for the compiler.</summary>
    internal Memory<float>[] Warm()
    {
        Probe probe = new(Ports);
        ISession session = _sessions.Get();
        try
        {
            probe.Forward(session);
        }
        finally
        {
            _sessions.Return(session);
        }
        return probe.Outputs;
    }

    /// <summary>Takes no further requests, and computes those that wait.</summary>
    /// <param name="cancellationToken">
    /// Ends the wait: requests that nobody has begun then fail with a <see cref="RequestRejectedException"/>.
    /// </param>
    /// <returns>Ends when all requests have been answered.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default) => _batcher.StopAsync(cancellationToken);

    /// <summary>Stops, and frees the sessions when all requests have been answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _batcher.StopAsync(CancellationToken.None).ConfigureAwait(false);
        _batcher.Dispose();
        if (_ownsSessions)
            _sessions.Dispose();
    }

    /// <summary>The same as <see cref="DisposeAsync"/>, waiting.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
