namespace NetGen.Plots;

/// <summary>
/// Keeps the learning rate of each batch, for <see cref="Figures.TrainingCurves"/>: a callback of <c>Fit</c>. 16 bytes for each batch.
/// </summary>
public sealed class LearningRateRecorder : FitCallback
{
    private readonly List<RatePoint> _points = [];

    /// <summary>What was recorded, in order.</summary>
    public IReadOnlyList<RatePoint> Points => _points;

    /// <inheritdoc/>
    public override void OnStep(FitRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _points.Add(new RatePoint(run.Epoch - 1 + (double)run.Samples / run.Source.Count, run.Trainer.Optimizer.LearningRate));
    }
}

/// <summary>A learning rate in the course of a training.</summary>
/// <param name="Epochs">How many epochs were done, with the part of the present one.</param>
/// <param name="LearningRate">The rate.</param>
public readonly record struct RatePoint(double Epochs, double LearningRate);
