using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using NetGen.Serving.Batching;

namespace NetGen.Serving.Telemetry;

/// <summary>
/// The instruments of the meter <c>NetGen.Serving</c>, for all networks: each measurement says in <c>netgen.network</c> which one it is of.
/// </summary>
internal sealed class ServingMetrics
{
    public const string MeterName = "NetGen.Serving";

    private static readonly Lazy<ServingMetrics> s_ofProcess = new(() => new ServingMetrics(new Meter(MeterName)));

    // From a tenth of a millisecond to ten seconds: a forward takes from microseconds to seconds.
    private static readonly double[] s_seconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly int[] s_samples = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    private readonly Counter<long> _requests, _rejected;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _requestDuration, _batchDuration;
    private readonly ConcurrentDictionary<Batcher, KeyValuePair<string, object?>> _batchers = [];

    /// <summary>The instruments of a factory's meter, which the factory disposes of.</summary>
    /// <param name="meters">The application's meters.</param>
    public ServingMetrics(IMeterFactory meters)
        : this(meters.Create(MeterName))
    {
    }

    private ServingMetrics(Meter meter)
    {
        _requests = meter.CreateCounter<long>("netgen.serving.requests", "{request}", "Requests that were answered.");
        _rejected = meter.CreateCounter<long>("netgen.serving.requests.rejected", "{request}", "Requests that were refused on arrival.");
        _batchSize = Make("netgen.serving.batch.size", "{sample}", "Samples that were computed in one call.", s_samples);
        _batchDuration = Make("netgen.serving.batch.duration", "s", "How long the computation of a batch took.", s_seconds);
        _requestDuration = Make("netgen.serving.request.duration", "s", "From a request's arrival to its answer.", s_seconds);
        meter.CreateObservableUpDownCounter("netgen.serving.queue.length", QueueLengths, "{request}", "Requests that wait.");

        Histogram<T> Make<T>(string name, string unit, string description, T[] boundaries)
            where T : struct
        {
#if NET9_0_OR_GREATER
            return meter.CreateHistogram(name, unit, description, null, new InstrumentAdvice<T> { HistogramBucketBoundaries = boundaries });
#else
            // This framework's instruments have no advice for whoever collects them.
            _ = boundaries;
            return meter.CreateHistogram<T>(name, unit, description);
#endif
        }
    }

    /// <summary>The instruments of a factory's meter, or those of the process.</summary>
    public static ServingMetrics Of(IMeterFactory? meters) => meters is null ? s_ofProcess.Value : new ServingMetrics(meters);

    /// <summary>Observes a queue.</summary>
    public void Add(Batcher batcher, KeyValuePair<string, object?> tag) => _batchers[batcher] = tag;

    /// <summary>Observes it no longer.</summary>
    public void Remove(Batcher batcher) => _batchers.TryRemove(batcher, out _);

    /// <summary>A request has ended.</summary>
    /// <param name="network">Whose it was.</param>
    /// <param name="elapsed">Since it came.</param>
    /// <param name="error">What it ended with; null for success.</param>
    public void Answered(KeyValuePair<string, object?> network, TimeSpan elapsed, Exception? error)
    {
        if (error is null)
        {
            _requests.Add(1, network);
            _requestDuration.Record(elapsed.TotalSeconds, network);
            return;
        }
        var type = new KeyValuePair<string, object?>("error.type", error.GetType().FullName);
        _requests.Add(1, network, type);
        _requestDuration.Record(elapsed.TotalSeconds, network, type);
    }

    /// <summary>A request was refused.</summary>
    public void Rejected(KeyValuePair<string, object?> network, RejectionReason reason)
        => _rejected.Add(1, network, new("netgen.rejection.reason", reason == RejectionReason.Stopped ? "stopped" : "queue_full"));

    /// <summary>A batch was computed.</summary>
    public void Computed(KeyValuePair<string, object?> network, int samples, TimeSpan elapsed)
    {
        _batchSize.Record(samples, network);
        _batchDuration.Record(elapsed.TotalSeconds, network);
    }

    private IEnumerable<Measurement<int>> QueueLengths()
    {
        foreach ((Batcher batcher, KeyValuePair<string, object?> tag) in _batchers)
            yield return new Measurement<int>(batcher.QueueLength, tag);
    }
}
