using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <content>The passes, phase by phase over all threads.</content>
public abstract unsafe partial class TrainerCore
{
    // Work that the threads do side by side; between two phases all wait for the last. Behind these come the parts of passes, a phase each.
    private const int ForwardPhase = 0, BackwardPhase = 1, StepPhase = 2, WeightGradientPhase = 3, UpdatePhase = 4, PreparePhase = 5,
        GradientNormPhase = 6, LossOfBatchPhase = 7, AddGradientsPhase = 8, FirstPart = 9;

    /// <summary>A whole step: forward, loss, backward and the optimiser's update.</summary>
    /// <param name="samples">Number of samples, from 1 to <see cref="BatchSize"/>.</param>
    /// <param name="lossDivisor">What the sum of the losses is divided by.</param>
    /// <returns>The loss of the batch, before the update.</returns>
    /// <exception cref="ArgumentException">The batch gives a normalisation too few samples; nothing was changed.</exception>
    /// <exception cref="ArithmeticException">
    /// The output is outside of what the loss is defined for; parameters and optimiser are unchanged.
    /// </exception>
    protected float RunStep(int samples, double lossDivisor) => RunStep(samples, new ReadOnlySpan<double>(in lossDivisor));

    /// <summary>A whole step: forward, losses, backward and the optimiser's update.</summary>
    /// <param name="samples">Number of samples, from 1 to <see cref="BatchSize"/>.</param>
    /// <param name="lossDivisors">For each loss what the sum over the samples is divided by.</param>
    /// <returns>The sum of the losses of the batch, before the update.</returns>
    /// <exception cref="ArgumentException">The batch gives a normalisation too few samples; nothing was changed.</exception>
    /// <exception cref="ArithmeticException">
    /// The output is outside of what the loss is defined for; parameters and optimiser are unchanged.
    /// </exception>
    protected float RunStep(int samples, ReadOnlySpan<double> lossDivisors)
    {
        if (_device is not null)
            return StepOnDevice(samples, lossDivisors);
        Begin(samples);
        BeginLoss(lossDivisors);
        BeginGradients();
        Prepare(wantsInputGradient: false);
        RunParts(0, _plan.ForwardParts);
        _beginsAtLoss = true;
        _pool.Run(this, StepPhase);
        if (_plan.LossReadsBatch)
            RunFromLoss();
        RunParts(_plan.ForwardParts, _plan.BackwardParts);
        CheckOutput();
        RunWeightGradients();
        _hasForward = true;
        float loss = BatchLoss();
        // Nobody wants the update by a loss that is none, where who steps asks for that.
        if (_threadWithoutUpdate != Environment.CurrentManagedThreadId && (!_refusesUpdates || float.IsFinite(loss)))
            ApplyUpdate();
        else if (_plan.ForwardParts > 0)
            _parameters.Touch();
        return loss;
    }

    /// <summary>The forward pass of training.</summary>
    /// <param name="samples">Number of samples, from 1 to <see cref="BatchSize"/>.</param>
    /// <exception cref="ArgumentException">The batch gives a normalisation too few samples; nothing was changed.</exception>
    protected void RunForward(int samples)
    {
        if (_device is not null)
        {
            ForwardOnDevice(samples);
            return;
        }
        Begin(samples);
        Prepare(wantsInputGradient: false);
        RunParts(0, _plan.ForwardParts);
        _pool.Run(this, ForwardPhase);
        // Running statistics have moved.
        if (_plan.ForwardParts > 0)
            _parameters.Touch();
        _hasForward = true;
    }

    /// <summary>Loss and gradients of the last forward pass.</summary>
    /// <param name="lossDivisor">What the sum of the losses is divided by.</param>
    /// <param name="wantsInputGradient">The input's gradient is asked for.</param>
    /// <returns>The loss of the batch.</returns>
    /// <exception cref="ArithmeticException">
    /// The output is outside of what the loss is defined for; parameters and optimiser are unchanged.
    /// </exception>
    protected float RunBackward(double lossDivisor, bool wantsInputGradient)
        => RunBackward(new ReadOnlySpan<double>(in lossDivisor), wantsInputGradient);

    /// <summary>Losses and gradients of the last forward pass.</summary>
    /// <param name="lossDivisors">For each loss what the sum over the samples is divided by.</param>
    /// <param name="wantsInputGradient">The gradient of an input is asked for.</param>
    /// <returns>The sum of the losses of the batch.</returns>
    /// <exception cref="ArithmeticException">
    /// The output is outside of what the loss is defined for; parameters and optimiser are unchanged.
    /// </exception>
    protected float RunBackward(ReadOnlySpan<double> lossDivisors, bool wantsInputGradient)
    {
        if (_device is not null)
            return BackwardOnDevice(lossDivisors, wantsInputGradient);
        BeginLoss(lossDivisors);
        _beginsAtLoss = true;
        RunBackwardPhases(wantsInputGradient);
        CheckOutput();
        RunWeightGradients();
        return BatchLoss();
    }

    /// <summary>Gradients of the last forward pass, from a gradient of its output that the caller gives.</summary>
    /// <param name="wantsInputGradient">The input's gradient is asked for.</param>
    protected void RunBackwardFromOutput(bool wantsInputGradient)
    {
        if (_device is not null)
        {
            BackwardFromOutputOnDevice(wantsInputGradient);
            return;
        }
        _beginsAtLoss = false;
        RunBackwardPhases(wantsInputGradient);
        RunWeightGradients();
    }

    /// <summary>Forward pass of a worker's samples; its last part, where it comes in parts.</summary>
    /// <param name="share">The samples, at least one.</param>
    protected abstract void ComputeForward(in Share share);

    /// <summary>Writes the output of a worker's samples to the caller's memory, if the caller gave any.</summary>
    /// <param name="share">The samples, at least one.</param>
    protected abstract void StoreOutput(in Share share);

    /// <summary>
    /// A worker's part of what losses need of the whole batch. Only for networks with a loss that reads it: then the forward pass has ended
    /// on all threads, and none computes a loss yet.
    /// </summary>
    /// <param name="share">The worker; its samples, which may be none.</param>
    protected virtual void ComputeLossOfBatch(in Share share) => throw new NotSupportedException("No loss reads the whole batch.");

    /// <summary>Loss of each of a worker's samples, and the gradient of the output. Only for networks with a loss.</summary>
    /// <param name="share">The samples, at least one.</param>
    protected virtual void ComputeLoss(in Share share) => throw new NotSupportedException("This network has no loss.");

    /// <summary>Reads the gradient of the output of a worker's samples from the caller's memory.</summary>
    /// <param name="share">The samples, at least one.</param>
    protected abstract void LoadOutputGradient(in Share share);

    /// <summary>
    /// Gradients of a worker's activations; the first part, where the pass comes in parts. Nothing where the whole batch is needed at
    /// once.
    /// </summary>
    /// <param name="share">The samples, at least one.</param>
    protected virtual void ComputeBackward(in Share share)
    {
    }

    /// <summary>A part of the forward or backward pass. Only for networks whose passes come in parts.</summary>
    /// <param name="part">Its number: first those of the forward pass, then those of the backward pass.</param>
    /// <param name="share">The samples, which may be none.</param>
    protected virtual void ComputePart(int part, in Share share)
        => throw new NotSupportedException("The passes of this network are in one part.");

    /// <summary>A worker's part of the gradients of all parameters, over all samples.</summary>
    /// <param name="share">The worker.</param>
    protected abstract void ComputeWeightGradients(in Share share);

    /// <summary>A worker's part of what the passes derive from the parameters.</summary>
    /// <param name="share">The worker.</param>
    protected abstract void PrepareWeights(in Share share);

    void IParallelWork.Execute(int phase, int worker, int workers)
    {
        var share = new Share(this, worker, workers);
        switch (phase)
        {
            case ForwardPhase:
                if (share.Count > 0)
                {
                    ComputeForward(share);
                    StoreOutput(share);
                }
                break;
            case StepPhase:
                if (share.Count > 0)
                {
                    ComputeForward(share);
                    if (_plan.LossReadsBatch)
                        break;
                    ComputeLoss(share);
                    ComputeBackward(share);
                }
                break;
            case BackwardPhase:
                if (share.Count > 0)
                {
                    if (_beginsAtLoss)
                        ComputeLoss(share);
                    else
                        LoadOutputGradient(share);
                    ComputeBackward(share);
                }
                break;
            case WeightGradientPhase:
                ComputeWeightGradients(share);
                break;
            case UpdatePhase:
                _state.Update(share.Parameters, _gradients.Pointer, worker, workers, _plan.Tables, _ownPasses);
                break;
            case AddGradientsPhase:
                AddGradients(worker, workers);
                break;
            case PreparePhase:
                PrepareWeights(share);
                break;
            case LossOfBatchPhase:
                ComputeLossOfBatch(share);
                break;
            case GradientNormPhase:
                _state.MeasureGradients(_gradients.Pointer, worker, workers);
                break;
            default:
                ComputePart(phase - FirstPart, share);
                break;
        }
        // The kernels know pointers only: nothing may be finalised before they are done.
        GC.KeepAlive(this);
    }

    private void CheckStatistics(int samples)
    {
        if (_plan.NeedsSeveralSamples is { } layer)
            Guard.BatchStatistics(samples, layer, "input");
    }

    // A step of training begins: dropout draws anew.
    private void Begin(int samples)
    {
        CheckStatistics(samples);
        _hasForward = false;
        // What further passes will be added to is there to be updated by all the same.
        _hasGradients = _accumulatesGradients && _hasPendingGradients;
        _samples = samples;
        if (_refusesUpdates && _keptStatistics.Length > 0)
            KeepStatistics();
        _step++;
        foreach (long counter in _plan.BatchCounters)
            BatchNormalization.CountBatch(_parameters.Pointer + counter);
    }

    private void BeginLoss(ReadOnlySpan<double> divisors)
    {
        for (int loss = 0; loss < _lossFactors.Length; loss++)
        {
            _lossDivisors[loss] = divisors[loss];
            _lossScales[loss] = (float)(_gradientFactor * _lossFactors[loss] / divisors[loss]);
        }
        _sampleLosses = 0;
    }

    private void Prepare(bool wantsInputGradient)
    {
        _wantsInputGradient = wantsInputGradient;
        if (wantsInputGradient && _arena.Length < _plan.RowLength * _capacity)
            ExtendArena();
        _pool.Run(this, PreparePhase);
    }

    // For the first gradient of an input through a frozen part. What is there stays where it is, relative to the start.
    private void ExtendArena()
    {
        var whole = new AlignedBuffer((nint)(_plan.RowLength * _capacity));
        NativeMemory.Copy(_arena.Pointer, whole.Pointer, (nuint)_arena.Length * sizeof(float));
        _arena.Dispose();
        _arena = whole;
    }

    private void RunBackwardPhases(bool wantsInputGradient)
    {
        BeginGradients();
        Prepare(wantsInputGradient);
        RunFromLoss();
        RunParts(_plan.ForwardParts, _plan.BackwardParts);
    }

    // The loss, unless the caller has given the gradient of the output, and the first part of the backward pass.
    private void RunFromLoss()
    {
        if (_plan.LossReadsBatch && _beginsAtLoss)
            _pool.Run(this, LossOfBatchPhase);
        _pool.Run(this, BackwardPhase);
    }

    private void RunParts(int first, int count)
    {
        for (int part = first; part < first + count; part++)
            _pool.Run(this, FirstPart + part);
    }

    private void RunWeightGradients()
    {
        BeginTables();
        if (_plan.GradientsMeet)
            _pool.RunMeeting(this, WeightGradientPhase);
        else
            _pool.Run(this, WeightGradientPhase);
        EndGradients();
    }

    private void CheckOutput()
    {
        if (_plan.OutputRequirement is { } requirement)
            Guard.OutputAllowed(new ReadOnlySpan<double>(_losses, 0, _samples), requirement);
        if (_plan.OutputRequirements is not { } requirements)
            return;
        for (int loss = 0; loss < requirements.Length; loss++)
        {
            if (requirements[loss] is { } required)
                Guard.OutputAllowed(new ReadOnlySpan<double>(_losses, loss * BatchSize, _samples), required);
        }
    }

    // Clipping by norm needs the sum over all threads before the first of them updates.
    private void ApplyUpdate()
    {
        if (_device is not null)
        {
            UpdateOnDevice(isMeasured: false);
            return;
        }
        SeeCallersGradients();
        _state.BeginStep();
        if (_state.MeasuresGradients)
        {
            _pool.Run(this, GradientNormPhase);
            _state.SumGradients();
        }
        _pool.Run(this, UpdatePhase);
        // Clipping by a norm that is none has made NaN of zeros.
        if (!_state.KeepsZeros)
        {
            TouchTables();
            _state.ClearPadding(_parameters, _gradients);
        }
        _hasPendingGradients = false;
        _parameters.Touch();
    }

    // In the order of the samples, so that the sum does not depend on the threads.
    private float BatchLoss() => _lastLoss = BatchLoss(_samples, _lossDivisors);

    private float BatchLoss(int samples, ReadOnlySpan<double> divisors)
    {
        _sampleLosses = samples;
        double total = 0;
        for (int loss = 0; loss < _lossFactors.Length; loss++)
        {
            double sum = 0;
            for (int i = loss * BatchSize; i < loss * BatchSize + samples; i++)
                sum += _losses[i];
            total += _lossFactors[loss] * (sum / divisors[loss]);
        }
        return (float)total;
    }
}
