namespace NetGen;

/// <summary>
/// What <see cref="TrainingLoop"/> looks at before the first step, so that nothing that could be known then ends a training after hours.
/// Nothing is changed by it, but that sources begin an epoch, which the loop begins again.
/// </summary>
internal static class FitChecks
{
    /// <summary>The names of the loop's own parts in checkpoints.</summary>
    public const string OwnPart = "fit", SchedulerPart = "scheduler", PlateauPart = "plateau", BestPart = "best", AveragePart = "average";

    /// <summary>The error of two parts with one name.</summary>
    public static ArgumentException Twice(string part) => Option(nameof(FitOptions.Callbacks),
        $"two of them keep something in checkpoints by the name '{part}'; expected one of the kind.");

    /// <summary>What can be told of the options by themselves.</summary>
    /// <exception cref="ArgumentException">They do not fit together, or not the trainer.</exception>
    public static void Options(ITrainer trainer, IBatchSource source, FitOptions options)
    {
        if (!trainer.HasLoss)
            throw new ArgumentException("Expected a network with a loss. Others are trained by a loop of your own over Forward and "
                + "BackwardFromOutput.", nameof(trainer));
        if (source.BatchSize > trainer.BatchSize)
            throw new ArgumentException($"Expected batches of at most {trainer.BatchSize} samples, the trainer's, got {source.BatchSize}.",
                nameof(source));
        Present(options.Metrics, nameof(FitOptions.Metrics));
        Present(options.Callbacks, nameof(FitOptions.Callbacks));
        Present(options.Parts?.Values.ToArray(), nameof(FitOptions.Parts));
        if (options.Display == null)
            throw Option(nameof(FitOptions.Display), $"it is null; expected {nameof(FitDisplay)}.{nameof(FitDisplay.Never)} for nothing.");
        if (options.Metrics.Count > 0 && options.Validation == null)
            throw Option(nameof(FitOptions.Metrics), "metrics are measured on validation samples, but there are none.");
        if (options.Metrics.Count == 0 && options.Validation != null)
            throw Option(nameof(FitOptions.Validation), "there are validation samples, but no metrics to measure on them.");
        if (options.Validation == source)
            throw Option(
                nameof(FitOptions.Validation), "expected another source for validation: one source has one position. Make a second "
                + "one over the same samples.");
        if (options.Monitor != null && !options.Metrics.Contains(options.Monitor))
            throw Option(nameof(FitOptions.Monitor), $"what is monitored, {options.Monitor.Title}, is not among the metrics.");
        if (options.CheckpointPath == null && (options.Resume || options.CheckpointSteps > 0))
            throw new ArgumentException($"{(options.Resume ? nameof(FitOptions.Resume) : nameof(FitOptions.CheckpointSteps))} needs "
                + $"a {nameof(FitOptions.CheckpointPath)}.", nameof(options));
        if (options.Scheduler != null && options.Plateau != null)
            throw Option(nameof(FitOptions.Plateau), "expected a scheduler or a plateau: an optimiser follows one of them.");
        if (options.Scheduler is { } scheduler && scheduler.Optimizer != trainer.Optimizer)
            throw Option(nameof(FitOptions.Scheduler), "the scheduler is for another optimiser than the trainer's.");
        if (options.Plateau is { } plateau)
        {
            if (plateau.Optimizer != trainer.Optimizer)
                throw Option(nameof(FitOptions.Plateau), "the plateau is for another optimiser than the trainer's.");
            Metric? monitor = options.Monitor ?? options.Metrics.FirstOrDefault();
            PlateauMode mode = monitor is { HigherIsBetter: true } ? PlateauMode.Max : PlateauMode.Min;
            if (plateau.Mode != mode)
                throw Option(
                    nameof(FitOptions.Plateau), $"expected a plateau of mode {mode}, because {monitor?.Title ?? "the training loss"} "
                    + $"is monitored, got {plateau.Mode}.");
        }
        foreach (string name in options.Parts!.Keys)
        {
            if (name is OwnPart or SchedulerPart or PlateauPart or BestPart or AveragePart)
                throw Option(nameof(FitOptions.Parts), $"a part cannot be named '{name}': that is one of the loop's own.");
        }
    }

    /// <summary>What can be told of the samples by the first batch of an epoch, and by the last.</summary>
    /// <exception cref="ArgumentException">They do not fit the network, or the metrics.</exception>
    public static void Samples(ITrainer trainer, IBatchSource source, FitOptions options)
    {
        using (var loop = new BatchLoop(source, epoch: 1))
        {
            if (!loop.TryNext(out Batch batch))
                throw new ArgumentException("The source gives no batch.", nameof(source));
            TrainingBatch(trainer, source, batch);
        }
        LastBatch(trainer, source);
        if (options.Validation is { } validation)
            Validation(trainer, validation, options.Metrics);
    }

    private static void Validation(ITrainer trainer, IBatchSource validation, IReadOnlyList<Metric> metrics)
    {
        try
        {
            Evaluator.CheckSize(trainer.Ports, validation.BatchSize);
            using var loop = new BatchLoop(validation, epoch: 1);
            if (!loop.TryNext(out Batch batch))
                throw new ArgumentException("The source gives no batch.");
            Evaluator.Check(trainer.Ports, validation, metrics, batch);
        }
        catch (ArgumentException exception)
        {
            throw Option(nameof(FitOptions.Validation), exception);
        }
    }

    /// <summary>Whether everything that is going to be written can be.</summary>
    /// <exception cref="ArgumentException">A path is none, or a text cannot stand in a file, or a part's name is not one.</exception>
    /// <exception cref="IOException">A file cannot be written there.</exception>
    public static void Files(Checkpoint checkpoint, FitOptions options)
    {
        Texts(nameof(FitOptions.Metadata),
            () => SafeTensors.CheckTexts(options.Metadata ?? new Dictionary<string, string>(), nameof(options)));
        Texts(nameof(FitOptions.Parts), () => checkpoint.Notes(0, 0, options.Metadata));
        Texts(nameof(FitOptions.BestInfo),
            () => SafeTensors.CheckTexts(options.BestInfo?.ToTexts() ?? [], nameof(options)));
        File(nameof(FitOptions.BestPath), options.BestPath);
        File(nameof(FitOptions.CheckpointPath), options.CheckpointPath);
        if (options.BestPath != null && options.CheckpointPath != null
            && Path.GetFullPath(options.BestPath) == Path.GetFullPath(options.CheckpointPath))
            throw Option(
                nameof(FitOptions.BestPath), $"it is the file of the {nameof(FitOptions.CheckpointPath)} too; each would replace the "
                + $"other.");
    }

    private static void TrainingBatch(ITrainer trainer, IBatchSource source, in Batch batch)
    {
        Samples(source, trainer.Ports, batch);
        if (batch.Count < trainer.MinBatchSize)
            throw TooFew(trainer, batch.Count);
        BatchChecks.Targets(trainer.Ports, batch, nameof(source));
        source.Check(trainer.Ports, trainer.MinBatchSize);
        // Where the source itself did not know.
        BatchChecks.Classes(trainer.Ports, batch, nameof(source));
    }

    // A batch that is left over may be too small. A source of other batches than all alike but the last says so by not beginning there.
    private static void LastBatch(ITrainer trainer, IBatchSource source)
    {
        if (trainer.MinBatchSize <= 1 || source.BatchSize < 1 || source.Count % source.BatchSize is not (> 0 and var left)
            || left >= trainer.MinBatchSize)
            return;
        BatchLoop loop;
        try
        {
            loop = new BatchLoop(source, epoch: 1, source.Count / source.BatchSize);
        }
        catch (ArgumentOutOfRangeException)
        {
            return;
        }
        using (loop)
        {
            if (loop.TryNext(out Batch batch) && batch.Count < trainer.MinBatchSize)
                throw TooFew(trainer, batch.Count);
        }
    }

    private static ArgumentException TooFew(ITrainer trainer, int count) => new(
        $"Expected batches of at least {trainer.MinBatchSize} samples, which the network's batch normalisation needs, but an epoch "
            + $"has one of {count}. "
        + "Leave out the last batch (dropLast), or choose another size of batch.", "source");

    /// <summary>Whether a batch is of the size that its source says, and its samples of those that the network takes.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Samples(IBatchSource source, NetworkPorts ports, in Batch batch)
    {
        if (batch.Count < 1 || batch.Count > source.BatchSize)
            throw new ArgumentException($"Expected a batch of 1 to {source.BatchSize} samples, as the source says, got one "
                + $"of {batch.Count}.", nameof(source));
        BatchChecks.Inputs(ports, batch, nameof(source));
    }

    private static void Present<T>(IReadOnlyCollection<T>? items, string option)
    {
        if (items == null || items.Contains(default!))
            throw Option(option, items == null ? "it is null." : "one of them is null.");
    }

    private static void Texts(string option, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException exception)
        {
            throw Option(option, exception);
        }
    }

    private static void File(string option, string? path)
    {
        if (path == null)
            return;
        try
        {
            AtomicFile.Try(path);
        }
        catch (ArgumentException exception)
        {
            throw Option(option, exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new DirectoryNotFoundException($"{option}: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new IOException($"{option}: {exception.Message}", exception);
        }
    }

    private static ArgumentException Option(string option, string problem) => new($"{option}: {problem}", "options");

    private static ArgumentException Option(string option, ArgumentException exception)
    {
        // The name of a parameter that the caller of the loop does not see says nothing.
        string message = exception.ParamName == null
            ? exception.Message : exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);
        return new ArgumentException($"{option}: {message}", "options", exception);
    }
}
