namespace NetGen;

/// <summary>
/// The loss that a network declares, of whatever kind, measured on data that it is not trained with: the outputs are those of inference,
/// the formula is that of <c>Step</c>, computed in double.
/// </summary>
/// <remarks>
/// The value is what <c>Step</c> would say of all samples as one batch, by the loss's own reduction: means divide by all elements, samples
/// or weights of labels, and not batch by batch. Of a <c>ContrastiveLoss</c> a sample is told from those of its batch only. Of several
/// losses it measures one, that of the output <see cref="Metric.Of"/>, without its <c>Factor</c>. Numbers of <c>Weight</c> and
/// <c>PosWeight</c> are in the network's code alone: where a loss has them, they are given here again, and are asked for where they are
/// not.
/// </remarks>
/// <example>
/// <code>
/// trainer.Fit(train, new FitOptions { Validation = test, Metrics = [new NetworkLoss(net)] });
/// </code>
/// </example>
/// <param name="network">The network, for its declaration.</param>
public sealed class NetworkLoss(INetwork network) : Metric, IPortMetric
{
    private readonly INetwork _network = network ?? throw new ArgumentNullException(nameof(network));
    private LossFormula? _formula;
    private LossDeclaration? _declaration;
    private int[] _outputs = [], _targets = [];
    private double _sum, _divisor;
    private bool _hasSamples;

    /// <summary>The factors that the loss's <c>Weight</c> declares; empty, the default, where it declares none.</summary>
    public IReadOnlyList<float> Weight { get; init; } = [];

    /// <summary>The factors that the loss's <c>PosWeight</c> declares; empty, the default, where it declares none.</summary>
    public IReadOnlyList<float> PosWeight { get; init; } = [];

    /// <inheritdoc/>
    public override string Name => "loss";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override double Value => _hasSamples ? _sum / _divisor : double.NaN;

    /// <inheritdoc/>
    public override void Reset() => (_sum, _divisor, _hasSamples) = (0, 0, false);

    /// <summary>Throws what <see cref="Add"/> would throw for targets like these, and takes nothing.</summary>
    /// <param name="output">As many values as the network's output has, which say nothing.</param>
    /// <param name="batch">The batch, with its inputs and targets.</param>
    /// <exception cref="ArgumentException">
    /// The network has no loss, or several and <see cref="Metric.Of"/> names none, or weights are missing, or the targets do not fit.
    /// </exception>
    /// <exception cref="NotSupportedException">The loss is of several outputs.</exception>
    public override void Check(ReadOnlySpan<float> output, in Batch batch)
    {
        ExpectOneOutput();
        LossFormula formula = Formula;
        CheckTargets(batch);
        formula.Check(Arguments(output, default, default, batch));
    }

    /// <summary>Takes the outputs of a batch, of a network whose loss is of one output.</summary>
    /// <param name="output">The output that the loss is of, one sample after the other.</param>
    /// <param name="batch">The batch, with its inputs and targets.</param>
    /// <exception cref="ArgumentException">As of <see cref="Check"/>; nothing was taken.</exception>
    /// <exception cref="ArithmeticException">The output is outside of what the loss is defined for; nothing was taken.</exception>
    /// <exception cref="NotSupportedException">The loss is of several outputs, which <c>Evaluate</c> and <c>Fit</c> bring.</exception>
    public override void Add(ReadOnlySpan<float> output, in Batch batch)
    {
        Check(output, batch);
        Take(Arguments(output, default, default, batch));
    }

    /// <summary>Name and loss, e.g. <c>HuberLoss(delta 0.5)</c>.</summary>
    public override string ToString() => $"{Title}: {Declaration}";

    void IPortMetric.Check(NetworkPorts ports, in Batch batch)
    {
        LossFormula formula = Formula;
        if (!SamePorts(ports))
            throw new ArgumentException($"The metric {Title} is of the loss of {_network.GetType().Name}, but another "
                + "network is measured.");
        CheckTargets(batch);
        formula.Check(Arguments(default, default, default, batch));
    }

    void IPortMetric.Add(ReadOnlySpan<Memory<float>> outputs, in Batch batch)
    {
        CheckTargets(batch);
        LossArguments arguments = Arguments(
            outputs[_outputs[0]].Span, _outputs.Length > 1 ? outputs[_outputs[1]].Span : default,
            _outputs.Length > 2 ? outputs[_outputs[2]].Span : default, batch);
        Formula.Check(arguments);
        Take(arguments);
    }

    private LossDeclaration Declaration => _declaration ??= Find();

    private LossFormula Formula => _formula ??= Prepare();

    private void Take(in LossArguments arguments)
    {
        (double sum, double divisor) = Formula.Of(arguments);
        _sum += sum;
        _divisor = Formula.IsSum ? 1 : _divisor + divisor;
        _hasSamples = true;
    }

    private LossDeclaration Find()
    {
        IReadOnlyList<LossDeclaration> losses = LossDeclaration.AllOf(_network);
        if (losses.Count == 0)
            throw new ArgumentException($"{_network.GetType().Name} declares no loss, so that there is none to measure.");
        string all = string.Join(", ", losses.Select(loss => $"'{loss.Of[0]}'"));
        if (Of == null)
            return losses.Count == 1 ? losses[0]
                : throw new ArgumentException($"{_network.GetType().Name} declares {losses.Count} losses: expected one of {all} as the "
                    + $"{nameof(Metric.Of)} of a {nameof(NetworkLoss)}.");
        return losses.FirstOrDefault(loss => loss.Of.Contains(Of))
            ?? throw new ArgumentException($"No loss of {_network.GetType().Name} is of '{Of}': expected one of {all} as the "
                + $"{nameof(Metric.Of)} of a {nameof(NetworkLoss)}.");
    }

    private LossFormula Prepare()
    {
        LossDeclaration declaration = Declaration;
        NetworkPorts ports = _network.Ports;
        List<string> names = [.. ports.Outputs.Select(output => output.Name)];
        _outputs = [.. declaration.Of.Select(name => names.IndexOf(name))];
        _targets = [.. Enumerable.Range(0, ports.Targets.Count).Where(i => declaration.Of.Contains(ports.Targets[i].Output))];
        // Options are taken out of the declaration one by one, so that it is read anew.
        return LossFormula.Of(Find(), ports.Outputs[_outputs[0]], Weight, PosWeight);
    }

    private void ExpectOneOutput()
    {
        if (Declaration.Of.Count > 1)
            throw new NotSupportedException($"{Declaration} compares the outputs {string.Join(" and ", Declaration.Of)}, which "
                + "Evaluate and Fit bring together; it cannot be measured by one of them.");
    }

    private void CheckTargets(in Batch batch) => BatchChecks.Targets(_network.Ports, batch, nameof(batch));

    private LossArguments Arguments(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third, in Batch batch)
    {
        _ = Formula;
        ReadOnlySpan<int> labels = default;
        ReadOnlySpan<float> values = default;
        foreach (int target in _targets)
        {
            if (batch.HasLabels(target))
                labels = batch.GetLabels(target);
            else
                values = batch.GetValues(target);
        }
        return new LossArguments
        {
            Rows = _network.Ports.Outputs[_outputs[0]].Lengths is { } lengths
                ? (int)BatchChecks.Positions(_network.Ports, batch, lengths) : batch.Count,
            First = first,
            Second = second,
            Third = third,
            Labels = labels,
            Values = values,
        };
    }

    private bool SamePorts(NetworkPorts ports) => ReferenceEquals(ports, _network.Ports)
        || ports.Outputs.Select(output => output.ToString()).SequenceEqual(_network.Ports.Outputs.Select(output => output.ToString()));
}

/// <summary>A metric that looks at whichever outputs and targets of a batch it needs.</summary>
internal interface IPortMetric
{
    /// <summary>What can be told of a batch before it is measured.</summary>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    void Check(NetworkPorts ports, in Batch batch);

    /// <summary>Takes a batch.</summary>
    /// <param name="outputs">All outputs of the network, in order.</param>
    /// <param name="batch">The batch.</param>
    void Add(ReadOnlySpan<Memory<float>> outputs, in Batch batch);
}
