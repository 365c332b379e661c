namespace NetGen.CompilerServices;

/// <content>
/// Passes and updates that a device does. What is checked, in which order, and what a refusal leaves is as on the processor.
/// </content>
public abstract unsafe partial class TrainerCore
{
    private readonly DeviceTrainer? _device;

    // Steps that nobody has waited for yet, the oldest first: samples, and what the losses are divided by.
    private readonly int[] _queuedSamples = new int[DeviceTrainer.MostStarted];
    private readonly double[] _queuedDivisors;
    private int _oldest, _queued;

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>How many digits of their operands large products have; of a trainer on the processor float32's.</summary>
    public Precision Precision { get; }

    private bool AddsGradients => _accumulatesGradients && _hasPendingGradients;

    // A loss that refuses outputs decides whether there is an update.
    private bool HasRequirement => _plan.OutputRequirement is not null || _plan.OutputRequirements is not null;

    private float StepOnDevice(int samples, ReadOnlySpan<double> lossDivisors)
    {
        CheckStatistics(samples);
        bool updates = _threadWithoutUpdate != Environment.CurrentManagedThreadId, adds = AddsGradients;
        bool measures = updates && !adds && _state.MeasuresGradients;
        if (_threadThatQueues == Environment.CurrentManagedThreadId && updates && !adds && !measures && !_refusesUpdates && !HasRequirement)
            return EnqueueOnDevice(samples, lossDivisors);
        Standing before = Stand();
        BeginOnDevice(samples);
        BeginLoss(lossDivisors);
        RunOnDevice(new DevicePass(DevicePassKind.Step, samples, _seed, _step, adds, Measures: measures), before);
        BeginGradientsOnDevice(adds);
        CheckOutput();
        EndGradientsOnDevice(adds);
        _hasForward = true;
        float loss = BatchLoss();
        if (updates && (!_refusesUpdates || float.IsFinite(loss)))
            UpdateOnDevice(measures);
        return loss;
    }

    // Nothing that the step gives decides what is done behind it, so nobody waits for it.
    private float EnqueueOnDevice(int samples, ReadOnlySpan<double> lossDivisors)
    {
        if (_queued == DeviceTrainer.MostStarted)
            TakeOldest(waits: true);
        Standing before = Now;
        BeginOnDevice(samples);
        BeginLoss(lossDivisors);
        // Those of the step that came back last are there until another does.
        _sampleLosses = before.SampleLosses;
        try
        {
            _device!.Start(new DevicePass(DevicePassKind.Step, samples, _seed, _step), this, _lossScales);
        }
        catch
        {
            GoBack(before);
            throw;
        }
        int last = (_oldest + _queued++) % DeviceTrainer.MostStarted;
        _queuedSamples[last] = samples;
        lossDivisors.CopyTo(_queuedDivisors.AsSpan(last * _lossDivisors.Length));
        _hasForward = true;
        EndGradientsOnDevice(adds: false);
        UpdateOnDevice(isMeasured: false);
        return _lastLoss;
    }

    // What was started comes back before anything else is done.
    private void TakeAll()
    {
        while (_queued > 0)
            TakeOldest(waits: true);
    }

    private bool TakeOldest(bool waits)
    {
        int oldest = _oldest;
        // One that failed is gone too.
        bool isGone = true;
        try
        {
            isGone = _device!.Take(waits, _losses);
        }
        finally
        {
            if (isGone)
            {
                _oldest = (oldest + 1) % DeviceTrainer.MostStarted;
                _queued--;
            }
        }
        int losses = _lossDivisors.Length;
        if (isGone)
            _lastLoss = BatchLoss(_queuedSamples[oldest], _queuedDivisors.AsSpan(oldest * losses, losses));
        return isGone;
    }

    private void ForwardOnDevice(int samples)
    {
        CheckStatistics(samples);
        Standing before = Stand();
        BeginOnDevice(samples);
        RunOnDevice(new DevicePass(DevicePassKind.Forward, samples, _seed, _step), before);
        _hasForward = true;
    }

    private float BackwardOnDevice(ReadOnlySpan<double> lossDivisors, bool wantsInputGradient)
    {
        Standing before = Stand();
        BeginLoss(lossDivisors);
        bool adds = AddsGradients;
        RunOnDevice(new DevicePass(DevicePassKind.Backward, _samples, _seed, _step, adds, wantsInputGradient), before);
        BeginGradientsOnDevice(adds);
        CheckOutput();
        EndGradientsOnDevice(adds);
        return BatchLoss();
    }

    private void BackwardFromOutputOnDevice(bool wantsInputGradient)
    {
        bool adds = AddsGradients;
        RunOnDevice(new DevicePass(DevicePassKind.FromOutput, _samples, _seed, _step, adds, wantsInputGradient), Stand());
        EndGradientsOnDevice(adds);
    }

    // As Begin does; batches that normalisations see are counted by the kernels.
    private void BeginOnDevice(int samples)
    {
        _hasForward = false;
        _hasGradients = AddsGradients;
        _samples = samples;
        _step++;
    }

    private void RunOnDevice(in DevicePass pass, in Standing before)
    {
        try
        {
            _device!.Run(pass, this, _lossScales, _losses);
        }
        catch
        {
            GoBack(before);
            throw;
        }
    }

    // Where a loss refuses the output, gradients that are not put aside are those of nothing.
    private void BeginGradientsOnDevice(bool adds)
    {
        if (!adds)
            _hasGradients = _hasPendingGradients = false;
    }

    private void EndGradientsOnDevice(bool adds)
    {
        if (adds)
            _device!.AddGradients();
        _hasGradients = _hasPendingGradients = true;
    }

    private void UpdateOnDevice(bool isMeasured)
    {
        _state.TryStep();
        try
        {
            if (_state.MeasuresGradients)
                _state.SumMeasured(_device!.MeasureGradients(isMeasured));
            _device!.Update();
        }
        catch
        {
            _state.TakeBackStep();
            throw;
        }
        _hasPendingGradients = false;
    }

    private Standing Stand()
    {
        TakeAll();
        return Now;
    }

    private Standing Now => new(_samples, _sampleLosses, _step, _hasForward, _hasGradients);

    // A pass that could not be done has left what was there; but where samples begin is of the call that failed.
    private void GoBack(in Standing before)
    {
        (_samples, _sampleLosses, _step, _hasForward, _hasGradients) = before;
        _hasForward &= _starts is null;
    }

    private readonly record struct Standing(int Samples, int SampleLosses, uint Step, bool HasForward, bool HasGradients);
}
