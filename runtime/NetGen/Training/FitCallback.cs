namespace NetGen;

/// <summary>Is called by <see cref="TrainingLoop.Fit"/> on its way. What it throws ends the training.</summary>
public abstract class FitCallback
{
    /// <summary>
    /// With all that is looked at before anything is changed: throws where the callback could not do its part. Does nothing by default.
    /// </summary>
    /// <param name="run">The training, which has not begun.</param>
    public virtual void Check(FitRun run)
    {
    }

    /// <summary>Before the first step.</summary>
    /// <param name="run">The training.</param>
    public virtual void OnStart(FitRun run)
    {
    }

    /// <summary>After each batch; this is the place that must allocate nothing.</summary>
    /// <param name="run">The training.</param>
    public virtual void OnStep(FitRun run)
    {
    }

    /// <summary>
    /// After the last step of an epoch, before it is measured on the validation samples, and before its parameters are kept or saved as the
    /// best. What is set here, averaged parameters for instance, is what is measured and kept.
    /// </summary>
    /// <param name="run">The training.</param>
    public virtual void OnMeasuring(FitRun run)
    {
    }

    /// <summary>
    /// Behind <see cref="OnMeasuring"/>, when the epoch has been measured and its parameters were kept if they are the best, or when an
    /// error came between: puts back what was set there.
    /// </summary>
    /// <param name="run">The training.</param>
    public virtual void OnMeasured(FitRun run)
    {
    }

    /// <summary>After each epoch, validation and all; the checkpoint is written afterwards.</summary>
    /// <param name="run">The training.</param>
    /// <param name="result">What came of the epoch.</param>
    public virtual void OnEpoch(FitRun run, EpochResult result)
    {
    }

    /// <summary>After the last epoch; not where an exception ends the training.</summary>
    /// <param name="run">The training.</param>
    /// <param name="result">What came of it.</param>
    public virtual void OnEnd(FitRun run, FitResult result)
    {
    }

    /// <summary>What checkpoints keep of the callback, by the name that it has there; null for nothing.</summary>
    internal virtual (string Name, IStateful Part)? OwnPart => null;
}

/// <summary>A training under way, as callbacks see it.</summary>
public sealed class FitRun
{
    internal FitRun(ITrainer trainer, IBatchSource source, FitOptions options)
    {
        Trainer = trainer;
        Source = source;
        Options = options;
    }

    /// <summary>The trainer.</summary>
    public ITrainer Trainer { get; }

    /// <summary>Where its batches come from.</summary>
    public IBatchSource Source { get; }

    /// <summary>The options.</summary>
    public FitOptions Options { get; }

    /// <summary>The number of the present epoch, from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Batches of this epoch that are done.</summary>
    public int Batch { get; internal set; }

    /// <summary>Batches that are done, of all epochs.</summary>
    public long Steps { get; internal set; }

    /// <summary>Samples of this epoch that are done.</summary>
    public int Samples { get; internal set; }

    /// <summary>The loss of the last batch.</summary>
    public float Loss { get; internal set; }

    /// <summary>The mean loss over this epoch's samples so far.</summary>
    public double MeanLoss => LossSum / Samples;

    internal double LossSum { get; set; }

    internal bool IsStopping { get; private set; }

    /// <summary>At the end: the network has been given the parameters of the best epoch.</summary>
    internal bool IsRestored { get; set; }

    /// <summary>Ends the training after the present epoch.</summary>
    public void Stop() => IsStopping = true;
}
