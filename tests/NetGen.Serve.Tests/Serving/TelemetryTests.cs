using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NetGen.Samples.Serve;
using NetGen.Serving;
using OpenTelemetry.Metrics;

namespace NetGen.Serve.Tests.Serving;

/// <summary>What meters, logs and health checks say.</summary>
public sealed class TelemetryTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task OpenTelemetry_collects_what_happened()
    {
        var network = new GatedNetwork();
        var exported = new List<MetricSnapshot>();
        using IHost host = RegistrationTests.Host(services =>
        {
            services.AddMetrics();
            // The file is there, which is all that is asked of it here; the name tells the meters from other tests'.
            services.AddNetGen("metered", _ => network, options =>
                (options.Model, options.Workers, options.MaxBatch, options.QueueLimit) = (RunningServer.Model, 1, 4, 4));
            services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("NetGen.Serving").AddInMemoryExporter(exported,
                reader => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = Timeout.Infinite));
        });
        await host.StartAsync();
        // The call by which the start tries the network.
        await network.Entered();
        var predictor = host.Services.GetRequiredKeyedService<IPredictor<GatedNetwork>>("metered");
        var provider = host.Services.GetRequiredService<MeterProvider>();
        using IDisposable closed = network.Close();
        Task<float[]> first = Send(1);
        await network.Entered();
        using var source = new CancellationTokenSource();
        Task cancelled = predictor.ForwardAsync(new float[2], new float[2], source.Token).AsTask();
        Task<float[]> bad = Send(GatedNetwork.Bad);
        Task<float[]>[] others = [Send(2), Send(3)];
        await Assert.ThrowsAsync<RequestRejectedException>(() => Send(4));
        provider.ForceFlush();
        Assert.Equal(4, Points("netgen.serving.queue.length").Single().GetSumLong());
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(s_patience));
        network.Open();
        await Assert.ThrowsAsync<InvalidDataException>(() => bad.WaitAsync(s_patience));
        await Task.WhenAll([first, .. others]).WaitAsync(s_patience);

        exported.Clear();
        provider.ForceFlush();
        Assert.Equal(0, Points("netgen.serving.queue.length").Single().GetSumLong());
        MetricPoint[] requests = Points("netgen.serving.requests");
        Assert.Equal(3, requests.Single(point => Tag(point, "error.type") is null).GetSumLong());
        Assert.Equal(1, requests.Single(point => Tag(point, "error.type") is "System.OperationCanceledException").GetSumLong());
        Assert.Equal(1, requests.Single(point => Tag(point, "error.type") is "System.IO.InvalidDataException").GetSumLong());
        Assert.Equal(3, requests.Length);
        MetricPoint rejected = Points("netgen.serving.requests.rejected").Single();
        Assert.Equal((1, "queue_full"), (rejected.GetSumLong(), Tag(rejected, "netgen.rejection.reason")));
        MetricPoint batches = Points("netgen.serving.batch.size").Single();
        Assert.Equal((2, 4), (batches.GetHistogramCount(), batches.GetHistogramSum()));
        Assert.Equal(2, Points("netgen.serving.batch.duration").Single().GetHistogramCount());
        MetricPoint answered = Points("netgen.serving.request.duration").Single(point => Tag(point, "error.type") is null);
        Assert.Equal(3, answered.GetHistogramCount());
        Assert.InRange(answered.GetHistogramSum(), 1e-6, s_patience.TotalSeconds);
        // What the instruments advise, from a tenth of a millisecond to ten seconds.
        var bounds = new List<double>();
        foreach (HistogramBucket bucket in answered.GetHistogramBuckets())
            bounds.Add(bucket.ExplicitBound);
        Assert.Equal((0.0001, 10), (bounds[0], bounds[^2]));
        await host.StopAsync();

        Task<float[]> Send(float value) => predictor.PredictAsync(new[] { value, -value }).AsTask();

        MetricPoint[] Points(string name)
            => [.. exported.Where(metric => metric.Name == name && metric.MeterName == "NetGen.Serving")
                .SelectMany(metric => metric.MetricPoints).Where(point => Tag(point, "netgen.network") == "metered")];
    }

    [Fact]
    public async Task Logs_say_what_was_loaded_refused_and_ended()
    {
        var lines = new Lines();
        using IHost host = RegistrationTests.Host(services => services.AddLogging(logging => logging.AddProvider(lines))
            .AddNetGen(DigitNet.Load, options => (options.Model, options.Workers) = (RunningServer.Model, 2)));
        await host.StartAsync();
        await host.StopAsync();
        string[] own = lines.Of("NetGen.Serving");
        Assert.Equal(4, own.Length);
        Assert.Matches("^Information: DigitNet: parameters of .*digits.safetensors loaded in [0-9]+ ms.$", own[0]);
        Assert.StartsWith("Information: DigitNet is ready: 114362 parameters, 2 workers, batches of up to 32 samples; ", own[1],
            StringComparison.Ordinal);
        Assert.Equal("Information: DigitNet stops; 0 requests that wait are computed first.", own[2]);
        Assert.Equal("Information: DigitNet has stopped; all requests are answered.", own[3]);
    }

    [Fact]
    public async Task Logs_say_once_that_a_queue_is_full_and_what_failed()
    {
        var lines = new Lines();
        var network = new GatedNetwork();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        await using var predictor = new Predictor<GatedNetwork>(network, new() { Workers = 1, MaxBatch = 1, QueueLimit = 1 }, loggers);
        using IDisposable closed = network.Close();
        Task<float[]> first = predictor.PredictAsync(new float[] { GatedNetwork.Bad, 0 }).AsTask();
        await network.Entered();
        Task<float[]> second = predictor.PredictAsync(new float[] { 2, 0 }).AsTask();
        for (int i = 0; i < 3; i++)
            await Assert.ThrowsAsync<RequestRejectedException>(async () => await predictor.PredictAsync(new float[2]));
        network.Open();
        await Assert.ThrowsAsync<InvalidDataException>(() => first.WaitAsync(s_patience));
        await second.WaitAsync(s_patience);
        string[] own = lines.Of("NetGen.Serving");
        Assert.Contains("Warning: GatedNetwork: the queue is full, 1 requests wait; 1 were rejected so far.", own);
        Assert.Single(own, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains("Error: GatedNetwork: a batch of 1 requests failed; of several each was then computed alone. "
            + "InvalidDataException: 13 brings bad luck.", own);
    }

    [Fact]
    public async Task Health_follows_the_network()
    {
        var network = new WordNet(seed: 1);
        await using ServiceProvider services = Services(network, new() { Workers = 1 });
        var health = services.GetRequiredService<HealthCheckService>();
        HealthReportEntry well = (await health.CheckHealthAsync()).Entries["WordNet"];
        Assert.Equal((HealthStatus.Healthy, "WordNet answers."), (well.Status, well.Description));
        Assert.Equal((0, 1024), (well.Data["waiting"], well.Data["queueLimit"]));

        network.Linear1.Bias.Fill(float.NaN);
        HealthReportEntry ill = (await health.CheckHealthAsync()).Entries["WordNet"];
        Assert.Equal((HealthStatus.Unhealthy, "WordNet gives NaN at 0 of 'output' for an input of zeros."), (ill.Status, ill.Description));

        network.Linear1.Bias.Fill(0);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        await services.GetRequiredService<Predictor<WordNet>>().StopAsync();
        HealthReportEntry stopped = (await health.CheckHealthAsync()).Entries["WordNet"];
        Assert.Equal((HealthStatus.Unhealthy, "WordNet is stopped."), (stopped.Status, stopped.Description));
    }

    [Fact]
    public async Task A_full_queue_is_no_health()
    {
        var network = new GatedNetwork();
        await using ServiceProvider services = Services(network, new() { Workers = 1, MaxBatch = 1, QueueLimit = 1 });
        var predictor = services.GetRequiredService<IPredictor<GatedNetwork>>();
        using IDisposable closed = network.Close();
        Task<float[]> first = predictor.PredictAsync(new float[2]).AsTask();
        await network.Entered();
        Task<float[]> second = predictor.PredictAsync(new float[2]).AsTask();
        HealthReportEntry full = (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["GatedNetwork"];
        Assert.Equal((HealthStatus.Unhealthy, "GatedNetwork has a full queue: 1 requests wait."), (full.Status, full.Description));
        network.Open();
        await Task.WhenAll(first, second).WaitAsync(s_patience);
        Assert.Equal(HealthStatus.Healthy, (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
    }

    private static ServiceProvider Services<TNetwork>(TNetwork network, ServingOptions options)
        where TNetwork : class, INetwork
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddNetGen(network, own => (own.Workers, own.MaxBatch, own.QueueLimit) =
            (options.Workers, options.MaxBatch, options.QueueLimit));
        services.AddHealthChecks().AddNetGen<TNetwork>();
        return services.BuildServiceProvider();
    }

    private static string? Tag(in MetricPoint point, string key)
    {
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            if (tag.Key == key)
                return (string?)tag.Value;
        }
        return null;
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly List<(string Category, string Text)> _lines = [];

        public string[] Of(string category)
        {
            lock (_lines)
                return [.. _lines.Where(line => line.Category == category).Select(line => line.Text)];
        }

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Lines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
                => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                string error = exception is null ? "" : $" {exception.GetType().Name}: {exception.Message}";
                lock (lines._lines)
                    lines._lines.Add((category, $"{logLevel}: {formatter(state, exception)}{error}"));
            }
        }
    }
}
