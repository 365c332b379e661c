namespace NetGen;

/// <summary>A training loop over <c>Step</c>, and the evaluation that belongs to it. Both allocate nothing per batch.</summary>
public static class TrainingLoop
{
    /// <summary>
    /// Trains for some epochs. After each: validation, the best parameters, the schedulers, callbacks, the checkpoint. A loop by hand over
    /// the same source gives the same bits. Before the first step everything is looked at that can be known then: whether the samples of
    /// both sources fit the network and the metrics, whether the files can be written, and whether the checkpoint fits. For that the
    /// sources begin an epoch, and begin it again.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="source">The batches, not larger than the trainer's.</param>
    /// <param name="options">What else is done; one epoch and no more by default.</param>
    /// <param name="cancellation">
    /// Looked at before each batch. On cancellation a checkpoint is written, where there is a path for it.
    /// </param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ArgumentException">
    /// The options, the source and the network do not fit together; the message names the option, and nothing was changed.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SafeTensorsException">The checkpoint is damaged or of another training; nothing was changed.</exception>
    /// <exception cref="IOException">
    /// A file cannot be read or written; before the first step the message names the option, and nothing was changed.
    /// </exception>
    public static FitResult Fit(this ITrainer trainer, IBatchSource source, FitOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new FitOptions();
        FitChecks.Options(trainer, source, options);
        Metric? monitor = options.Monitor ?? options.Metrics.FirstOrDefault();
        int monitored = monitor == null ? -1 : options.Metrics.ToList().IndexOf(monitor);
        var run = new FitRun(trainer, source, options);
        var state = new FitState(run, options.Metrics.Count, monitor?.HigherIsBetter ?? false);
        var checkpoint = new Checkpoint(trainer) { Source = source, Parts = { [FitChecks.OwnPart] = state } };
        foreach ((string name, IStateful part) in options.Parts)
            checkpoint.Parts.Add(name, part);
        if (options.Scheduler != null)
            checkpoint.Parts.Add(FitChecks.SchedulerPart, options.Scheduler);
        if (options.Plateau != null)
            checkpoint.Parts.Add(FitChecks.PlateauPart, options.Plateau);

        FitChecks.Samples(trainer, source, options);
        FitChecks.Files(checkpoint, options);
        foreach (FitCallback callback in options.Callbacks)
            callback.Check(run);

        using ISession? session = options.Validation == null ? null
            : trainer.Network.CreateSession(options.Validation.BatchSize,
                new SessionOptions { Threads = trainer.Threads, VectorWidth = trainer.VectorWidth });
        Evaluator? evaluator = session == null ? null : new Evaluator(session, session.MaxBatch, options.Metrics);
        int epoch = 0, batch = 0;
        // The last of what may fail: it changes everything, or nothing.
        if (options.Resume && File.Exists(options.CheckpointPath))
            (epoch, batch, _) = checkpoint.Load(options.CheckpointPath);
        (run.Epoch, run.Batch) = (Math.Min(epoch + 1, Math.Max(epoch, options.Epochs)), batch);
        foreach (FitCallback callback in options.Callbacks)
            callback.OnStart(run);

        using var accumulation = new Accumulation(trainer, options.AccumulateBatches);
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
            // The source is this loop's own until the epoch is over: a callback that asked it for batches would take them from the
            // training.
            using var loop = new BatchLoop(source, epoch + 1, batch);
            while (true)
            {
                // Gradients that wait for others are in no checkpoint: what is saved and left stands behind an update.
                bool isWhole = run.Batch % options.AccumulateBatches == 0;
                if (isWhole && cancellation.IsCancellationRequested)
                {
                    if (options.CheckpointPath != null)
                        checkpoint.Save(options.CheckpointPath, epoch, run.Batch, options.Metadata);
                    cancellation.ThrowIfCancellationRequested();
                }
                if (!loop.TryNext(out Batch samples))
                {
                    if (!isWhole)
                    {
                        trainer.Update();
                        AfterUpdate();
                    }
                    break;
                }
                run.Loss = options.AccumulateBatches == 1 ? trainer.Step(samples) : trainer.Backward(samples);
                run.LossSum += (double)run.Loss * samples.Count;
                run.Samples += samples.Count;
                run.Batch++;
                bool isUpdate = run.Batch % options.AccumulateBatches == 0;
                if (isUpdate)
                {
                    if (options.AccumulateBatches > 1)
                        trainer.Update();
                    AfterUpdate();
                }
                options.Progress?.Report(new FitProgress(run.Epoch, options.Epochs, run.Samples, source.Count, run.Loss, run.MeanLoss));
                if (isUpdate && options.CheckpointSteps > 0 && run.Steps % options.CheckpointSteps == 0 && options.CheckpointPath != null)
                    checkpoint.Save(options.CheckpointPath, epoch, run.Batch, options.Metadata);
            }
            if (run.Samples == 0)
                throw new InvalidOperationException($"The source gave no batch in epoch {run.Epoch}.");

            epoch++;
            batch = 0;
            // The same epoch each time: what is drawn at random in validation must not tell epochs apart.
            evaluator?.Run(options.Validation!, epoch: 1);
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

        void AfterUpdate()
        {
            run.Steps++;
            if (options.ScheduleByBatch)
                options.Scheduler?.Step();
            for (int i = 0; i < options.Callbacks.Count; i++)
                options.Callbacks[i].OnStep(run);
        }
    }

    /// <summary>Runs a source's samples through a session, in inference, and measures the outputs.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">The samples, in batches not larger than the session's.</param>
    /// <param name="metrics">What is measured; they are reset before.</param>
    /// <exception cref="ArgumentException">
    /// The source's batches are too large, or its samples have the wrong size, or a metric needs other targets, another number of classes
    /// or another output; no metric was changed.
    /// </exception>
    public static void Evaluate(this ISession session, IBatchSource source, params Metric[] metrics)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(metrics);
        if (source.BatchSize > session.MaxBatch)
            throw new ArgumentException($"Expected batches of at most {session.MaxBatch} samples, the session's, got {source.BatchSize}.",
                nameof(source));
        new Evaluator(session, source.BatchSize, metrics).Run(source, epoch: 1);
    }

    /// <summary>Lets a trainer add up the gradients of some batches, and afterwards do what it did before.</summary>
    private readonly struct Accumulation : IDisposable
    {
        private readonly ITrainer? _trainer;
        private readonly bool _accumulated;
        private readonly double _factor;

        public Accumulation(ITrainer trainer, int batches)
        {
            if (batches == 1)
                return;
            _trainer = trainer;
            (_accumulated, _factor) = (trainer.AccumulateGradients, trainer.GradientFactor);
            trainer.AccumulateGradients = true;
            trainer.GradientFactor = _factor / batches;
        }

        public void Dispose()
        {
            if (_trainer == null)
                return;
            _trainer.AccumulateGradients = _accumulated;
            _trainer.GradientFactor = _factor;
        }
    }
}
