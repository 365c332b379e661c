namespace NetGen;

/// <summary>What <see cref="TrainingLoop.Fit"/> does besides stepping.</summary>
public sealed class FitOptions
{
    private readonly int _epochs = 1, _accumulateBatches = 1, _checkpointSteps;
    private readonly int? _patience;
    private readonly double _minimumImprovement;

    /// <summary>Epochs in all, those before a checkpoint included; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Epochs
    {
        get => _epochs;
        init => _epochs = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Epochs), value, "Expected at least 1.");
    }

    /// <summary>
    /// Batches whose gradients are averaged for one update of the optimiser, so that memory for one batch trains as a batch of so many; 1
    /// by default. Batches that are left at the end of an epoch make an update by themselves, in which each still counts 1 / this number.
    /// Statistics of batch normalisations are of each batch alone. Schedulers, callbacks and checkpoints come after updates.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int AccumulateBatches
    {
        get => _accumulateBatches;
        init => _accumulateBatches = value >= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(AccumulateBatches), value, "Expected at least 1.");
    }

    /// <summary>Samples that the network is tried on after each epoch; none by default.</summary>
    public IBatchSource? Validation { get; init; }

    /// <summary>What is measured on them, in inference.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>The metric that tells which epoch is the best; the first by default, and the training loss where there is none.</summary>
    public Metric? Monitor { get; init; }

    /// <summary>Ends the training after this many epochs without improvement of what is monitored; null, the default, never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? Patience
    {
        get => _patience;
        init => _patience = value is null or >= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, "Expected at least 1.");
    }

    /// <summary>For <see cref="Patience"/>: a smaller difference is no improvement; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double MinimumImprovement
    {
        get => _minimumImprovement;
        init => _minimumImprovement = value >= 0 && double.IsFinite(value)
            ? value : throw new ArgumentOutOfRangeException(nameof(MinimumImprovement), value, "Expected a finite number of at least 0.");
    }

    /// <summary>Where the parameters of the best epoch are written, a file for <c>Load</c>; nowhere by default.</summary>
    public string? BestPath { get; init; }

    /// <summary>
    /// What stands in the file of <see cref="BestPath"/> besides the parameters: names of classes, say. Nothing by default.
    /// </summary>
    public ModelInfo? BestInfo { get; init; }

    /// <summary>
    /// At the end the network is given the parameters of the best epoch, whatever ended the training but an exception; false by default,
    /// which leaves those of the last. They are kept in memory, and in checkpoints, so that they are there after <see cref="Resume"/> too;
    /// a checkpoint that was written without this option is refused then. It goes with <see cref="BestPath"/> and without. Nothing is
    /// restored where what is monitored was never a number. What the optimiser remembers stays that of the last epoch, and so does the
    /// last checkpoint.
    /// </summary>
    public bool RestoreBest { get; init; }

    /// <summary>
    /// A loss that is NaN or infinite ends the training by a <see cref="NonFiniteLossException"/>, before an update by it: the parameters
    /// are those of before that step. So do parameters that are not finite when an epoch is over or a checkpoint is to be written: older
    /// ones are not replaced by them. True by default; false goes on, as a loop of your own would.
    /// </summary>
    public bool StopAtNonFiniteLoss { get; init; } = true;

    /// <summary>Moves the learning rate, by its own schedule; nothing by default.</summary>
    public LearningRateScheduler? Scheduler { get; init; }

    /// <summary>The scheduler goes on after each batch instead of each epoch.</summary>
    public bool ScheduleByBatch { get; init; }

    /// <summary>
    /// Lowers the learning rate by what is monitored, after each epoch; nothing by default. In its mode for whatever is monitored.
    /// </summary>
    public ReduceLROnPlateau? Plateau { get; init; }

    /// <summary>Where a checkpoint is written after each epoch, and on cancellation; nowhere by default.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Writes a checkpoint after every so many batches too; 0, the default, does not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int CheckpointSteps
    {
        get => _checkpointSteps;
        init => _checkpointSteps = value >= 0
            ? value : throw new ArgumentOutOfRangeException(nameof(CheckpointSteps), value, "Expected at least 0.");
    }

    /// <summary>
    /// Goes on from the checkpoint at <see cref="CheckpointPath"/>, if there is one: the same bits as without the interruption.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>Texts to keep in checkpoints.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>More that has a state for checkpoints, by names of your choice.</summary>
    public IReadOnlyDictionary<string, IStateful> Parts { get; init; } = new Dictionary<string, IStateful>();

    /// <summary>Called on the way, in this order.</summary>
    public IReadOnlyList<FitCallback> Callbacks { get; init; } = [];

    /// <summary>Told after each batch how far it is, in place of what <see cref="FitDisplay.Automatic"/> would show.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>
    /// Where is shown how far the training is; by default on the console, where its output is not redirected. On a thread that writes to
    /// the console besides, as a callback may, lines of the two mix but for those between epochs.
    /// </summary>
    public FitDisplay Display { get; init; } = FitDisplay.Automatic;

    /// <summary>
    /// Says once, where <see cref="Display"/> shows anything, that the network's assembly was compiled without optimisation, as in a Debug
    /// build: then training takes 9 to 14 times as long. True by default.
    /// </summary>
    public bool WarnAboutDebugBuild { get; init; } = true;
}

/// <summary>How far a training is.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Samples">Samples of the epoch that are done.</param>
/// <param name="SampleCount">Samples of the epoch.</param>
/// <param name="Loss">The loss of the last batch.</param>
/// <param name="MeanLoss">The mean over the epoch's samples so far.</param>
public readonly record struct FitProgress(int Epoch, int Epochs, int Samples, int SampleCount, float Loss, double MeanLoss);

/// <summary>What came of an epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">The mean of the training loss over its samples, each as it was when its batch came.</param>
/// <param name="Metrics">The values of the metrics after it, in their order.</param>
/// <param name="Monitored">What is monitored.</param>
/// <param name="IsBest">No epoch before was as good.</param>
public sealed record EpochResult(int Epoch, double Loss, IReadOnlyList<double> Metrics, double Monitored, bool IsBest);

/// <summary>What came of a training.</summary>
/// <param name="Epochs">Its epochs, those before a checkpoint included.</param>
/// <param name="BestEpoch">The number of the best epoch; 0 where what is monitored was never a number.</param>
/// <param name="Best">What was monitored there.</param>
/// <param name="Steps">Batches in all.</param>
/// <param name="End">Why it ended.</param>
public sealed record FitResult(IReadOnlyList<EpochResult> Epochs, int BestEpoch, double Best, long Steps, FitEnd End);

/// <summary>Why a training ended.</summary>
public enum FitEnd
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>Patience was at its end.</summary>
    Patience,

    /// <summary>A callback asked for it.</summary>
    Callback,
}
