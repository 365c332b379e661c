using System.Globalization;

namespace NetGen.TensorBoard;

/// <summary>
/// Logs a training by <see cref="TrainingLoop.Fit"/>: the loss and the learning rate every few batches, and after each epoch its mean loss, the
/// metrics, and histograms of the parameters. The steps are batches.
/// </summary>
/// <param name="writer">Where to. It is flushed after each epoch, and closed by whoever made it.</param>
public sealed class TensorBoardCallback(SummaryWriter writer) : FitCallback
{
    private readonly int _everyBatches = 50;

    /// <summary>The loss is logged once in this many batches; 50 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int EveryBatches
    {
        get => _everyBatches;
        init => _everyBatches = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(EveryBatches), value, "Expected at least 1.");
    }

    /// <summary>Whether histograms of the parameters are logged; true by default.</summary>
    public bool Histograms { get; init; } = true;

    /// <summary>The graph of the network, and what trains, as text.</summary>
    /// <param name="run">The training.</param>
    public override void OnStart(FitRun run)
    {
        writer.AddGraph(run.Trainer.Network);
        writer.AddText("training", string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Trainer.Optimizer.GetType().Name}, {run.Options.Epochs} epochs of {run.Source.Settings}; {run.Trainer.Schedule}"), run.Steps);
    }

    /// <inheritdoc/>
    public override void OnStep(FitRun run)
    {
        if (run.Steps % EveryBatches != 0)
            return;
        writer.AddScalar("batch/loss", run.Loss, run.Steps);
        writer.AddScalar("batch/learning rate", run.Trainer.Optimizer.LearningRate, run.Steps);
        if (run.Trainer.GradientNorm is float norm)
            writer.AddScalar("batch/gradient norm", norm, run.Steps);
    }

    /// <inheritdoc/>
    public override void OnEpoch(FitRun run, EpochResult result)
    {
        writer.AddScalar("epoch/training loss", result.Loss, run.Steps);
        for (int i = 0; i < result.Metrics.Count; i++)
            writer.AddScalar("epoch/validation " + run.Options.Metrics[i].Name, result.Metrics[i], run.Steps);
        if (Histograms)
        {
            foreach (Parameter parameter in run.Trainer.Network.Parameters)
            {
                if (parameter.IsLearned)
                    AddHistogram(parameter, run.Steps);
            }
        }
        writer.Flush();
    }

    // Parameters that went astray must not end the training, but they must be seen.
    private void AddHistogram(Parameter parameter, long step)
    {
        float[] values = parameter.ToArray(), finite = [.. values.Where(float.IsFinite)];
        if (finite.Length < values.Length)
        {
            writer.AddText("not finite/" + parameter.Name, string.Create(
                CultureInfo.InvariantCulture, $"{values.Length - finite.Length} of {values.Length} values are not finite."), step);
        }
        if (finite.Length > 0)
            writer.AddHistogram("parameters/" + parameter.Name, finite, step);
    }
}
