namespace NetGen;

/// <summary>Runs samples through a session and measures its outputs; it has the memory for them.</summary>
internal sealed class Evaluator
{
    private readonly ISession _session;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly (int Output, int Target)[] _places;
    private readonly float[][] _outputs;
    private readonly Memory<float>[] _written;

    /// <summary>An evaluation of metrics.</summary>
    /// <param name="session">What computes the outputs.</param>
    /// <param name="batchSize">The largest number of samples of a batch.</param>
    /// <param name="metrics">What is measured.</param>
    /// <exception cref="ArgumentException">
    /// A metric is of no output that the network has, or the outputs exceed what an array holds.
    /// </exception>
    public Evaluator(ISession session, int batchSize, IReadOnlyList<Metric> metrics)
    {
        CheckSize(session.Ports, batchSize);
        _session = session;
        _metrics = metrics;
        _places = Places(session.Ports, metrics);
        _outputs = [.. session.Ports.Outputs.Select(output => new float[batchSize * output.Size])];
        _written = new Memory<float>[_outputs.Length];
    }

    /// <summary>Measures one epoch of a source; the metrics are reset before.</summary>
    /// <exception cref="ArgumentException">The first batch does not fit the network or a metric; no metric was changed.</exception>
    public void Run(IBatchSource source, int epoch)
    {
        using var loop = new BatchLoop(source, epoch);
        bool hasNext = loop.TryNext(out Batch batch);
        if (hasNext)
            Check(_session.Ports, source, _metrics, _places, batch);
        for (int i = 0; i < _metrics.Count; i++)
            _metrics[i].Reset();
        for (; hasNext; hasNext = loop.TryNext(out batch))
        {
            for (int i = 0; i < _outputs.Length; i++)
                _written[i] = _outputs[i].AsMemory(0, batch.Count * _session.Ports.Outputs[i].Size);
            _session.Forward(batch, _written);
            for (int i = 0; i < _metrics.Count; i++)
                _metrics[i].Add(_written[_places[i].Output].Span, batch.WithTarget(_places[i].Target));
        }
    }

    /// <summary>What can be told of a batch before it is measured.</summary>
    /// <exception cref="ArgumentException">It does not fit the network, or a metric.</exception>
    public static void Check(NetworkPorts ports, IBatchSource source, IReadOnlyList<Metric> metrics, in Batch batch)
        => Check(ports, source, metrics, Places(ports, metrics), batch);

    private static void Check(
        NetworkPorts ports, IBatchSource source, IReadOnlyList<Metric> metrics, (int Output, int Target)[] places, in Batch batch)
    {
        FitChecks.Samples(source, ports, batch);
        for (int i = 0; i < metrics.Count; i++)
        {
            if (places[i].Target >= batch.TargetCount)
                throw new ArgumentException($"The metric {metrics[i].Title} needs target {places[i].Target + 1} of a batch, but the source "
                    + $"gives {batch.TargetCount}.", nameof(source));
            // No output is there yet; zeros have the size of one.
            metrics[i].Check(new float[batch.Count * ports.Outputs[places[i].Output].Size], batch.WithTarget(places[i].Target));
        }
    }

    /// <summary>Whether arrays hold the outputs of a batch.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void CheckSize(NetworkPorts ports, int batchSize)
    {
        foreach (NetworkPort output in ports.Outputs)
        {
            if ((long)batchSize * output.Size > Array.MaxLength)
                throw new ArgumentException($"The outputs of a batch of {batchSize} samples, {output.Size} values each, exceed what an "
                    + $"array holds.");
        }
    }

    /// <summary>For each metric which output it measures, and by which target.</summary>
    private static (int Output, int Target)[] Places(NetworkPorts ports, IReadOnlyList<Metric> metrics)
        => [.. metrics.Select(metric => Place(ports, metric))];

    private static (int Output, int Target) Place(NetworkPorts ports, Metric metric)
    {
        List<string> outputs = [.. ports.Outputs.Select(output => output.Name)];
        List<string> compared = [.. ports.Targets.Select(target => target.Output)];
        string? of = metric.Of ?? (outputs.Count == 1 ? outputs[0] : compared.Distinct().Count() == 1 ? compared[0] : null);
        if (of == null || !outputs.Contains(of))
            throw new ArgumentException($"The metric {metric.Title} is of {(of == null ? "no certain output" : $"'{of}'")}: expected one "
                + $"of {string.Join(", ", outputs.Select(name => $"'{name}'"))} as its {nameof(Metric.Of)}.", nameof(metric));
        // Without losses of its own a network is measured by whatever the source gives.
        int target = ports.Targets.Count == 0 ? 0 : compared.IndexOf(of);
        return target >= 0 ? (outputs.IndexOf(of), target)
            : throw new ArgumentException($"The metric {metric.Title} has nothing to compare '{of}' with: no loss of the network is of it.",
                nameof(metric));
    }
}
