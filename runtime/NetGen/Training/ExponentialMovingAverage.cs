using System.Globalization;
using System.Numerics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// A running mean of a network's parameters, which often generalises better than the parameters themselves: PyTorch's
/// <c>AveragedModel</c> with <c>get_ema_multi_avg_fn</c>. After each step each averaged value moves towards the parameter by
/// (1 − decay) of their difference, in floats: average ← average + (1 − decay) · (parameter − average). The first update copies.
/// </summary>
/// <remarks>
/// <para>
/// Among <see cref="FitOptions.Callbacks"/> it updates after each step of the optimiser. While an epoch is measured the network has the
/// averages, so that metrics, <see cref="FitOptions.BestPath"/> and <see cref="FitOptions.RestoreBest"/> are of them; then training goes on
/// with its own parameters. At the end the network has the averages (<see cref="StaysAtEnd"/>). Checkpoints keep them.
/// </para>
/// <para>
/// In a loop of your own call <see cref="Update"/> after each step and <see cref="Swap"/> around what is measured, and put it among
/// <see cref="Checkpoint.Parts"/>.
/// </para>
/// <para>Running statistics are copied, and averaged only with <see cref="AveragesStatistics"/>. Frozen parameters are copied.</para>
/// </remarks>
/// <example>
/// <code>
/// using var average = new ExponentialMovingAverage(net, decay: 0.999) { WarmsUp = true };
/// trainer.Fit(train, new FitOptions { Epochs = 20, Callbacks = [average] });
/// </code>
/// </example>
public sealed unsafe class ExponentialMovingAverage : FitCallback, ITensorPart, IDisposable
{
    private const string UpdatesKey = "updates", DecayKey = "decay";
    private readonly INetwork _network;
    private readonly ParameterCopy _copy;
    private readonly (nint Offset, nint Length)[] _learned, _statistics, _others;
    private bool _isSwapped;

    /// <summary>The averages of a network's parameters, which begin as the parameters are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="decay">How much of an average stays at an update; 0.999 averages over some 1,000 of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not from 0 up to but not including 1.</exception>
    public ExponentialMovingAverage(INetwork network, double decay = 0.999)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!(decay >= 0 && decay < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "Expected a number from 0 up to but not including 1.");
        _network = network;
        Decay = decay;
        _copy = new ParameterCopy(network.Parameters);
        _learned = Ranges(parameter => parameter.IsLearned && parameter.Format == WeightFormat.Float32);
        _statistics = Ranges(parameter => parameter.Kind == ParameterKind.Buffer && !parameter.IsFrozen);
        _others = Ranges(parameter => parameter.Kind == ParameterKind.Counter || parameter.IsFrozen
            || (parameter.IsLearned && parameter.Format != WeightFormat.Float32));
    }

    /// <summary>How much of an average stays at an update.</summary>
    public double Decay { get; }

    /// <summary>
    /// The first updates take more of the parameters, so that where training began is soon forgotten: update number n decays by the smaller
    /// of <see cref="Decay"/> and 1 − n^(−2/3), as <c>ModelEmaV3</c> of the library timm does. False by default.
    /// </summary>
    public bool WarmsUp { get; init; }

    /// <summary>
    /// Running statistics of normalisations are averaged too, PyTorch's <c>use_buffers</c>; false by default: they are copied.
    /// </summary>
    public bool AveragesStatistics { get; init; }

    /// <summary>
    /// At the end of <see cref="TrainingLoop.Fit"/> the network has the averages; true by default. Where
    /// <see cref="FitOptions.RestoreBest"/> gives it those of the best epoch, these stay.
    /// </summary>
    public bool StaysAtEnd { get; init; } = true;

    /// <summary>Updates so far.</summary>
    public long Updates { get; private set; }

    /// <summary>
    /// The averages, under the names and in the shapes of the network's parameters; while <see cref="Swap"/> has exchanged them, the
    /// parameters.
    /// </summary>
    public IReadOnlyList<Parameter> Parameters => _copy.Views("");

    /// <summary>What the next update decays by.</summary>
    public double NextDecay => Updates == 0 ? 0 : WarmsUp ? Math.Min(Decay, 1 - Math.Pow(Updates + 1, -2.0 / 3)) : Decay;

    /// <summary>Takes the network's parameters in, after a step. Allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">The network has the averages, by <see cref="Swap"/>.</exception>
    public void Update()
    {
        if (_isSwapped)
            throw new InvalidOperationException("The network has the averages now: Swap them back before an update.");
        float weight = (float)(1 - NextDecay);
        float* network = _copy.Network.Pointer, copy = _copy.Buffer.Pointer;
        foreach ((nint offset, nint length) in _learned)
            Average(network + offset, copy + offset, length, weight);
        foreach ((nint offset, nint length) in _statistics)
            Average(network + offset, copy + offset, length, AveragesStatistics ? weight : 1);
        foreach ((nint offset, nint length) in _others)
            Copy(network + offset, copy + offset, length);
        Updates++;
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Exchanges the network's parameters and the averages, to the bit; a second call exchanges them back. Between the two the network must
    /// not be trained.
    /// </summary>
    public void Swap()
    {
        _copy.Swap();
        _isSwapped = !_isSwapped;
    }

    /// <summary>Gives the network the averages for good; they stay as they are.</summary>
    /// <exception cref="InvalidOperationException">The network has the averages, by <see cref="Swap"/>.</exception>
    public void CopyToNetwork()
    {
        if (_isSwapped)
            throw new InvalidOperationException("The network has the averages already, by Swap.");
        _copy.Give();
    }

    /// <summary>Writes the averages to a file that the network loads, as <see cref="INetwork.Save"/> writes the parameters.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="InvalidOperationException">The network has the averages, by <see cref="Swap"/>: save the network.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        if (_isSwapped)
            throw new InvalidOperationException("The network has the averages now, by Swap: save the network.");
        SafeTensors.Save(path, Parameters);
    }

    /// <inheritdoc/>
    public override void Check(FitRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Trainer.Network != _network)
            throw new ArgumentException($"{nameof(FitOptions.Callbacks)}: the moving average is of another network than the trainer's.",
                nameof(run));
        if (_isSwapped)
            throw new ArgumentException($"{nameof(FitOptions.Callbacks)}: the network has the averages, by {nameof(Swap)}; training goes "
                + "on with its own parameters.", nameof(run));
    }

    /// <inheritdoc/>
    public override void OnStep(FitRun run) => Update();

    /// <inheritdoc/>
    public override void OnMeasuring(FitRun run) => Swap();

    /// <inheritdoc/>
    public override void OnMeasured(FitRun run) => Swap();

    /// <inheritdoc/>
    public override void OnEnd(FitRun run, FitResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (StaysAtEnd && !run.IsRestored)
            CopyToNetwork();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> GetState() => new Dictionary<string, string>
    {
        [UpdatesKey] = Updates.ToString(CultureInfo.InvariantCulture),
        [DecayKey] = Decay.ToString("R", CultureInfo.InvariantCulture) + (WarmsUp ? ", warming up" : ""),
    };

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, string> state)
    {
        var values = new ScheduleState(state);
        values.Expect(DecayKey, GetState()[DecayKey]);
        Updates = values.GetCount(UpdatesKey);
    }

    /// <summary>Frees the averages.</summary>
    public void Dispose() => _copy.Dispose();

    IReadOnlyList<Parameter> ITensorPart.Tensors(string prefix) => _copy.Views(prefix);

    internal override (string Name, IStateful Part)? OwnPart => (FitChecks.AveragePart, this);

    private (nint Offset, nint Length)[] Ranges(Func<Parameter, bool> which)
        => [.. _network.Parameters.Where(which).Select(parameter => (parameter.Offset, parameter.StoredFloats))];

    private static void Average(float* parameters, float* averages, nint count, float weight)
    {
        if (weight == 1)
        {
            Copy(parameters, averages, count);
            return;
        }
        nint i = 0;
        var weights = new Vector<float>(weight);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> average = *(Vector<float>*)(averages + i);
            *(Vector<float>*)(averages + i) = average + weights * (*(Vector<float>*)(parameters + i) - average);
        }
        for (; i < count; i++)
            averages[i] += weight * (parameters[i] - averages[i]);
    }

    private static void Copy(float* from, float* to, nint count)
        => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
}
