namespace NetGen;

/// <summary>A training loop over <c>Step</c>, and the evaluation that belongs to it. Both allocate nothing per batch.</summary>
public static class TrainingLoop
{
    // The name of the loop's own part in checkpoints.
    private const string OwnPart = "fit", SchedulerPart = "scheduler", PlateauPart = "plateau";

    /// <summary>
    /// Trains for some epochs. After each: validation, the best parameters, the schedulers, callbacks, the checkpoint. A loop by hand over
    /// the same source gives the same bits.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="source">The batches, not larger than the trainer's.</param>
    /// <param name="options">What else is done; one epoch and no more by default.</param>
    /// <param name="cancellation">Looked at before each batch. On cancellation a checkpoint is written, where there is a path for it.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ArgumentException">The options, the source and the network do not fit together; nothing was changed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SafeTensorsException">The checkpoint is damaged or of another training; nothing was changed.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static FitResult Fit(this ITrainer trainer, IBatchSource source, FitOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new FitOptions();
        Check(trainer, source, options);
        Metric? monitor = options.Monitor ?? options.Metrics.FirstOrDefault();
        int monitored = monitor == null ? -1 : options.Metrics.ToList().IndexOf(monitor);
        var run = new FitRun(trainer, source, options);
        var state = new FitState(run, options.Metrics.Count, monitor?.HigherIsBetter ?? false);
        var checkpoint = new Checkpoint(trainer) { Source = source, Parts = { [OwnPart] = state } };
        foreach ((string name, IStateful part) in options.Parts)
            checkpoint.Parts.Add(name, part);
        if (options.Scheduler != null)
            checkpoint.Parts.Add(SchedulerPart, options.Scheduler);
        if (options.Plateau != null)
            checkpoint.Parts.Add(PlateauPart, options.Plateau);

        var labels = trainer as ITrainer<int>;
        var values = trainer as ITrainer<float>;
        int epoch = 0, batch = 0;
        if (options.Resume && File.Exists(options.CheckpointPath))
            (epoch, batch, _) = checkpoint.Load(options.CheckpointPath);

        using ISession? session = options.Validation == null ? null
            : trainer.Network.CreateSession(options.Validation.BatchSize, new SessionOptions { Threads = trainer.Threads, VectorWidth = trainer.VectorWidth });
        float[] output = session == null ? [] : new float[session.MaxBatch * session.OutputSize];
        (run.Epoch, run.Batch) = (Math.Min(epoch + 1, Math.Max(epoch, options.Epochs)), batch);
        foreach (FitCallback callback in options.Callbacks)
            callback.OnStart(run);

        FitEnd end = FitEnd.Completed;
        while (epoch < options.Epochs)
        {
            if (state.EpochsWithout >= options.Patience)
            {
                end = FitEnd.Patience;
                break;
            }
            run.Epoch = epoch + 1;
            run.Batch = batch;
            // The source is this loop's own until the epoch is over: a callback that asked it for batches would take them from the training.
            using var loop = new BatchLoop(source, epoch + 1, batch);
            while (true)
            {
                if (cancellation.IsCancellationRequested)
                {
                    if (options.CheckpointPath != null)
                        checkpoint.Save(options.CheckpointPath, epoch, run.Batch, options.Metadata);
                    cancellation.ThrowIfCancellationRequested();
                }
                if (!loop.TryNext(out Batch samples))
                    break;
                run.Loss = Step(labels, values, samples);
                run.LossSum += (double)run.Loss * samples.Count;
                run.Samples += samples.Count;
                run.Batch++;
                run.Steps++;
                if (options.ScheduleByBatch)
                    options.Scheduler?.Step();
                for (int i = 0; i < options.Callbacks.Count; i++)
                    options.Callbacks[i].OnStep(run);
                options.Progress?.Report(new FitProgress(run.Epoch, options.Epochs, run.Samples, source.Count, run.Loss, run.MeanLoss));
                if (options.CheckpointSteps > 0 && run.Steps % options.CheckpointSteps == 0 && options.CheckpointPath != null)
                    checkpoint.Save(options.CheckpointPath, epoch, run.Batch, options.Metadata);
            }
            if (run.Samples == 0)
                throw new InvalidOperationException($"The source gave no batch in epoch {run.Epoch}.");

            epoch++;
            batch = 0;
            if (session != null)
                Evaluate(session, options.Validation!, options.Metrics, output, epoch: 1);
            double[] metrics = [.. options.Metrics.Select(metric => metric.Value)];
            double value = monitored < 0 ? run.MeanLoss : metrics[monitored];
            bool isBest = state.Take(epoch, value, options.MinimumImprovement);
            if (isBest && options.BestPath != null)
                trainer.Network.Save(options.BestPath);
            options.Plateau?.Step(value);
            if (!options.ScheduleByBatch)
                options.Scheduler?.Step();
            var result = new EpochResult(epoch, run.MeanLoss, metrics, value, isBest);
            state.History.Add(result);
            foreach (FitCallback callback in options.Callbacks)
                callback.OnEpoch(run, result);
            (run.Batch, run.Samples, run.LossSum) = (0, 0, 0);
            if (options.CheckpointPath != null)
                checkpoint.Save(options.CheckpointPath, epoch, 0, options.Metadata);
            if (run.IsStopping)
            {
                end = FitEnd.Callback;
                break;
            }
        }
        if (end == FitEnd.Completed && state.EpochsWithout >= options.Patience)
            end = FitEnd.Patience;
        var whole = new FitResult([.. state.History], state.BestEpoch, state.Best, run.Steps, end);
        foreach (FitCallback callback in options.Callbacks)
            callback.OnEnd(run, whole);
        return whole;
    }

    /// <summary>Runs a source's samples through a session, in inference, and measures the outputs.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">The samples, in batches not larger than the session's.</param>
    /// <param name="metrics">What is measured; they are reset before.</param>
    /// <exception cref="ArgumentException">The source's batches are too large, or its samples have the wrong size, or a metric needs other targets.</exception>
    public static void Evaluate(this ISession session, IBatchSource source, params Metric[] metrics)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(metrics);
        if (source.BatchSize > session.MaxBatch)
            throw new ArgumentException($"Expected batches of at most {session.MaxBatch} samples, the session's, got {source.BatchSize}.", nameof(source));
        Evaluate(session, source, metrics, new float[source.BatchSize * session.OutputSize], epoch: 1);
    }

    // The same epoch each time: what is drawn at random in validation must not tell epochs apart.
    private static void Evaluate(ISession session, IBatchSource source, IReadOnlyList<Metric> metrics, float[] output, int epoch)
    {
        foreach (Metric metric in metrics)
            metric.Reset();
        using var loop = new BatchLoop(source, epoch);
        while (loop.TryNext(out Batch batch))
        {
            Span<float> scores = output.AsSpan(0, batch.Count * session.OutputSize);
            session.Forward(batch.Input, scores);
            for (int i = 0; i < metrics.Count; i++)
                metrics[i].Add(scores, batch);
        }
    }

    private static float Step(ITrainer<int>? labels, ITrainer<float>? values, in Batch batch)
    {
        if (!batch.Labels.IsEmpty)
        {
            return labels != null ? labels.Step(batch.Input, batch.Labels)
                : throw new ArgumentException("The source gives class indices, but the network's loss takes values.", nameof(batch));
        }
        return values != null ? values.Step(batch.Input, batch.Values)
            : throw new ArgumentException("The source gives values, but the network's loss takes class indices.", nameof(batch));
    }

    private static void Check(ITrainer trainer, IBatchSource source, FitOptions options)
    {
        if (trainer is not (ITrainer<int> or ITrainer<float>))
            throw new ArgumentException("Expected a network with a loss that takes one target: class indices or values. Others are trained by a loop of your own over Step, or over Forward and BackwardFromOutput.", nameof(trainer));
        if (source.BatchSize > trainer.BatchSize)
            throw new ArgumentException($"Expected batches of at most {trainer.BatchSize} samples, the trainer's, got {source.BatchSize}.", nameof(source));
        if (options.Metrics.Count > 0 && options.Validation == null)
            throw new ArgumentException("Metrics are measured on validation samples, but there are none.", nameof(options));
        if (options.Metrics.Count == 0 && options.Validation != null)
            throw new ArgumentException("There are validation samples, but no metrics to measure on them.", nameof(options));
        if (options.Validation == source)
            throw new ArgumentException("Expected another source for validation: one source has one position. Make a second one over the same samples.", nameof(options));
        if (options.Monitor != null && !options.Metrics.Contains(options.Monitor))
            throw new ArgumentException($"What is monitored, {options.Monitor.Name}, is not among the metrics.", nameof(options));
        if (options.CheckpointPath == null && (options.Resume || options.CheckpointSteps > 0))
            throw new ArgumentException($"{(options.Resume ? nameof(FitOptions.Resume) : nameof(FitOptions.CheckpointSteps))} needs a {nameof(FitOptions.CheckpointPath)}.", nameof(options));
        if (options.Scheduler != null && options.Plateau != null)
            throw new ArgumentException("Expected a scheduler or a plateau: an optimiser follows one of them.", nameof(options));
        if (options.Scheduler is { } scheduler && scheduler.Optimizer != trainer.Optimizer || options.Plateau is { } plateau && plateau.Optimizer != trainer.Optimizer)
            throw new ArgumentException("The scheduler is for another optimiser than the trainer's.", nameof(options));
        if (options.Plateau is { } watcher)
        {
            Metric? monitor = options.Monitor ?? options.Metrics.FirstOrDefault();
            PlateauMode mode = monitor is { HigherIsBetter: true } ? PlateauMode.Max : PlateauMode.Min;
            if (watcher.Mode != mode)
                throw new ArgumentException($"Expected a plateau of mode {mode}, because {monitor?.Name ?? "the training loss"} is monitored, got {watcher.Mode}.", nameof(options));
        }
        foreach (string name in options.Parts.Keys)
        {
            if (name is OwnPart or SchedulerPart or PlateauPart)
                throw new ArgumentException($"A part cannot be named '{name}': that is one of the loop's own.", nameof(options));
        }
    }
}
