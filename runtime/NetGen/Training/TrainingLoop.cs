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
    /// <exception cref="NonFiniteLossException">
    /// A loss is NaN or infinite; the parameters are those of before that step (<see cref="FitOptions.StopAtNonFiniteLoss"/>).
    /// </exception>
    /// <exception cref="SafeTensorsException">The checkpoint is damaged or of another training; nothing was changed.</exception>
    /// <exception cref="IOException">
    /// A file cannot be read or written; before the first step the message names the option, and nothing was changed.
    /// </exception>
    public static FitResult Fit(this ITrainer trainer, IBatchSource source, FitOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(source);
        return new FitLoop(trainer, source, options ?? new FitOptions(), cancellation).Run();
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
}
