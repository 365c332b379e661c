using NetGen.CompilerServices;

namespace NetGen;

/// <summary>One call of <see cref="TrainingLoop.Fit"/>.</summary>
internal sealed class FitLoop
{
    private readonly ITrainer _trainer;
    private readonly IBatchSource _source;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly FitRun _run;
    private readonly FitState _state;
    private readonly Checkpoint _checkpoint;
    private readonly int _monitored;
    private BestParameters? _best;
    private FitReporter? _reporter;
    private Evaluator? _evaluator;
    private int _epoch;

    /// <summary>A training that can be done, as far as options alone tell.</summary>
    /// <exception cref="ArgumentException">The options do not fit together, or not the trainer.</exception>
    public FitLoop(ITrainer trainer, IBatchSource source, FitOptions options, CancellationToken cancellation)
    {
        (_trainer, _source, _options, _cancellation) = (trainer, source, options, cancellation);
        FitChecks.Options(trainer, source, options);
        Metric? monitor = options.Monitor ?? options.Metrics.FirstOrDefault();
        _monitored = monitor == null ? -1 : options.Metrics.ToList().IndexOf(monitor);
        _run = new FitRun(trainer, source, options);
        _state = new FitState(_run, options.Metrics.Count, monitor?.HigherIsBetter ?? false);
        _checkpoint = new Checkpoint(trainer) { Source = source, Parts = { [FitChecks.OwnPart] = _state } };
        foreach ((string name, IStateful part) in options.Parts)
            _checkpoint.Parts.Add(name, part);
        if (options.Scheduler != null)
            _checkpoint.Parts.Add(FitChecks.SchedulerPart, options.Scheduler);
        if (options.Plateau != null)
            _checkpoint.Parts.Add(FitChecks.PlateauPart, options.Plateau);
        foreach (FitCallback callback in options.Callbacks)
        {
            if (callback.OwnPart is var (name, part) && !_checkpoint.Parts.TryAdd(name, part))
                throw FitChecks.Twice(name);
        }
    }

    /// <summary>Looks at what can be known before, and trains.</summary>
    public FitResult Run()
    {
        using BestParameters? best = _options.RestoreBest ? new BestParameters(_trainer.Network) : null;
        _best = best;
        if (best != null)
            _checkpoint.Parts.Add(FitChecks.BestPart, best);
        FitChecks.Samples(_trainer, _source, _options);
        FitChecks.Files(_checkpoint, _options);
        foreach (FitCallback callback in _options.Callbacks)
            callback.Check(_run);

        using ISession? session = _options.Validation == null ? null
            : _trainer.Network.CreateSession(_options.Validation.BatchSize, SessionOptionsOf(_trainer));
        _evaluator = session == null ? null : new Evaluator(session, session.MaxBatch, _options.Metrics);
        int batch = 0;
        // The last of what may fail: it changes everything, or nothing.
        if (_options.Resume && File.Exists(_options.CheckpointPath))
            (_epoch, batch, _) = _checkpoint.Load(_options.CheckpointPath);
        (_run.Epoch, _run.Batch) = (Math.Min(_epoch + 1, Math.Max(_epoch, _options.Epochs)), batch);
        using FitReporter? reporter = _options.Display.Begin(_run);
        _reporter = reporter;
        reporter?.Start();
        foreach (FitCallback callback in _options.Callbacks)
            callback.OnStart(_run);
        FitEnd end;
        using (new Accumulation(_trainer, _options.AccumulateBatches))
        using (new Refusal(_trainer, _options.StopAtNonFiniteLoss))
        {
            end = RunEpochs(batch);
        }
        return End(end);
    }

    // Where the trainer is, and as it runs there.
    private static SessionOptions SessionOptionsOf(ITrainer trainer) => trainer is TrainerCore { Device: { IsCuda: true } device } core
        ? new SessionOptions { Device = device, Precision = core.Precision }
        : new SessionOptions { Threads = trainer.Threads, VectorWidth = trainer.VectorWidth };

    private FitEnd RunEpochs(int batch)
    {
        for (; _epoch < _options.Epochs; batch = 0)
        {
            if (_state.EpochsWithout >= _options.Patience)
                return FitEnd.Patience;
            _run.Epoch = _epoch + 1;
            _run.Batch = batch;
            _reporter?.StartEpoch();
            RunEpoch(batch);
            if (_run.Samples == 0)
                throw new InvalidOperationException($"The source gave no batch in epoch {_run.Epoch}.");
            ThrowIfSpoiled();
            EndEpoch();
            if (_run.IsStopping)
                return FitEnd.Callback;
        }
        return _state.EpochsWithout >= _options.Patience ? FitEnd.Patience : FitEnd.Completed;
    }

    private void RunEpoch(int batch)
    {
        // The source is this loop's own until the epoch is over: a callback that asked it for batches would take them from the training.
        using var loop = new BatchLoop(_source, _epoch + 1, batch);
        while (true)
        {
            // Gradients that wait for others are in no checkpoint: what is saved and left stands behind an update.
            bool isWhole = _run.Batch % _options.AccumulateBatches == 0;
            if (isWhole && _cancellation.IsCancellationRequested)
            {
                Save(_run.Batch);
                _cancellation.ThrowIfCancellationRequested();
            }
            if (!loop.TryNext(out Batch samples))
            {
                if (!isWhole)
                {
                    _trainer.Update();
                    AfterUpdate();
                }
                return;
            }
            _run.Loss = Step(samples);
            _run.LossSum += (double)_run.Loss * samples.Count;
            _run.Samples += samples.Count;
            _run.Batch++;
            bool isUpdate = _run.Batch % _options.AccumulateBatches == 0;
            if (isUpdate)
            {
                if (_options.AccumulateBatches > 1)
                    _trainer.Update();
                AfterUpdate();
            }
            _reporter?.Step();
            _options.Progress?.Report(
                new FitProgress(_run.Epoch, _options.Epochs, _run.Samples, _source.Count, _run.Loss, _run.MeanLoss));
            if (isUpdate && _options.CheckpointSteps > 0 && _run.Steps % _options.CheckpointSteps == 0)
                Save(_run.Batch);
        }
    }

    private float Step(in Batch samples)
    {
        float loss;
        try
        {
            loss = _options.AccumulateBatches == 1 ? _trainer.Step(samples) : _trainer.Backward(samples);
        }
        catch (ArithmeticException exception) when (_options.StopAtNonFiniteLoss)
        {
            // The loss is not defined for an output, so that the step ended before it changed any parameter.
            throw Stop(samples, float.NaN, exception);
        }
        if (!float.IsFinite(loss) && _options.StopAtNonFiniteLoss)
            throw Stop(samples, loss, null);
        return loss;
    }

    private NonFiniteLossException Stop(in Batch samples, float loss, Exception? exception)
    {
        // What the step has spoiled is no cause of it.
        (_trainer as TrainerCore)?.TakeBackForward();
        return LossDiagnosis.OfStep(_run, samples, _run.Batch + 1, loss, exception);
    }

    private void AfterUpdate()
    {
        _run.Steps++;
        if (_options.ScheduleByBatch)
            _options.Scheduler?.Step();
        for (int i = 0; i < _options.Callbacks.Count; i++)
            _options.Callbacks[i].OnStep(_run);
    }

    private void EndEpoch()
    {
        _epoch++;
        _reporter?.Measure();
        EpochResult result = Measure();
        _options.Plateau?.Step(result.Monitored);
        if (!_options.ScheduleByBatch)
            _options.Scheduler?.Step();
        _state.History.Add(result);
        _reporter?.EndEpoch(result);
        foreach (FitCallback callback in _options.Callbacks)
            callback.OnEpoch(_run, result);
        (_run.Batch, _run.Samples, _run.LossSum) = (0, 0, 0);
        Save(0);
    }

    /// <summary>Measures an epoch that is done, and keeps its parameters if they are the best.</summary>
    private EpochResult Measure()
    {
        IReadOnlyList<FitCallback> callbacks = _options.Callbacks;
        int begun = 0;
        try
        {
            while (begun < callbacks.Count)
                callbacks[begun++].OnMeasuring(_run);
            // The same epoch each time: what is drawn at random in validation must not tell epochs apart.
            _evaluator?.Run(_options.Validation!, epoch: 1);
            double[] metrics = [.. _options.Metrics.Select(metric => metric.Value)];
            double value = _monitored < 0 ? _run.MeanLoss : metrics[_monitored];
            bool isBest = _state.Take(_epoch, value, _options.MinimumImprovement);
            if (isBest)
            {
                _best?.Take(_epoch);
                if (_options.BestPath != null)
                    _trainer.Network.Save(_options.BestPath, new SaveOptions { Info = _options.BestInfo });
            }
            return new EpochResult(_epoch, _run.MeanLoss, metrics, value, isBest);
        }
        finally
        {
            while (begun > 0)
                callbacks[--begun].OnMeasured(_run);
        }
    }

    private FitResult End(FitEnd end)
    {
        if (_best is { Epoch: > 0 } best)
        {
            best.Give();
            _run.IsRestored = true;
        }
        var whole = new FitResult([.. _state.History], _state.BestEpoch, _state.Best, _run.Steps, end);
        _reporter?.End(whole, _run.IsRestored);
        foreach (FitCallback callback in _options.Callbacks)
            callback.OnEnd(_run, whole);
        return whole;
    }

    private void Save(int batch)
    {
        if (_options.CheckpointPath == null)
            return;
        ThrowIfSpoiled();
        _checkpoint.Save(_options.CheckpointPath, _epoch, batch, _options.Metadata);
    }

    // A checkpoint that can be gone on from must not be replaced by one that cannot.
    private void ThrowIfSpoiled()
    {
        if (_options.StopAtNonFiniteLoss && LossDiagnosis.OfParameters(_run) is { } error)
            throw error;
    }

    /// <summary>Lets a trainer refuse updates by a loss that is not finite, and afterwards do what it did before.</summary>
    private readonly struct Refusal : IDisposable
    {
        private readonly TrainerCore? _trainer;
        private readonly bool _refused;

        public Refusal(ITrainer trainer, bool refuses)
        {
            _trainer = trainer as TrainerCore;
            if (_trainer == null)
                return;
            _refused = _trainer.RefusesUpdates;
            _trainer.RefusesUpdates = refuses;
        }

        public void Dispose()
        {
            if (_trainer != null)
                _trainer.RefusesUpdates = _refused;
        }
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
