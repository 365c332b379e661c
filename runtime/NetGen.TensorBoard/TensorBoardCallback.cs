using System.Globalization;

namespace NetGen.TensorBoard;

/// <summary>
/// Logs a training by <see cref="TrainingLoop.Fit"/>: the loss and the learning rate every few batches, and after each epoch its mean loss,
/// the metrics, and histograms of the parameters. The steps are batches.
/// </summary>
public sealed class TensorBoardCallback : FitCallback, IDisposable
{
    private readonly string? _directory;
    private readonly int _everyBatches = 50;
    private SummaryWriter? _writer;

    /// <summary>
    /// Logs to a file of its own, which begins with the training. Where that goes on from a checkpoint, what was logged beyond it is left
    /// out.
    /// </summary>
    /// <param name="directory">The directory of the run.</param>
    /// <exception cref="ArgumentException">The directory's name is empty, or has a NUL or half of a surrogate pair.</exception>
    public TensorBoardCallback(string directory)
    {
        FileAccessor.CheckPath(directory, nameof(directory));
        _directory = directory;
    }

    /// <summary>Logs to a file that is open.</summary>
    /// <param name="writer">Where to. It is flushed after each epoch, and closed by whoever made it.</param>
    public TensorBoardCallback(SummaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
    }

    /// <summary>Where the logs go, for more of them.</summary>
    /// <exception cref="InvalidOperationException">The training has not begun.</exception>
    public SummaryWriter Writer
        => _writer ?? throw new InvalidOperationException("The file begins with the training, which has not begun.");

    /// <summary>The loss is logged once in this many batches; 50 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int EveryBatches
    {
        get => _everyBatches;
        init => _everyBatches = value >= 1
            ? value : throw new ArgumentOutOfRangeException(nameof(EveryBatches), value, "Expected at least 1.");
    }

    /// <summary>Whether histograms of the parameters are logged; true by default.</summary>
    public bool Histograms { get; init; } = true;

    /// <summary>Whether there can be a file in the directory, and the names of the metrics can stand in it.</summary>
    /// <param name="run">The training.</param>
    /// <exception cref="ArgumentException">A metric's name has half of a surrogate pair.</exception>
    /// <exception cref="IOException">The directory cannot be made or written.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public override void Check(FitRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        foreach (Metric metric in run.Options.Metrics)
            FileText.Check(metric.Title, $"The metric's name {FileText.Quote(metric.Title)}", nameof(run));
        if (_writer == null)
            FileAccessor.TryFolder(_directory!);
        else
            _writer.Flush();
    }

    /// <summary>The graph of the network, and what trains, as text.</summary>
    /// <param name="run">The training.</param>
    public override void OnStart(FitRun run)
    {
        _writer ??= new SummaryWriter(_directory!, run.Steps > 0 ? run.Steps + 1 : null);
        Writer.AddGraph(run.Trainer.Network);
        Writer.AddText("training", string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Trainer.Optimizer.GetType().Name}, {run.Options.Epochs} epochs of {run.Source.Settings}; {run.Trainer.Schedule}"),
                run.Steps);
    }

    /// <inheritdoc/>
    public override void OnStep(FitRun run)
    {
        if (run.Steps % EveryBatches != 0)
            return;
        Writer.AddScalar("batch/loss", run.Loss, run.Steps);
        Writer.AddScalar("batch/learning rate", run.Trainer.Optimizer.LearningRate, run.Steps);
        if (run.Trainer.GradientNorm is float norm)
            Writer.AddScalar("batch/gradient norm", norm, run.Steps);
    }

    /// <inheritdoc/>
    public override void OnEpoch(FitRun run, EpochResult result)
    {
        Writer.AddScalar("epoch/training loss", result.Loss, run.Steps);
        for (int i = 0; i < result.Metrics.Count; i++)
            Writer.AddScalar("epoch/validation " + run.Options.Metrics[i].Title, result.Metrics[i], run.Steps);
        if (Histograms)
        {
            foreach (Parameter parameter in run.Trainer.Network.Parameters)
            {
                if (parameter.IsLearned)
                    AddHistogram(parameter, run.Steps);
            }
        }
        Writer.Flush();
    }

    // Parameters that went astray must not end the training, but they must be seen.
    private void AddHistogram(Parameter parameter, long step)
    {
        float[] values = parameter.ToArray(), finite = [.. values.Where(float.IsFinite)];
        if (finite.Length < values.Length)
        {
            Writer.AddText("not finite/" + parameter.Name, string.Create(
                CultureInfo.InvariantCulture, $"{values.Length - finite.Length} of {values.Length} values are not finite."), step);
        }
        if (finite.Length > 0)
            Writer.AddHistogram("parameters/" + parameter.Name, finite, step);
    }

    /// <summary>Closes the file, if it is this callback's own.</summary>
    public void Dispose()
    {
        if (_directory != null)
            _writer?.Dispose();
    }
}
