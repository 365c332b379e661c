namespace NetGen.CompilerServices;

/// <content>What a training loop needs besides steps: to stand where it stood before, and to tell what went wrong.</content>
public abstract unsafe partial class TrainerCore
{
    // Running statistics and counts of batches, which a forward pass moves: where they lie, and what they were before the last pass where
    // a loop asks for that.
    private (nint Offset, int Length)[]? _statistics;
    private float[] _keptStatistics = [];
    private volatile bool _refusesUpdates;

    /// <summary>The number of threads was chosen by the work of a step.</summary>
    internal bool ChoseThreads { get; }

    /// <summary>How many losses the network has, of which <see cref="RunStep(int, double)"/> returns the sum.</summary>
    internal int LossCount => _lossFactors.Length;

    /// <summary>
    /// From now on a step whose loss is not finite leaves the parameters and what the optimiser remembers as they are, and
    /// <see cref="TakeBackForward"/> takes back what its forward pass has changed; or no longer.
    /// </summary>
    internal bool RefusesUpdates
    {
        get => _refusesUpdates;

        set
        {
            if (_device is not null)
                _device.KeepsStatistics = value;
            else if (value && _statistics is null)
            {
                (nint Offset, int Length)[] ranges =
                [
                    .. _network.Parameters
                        .Where(parameter => !parameter.IsFrozen && !parameter.IsWeightOrBias && parameter.Storage == _parameters)
                        .Select(parameter => (parameter.Offset, (int)parameter.StoredFloats)),
                ];
                _keptStatistics = new float[ranges.Sum(range => range.Length)];
                _statistics = ranges;
            }
            _refusesUpdates = value;
        }
    }

    /// <summary>
    /// Takes back what the last forward pass has done to running statistics and counts: it was that of a step that was refused.
    /// </summary>
    internal void TakeBackForward()
    {
        using Call call = Enter();
        if (_device is not null)
            _device.TakeBackStatistics();
        else
            RestoreStatistics();
        // Dropout draws as if it had not been.
        _step--;
        _hasForward = _hasGradients = _hasPendingGradients = false;
        GC.KeepAlive(this);
    }

    private void RestoreStatistics()
    {
        int next = 0;
        foreach ((nint offset, int length) in _statistics ?? [])
        {
            _keptStatistics.AsSpan(next, length).CopyTo(new Span<float>(_parameters.Pointer + offset, length));
            next += length;
        }
        _parameters.Touch();
    }

    private void KeepStatistics()
    {
        int next = 0;
        foreach ((nint offset, int length) in _statistics!)
        {
            new ReadOnlySpan<float>(_parameters.Pointer + offset, length).CopyTo(_keptStatistics.AsSpan(next, length));
            next += length;
        }
    }

    /// <summary>
    /// One of the losses of the last step or backward pass, its factor and all, and which sample is the first without one.
    /// </summary>
    /// <param name="loss">Which of the losses.</param>
    internal (double Value, int? Sample) LossOf(int loss)
    {
        double sum = 0;
        int? first = null;
        for (int i = 0; i < _sampleLosses; i++)
        {
            double one = _losses[loss * BatchSize + i];
            sum += one;
            if (first is null && !double.IsFinite(one))
                first = i;
        }
        return (_lossFactors[loss] * (sum / _lossDivisors[loss]), first);
    }

    /// <summary>All that a step changes, to be gone back to.</summary>
    internal Snapshot Capture()
    {
        using Call call = Enter();
        return new Snapshot(this);
    }

    /// <summary>A trainer and its network as they were at some time.</summary>
    internal sealed class Snapshot : IDisposable
    {
        private readonly TrainerCore _core;
        private readonly AlignedBuffer _parameters;
        private readonly OptimizerState.Memory _state;
        private readonly ulong _seed;
        private readonly uint _step;

        public Snapshot(TrainerCore core)
        {
            _core = core;
            _parameters = Copy(core._parameters);
            _state = core._state.Remember();
            (_seed, _step) = (core._seed, core._step);
        }

        /// <summary>Everything becomes what it was. A backward pass needs a forward pass anew, and an update a backward pass.</summary>
        public void Restore()
        {
            using Call call = _core.Enter();
            CopyTo(_parameters, _core._parameters);
            _core._state.GoBack(_state);
            (_core._seed, _core._step) = (_seed, _step);
            _core._hasForward = _core._hasGradients = _core._hasPendingGradients = false;
            _core._parameters.Touch();
        }

        public void Dispose()
        {
            _parameters.Dispose();
            _state.Dispose();
        }

        internal static AlignedBuffer Copy(AlignedBuffer buffer)
        {
            var copy = new AlignedBuffer(buffer.Length);
            CopyTo(buffer, copy);
            return copy;
        }

        internal static void CopyTo(AlignedBuffer from, AlignedBuffer to)
        {
            Buffer.MemoryCopy(from.Pointer, to.Pointer, to.Length * sizeof(float), from.Length * sizeof(float));
            GC.KeepAlive(from);
            GC.KeepAlive(to);
        }
    }
}
