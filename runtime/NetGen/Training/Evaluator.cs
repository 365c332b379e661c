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
        // What samples have at each of their positions is as much as batches bring: seldom all of them are as long as can be.
        _outputs = [.. session.Ports.Outputs.Select(output => output.Lengths is null ? new float[batchSize * output.Size] : [])];
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
                _written[i] = Room(i, batch);
            _session.Forward(batch, _written);
            for (int i = 0; i < _metrics.Count; i++)
            {
                if (_metrics[i] is IPortMetric several)
                {
                    several.Add(_written, batch);
                    continue;
                }
                (int output, int target) = _places[i];
                _metrics[i].Add(_written[output].Span, batch.WithTarget(target, Samples(_session.Ports, output, target, batch)));
            }
        }
    }

    /// <summary>Memory for an output of a batch.</summary>
    private Memory<float> Room(int output, in Batch batch)
    {
        int size = Size(_session.Ports, output, batch);
        if (size > _outputs[output].Length)
            _outputs[output] = new float[Math.Max(size, (int)Math.Min(2L * _outputs[output].Length, Array.MaxLength))];
        return _outputs[output].AsMemory(0, size);
    }

    /// <summary>What the rows of an output are: the samples of a batch, or their positions.</summary>
    private static int Rows(NetworkPorts ports, int output, in Batch batch)
        => ports.Outputs[output].Lengths is { } lengths ? (int)BatchChecks.Positions(ports, batch, lengths) : batch.Count;

    /// <summary>
    /// What metrics take for a sample: each position that has a class of its own, of samples that all have as many, counts as one.
    /// </summary>
    private static int Samples(NetworkPorts ports, int output, int target, in Batch batch)
    {
        int rows = Rows(ports, output, batch);
        long labels = target < ports.Targets.Count ? (long)batch.Count * ports.Targets[target].Labels : 0;
        return ports.Outputs[output].Lengths is null && labels > rows && batch.GetLabels(target).Length == labels ? (int)labels : rows;
    }

    private static int Size(NetworkPorts ports, int output, in Batch batch)
    {
        NetworkPort port = ports.Outputs[output];
        int rows = Rows(ports, output, batch), row = port.Lengths is null ? port.Size : port.Size / port.Shape[0];
        return (long)rows * row <= Array.MaxLength ? rows * row
            : throw new ArgumentException($"The output '{port.Name}' of a batch, {rows} rows of {row} values, exceeds what an array "
                + "holds.");
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
            if (metrics[i] is IPortMetric several)
            {
                several.Check(ports, batch);
                continue;
            }
            if (places[i].Target >= batch.TargetCount)
                throw new ArgumentException($"The metric {metrics[i].Title} needs target {places[i].Target + 1} of a batch, but the source "
                    + $"gives {batch.TargetCount}.", nameof(source));
            // No output is there yet; zeros have the size of one.
            (int output, int target) = places[i];
            metrics[i].Check(new float[Size(ports, output, batch)], batch.WithTarget(target, Samples(ports, output, target, batch)));
        }
        // Labels are the metrics' own affair: what one ignores, another may not, nor a loss.
        bool[] areClasses = [.. metrics.Select((metric, i) => metric is ClassMetric && ports.Targets.Count > places[i].Target)];
        if (!areClasses.Contains(true))
            source.Check(WithClasses(ports, -1, 0));
        for (int i = 0; i < metrics.Count; i++)
        {
            if (areClasses[i])
                source.Check(WithClasses(ports, places[i].Target, ((ClassMetric)metrics[i]).IgnoreIndex));
        }
    }

    /// <summary>
    /// What a network takes, but with the classes of one target alone, of which another label than the loss's is ignored.
    /// </summary>
    private static NetworkPorts WithClasses(NetworkPorts ports, int target, int ignoreIndex) => new(
        ports.Inputs, ports.Outputs,
        [.. ports.Targets.Select((one, i) => i == target ? one with { IgnoreIndex = ignoreIndex } : one with { Classes = null })]);

    /// <summary>Whether arrays hold the outputs of a batch.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void CheckSize(NetworkPorts ports, int batchSize)
    {
        foreach (NetworkPort output in ports.Outputs.Where(output => output.Lengths is null))
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
        // It finds its outputs and targets itself.
        if (metric is IPortMetric)
            return default;
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
