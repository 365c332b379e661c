using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <content>The passes: what goes to the GPU, what is launched there, what comes back.</content>
internal sealed unsafe partial class CudaTrainer
{
    /// <inheritdoc/>
    public override void Run(in DevicePass pass, IDeviceCaller caller, ReadOnlySpan<float> scales, double[] losses)
    {
        lock (_gate)
        {
            // Those that were started have been taken; one that an error has left behind still reads what is written now.
            Launch(pass, caller, scales, slot: 0);
            _isBusy = true;
            try
            {
                _stream.Synchronize();
            }
            catch
            {
                Distrust();
                throw;
            }
            _isBusy = false;
            _optimizer.Settle(_optimizer.Steps);
            SayWhatChanges(pass);
            TakeResults(pass, caller, losses);
        }
    }

    /// <inheritdoc/>
    public override void Start(in DevicePass pass, IDeviceCaller caller, ReadOnlySpan<float> scales)
    {
        lock (_gate)
        {
            int slot = (int)(_started % Slots);
            if (slot > 0)
                _secondHost ??= Own(AllocateHost());
            Launch(pass, caller, scales, slot);
            (_startedSamples[slot], _stepsBefore[slot]) = (pass.Samples, _optimizer.Steps);
            _started++;
            SayWhatChanges(pass);
            Mark(_isDone[slot]);
        }
    }

    /// <inheritdoc/>
    public override bool Take(bool waits, double[] losses)
    {
        lock (_gate)
        {
            int slot = (int)(_taken++ % Slots);
            try
            {
                if (!waits && !_isDone[slot].IsDone)
                {
                    _taken--;
                    return false;
                }
                _isDone[slot].Synchronize();
            }
            catch
            {
                Distrust();
                throw;
            }
            _optimizer.Settle(_stepsBefore[slot]);
            TakeLosses(HostOf(slot), _startedSamples[slot], losses);
            return true;
        }
    }

    // What is in the stream cannot be taken back: where it cannot be marked, it is waited for, and what was marked before is done.
    private void Mark(CudaEvent isDone)
    {
        try
        {
            isDone.Record(_stream);
        }
        catch (CudaException)
        {
            _isBusy = true;
            _stream.Synchronize();
            _isBusy = false;
        }
    }

    // Puts a pass into the stream. On any error nothing of it is there.
    private void Launch(in DevicePass pass, IDeviceCaller caller, ReadOnlySpan<float> scales, int slot)
    {
        if (_isBusy)
            _stream.Synchronize();
        _isBusy = false;
        _parameters.BringToDevice();
        uint targets = Give(pass, caller, scales, HostOf(slot));
        var key = new Key(pass.Kind, pass.Samples, targets, pass.PutsAside ? _further!.Address : 0, pass.WantsInputGradient,
            _keepsStatistics && BeginsAtInput(pass.Kind), pass.Measures ? _optimizer.SeeFrozen() : -1, slot);
        if (!_graphs.TryGet(key, out CudaGraph? graph))
            _graphs.Add(key, graph = Capture(key));
        graph.Launch(_stream);
    }

    private void SayWhatChanges(in DevicePass pass)
    {
        if (BeginsAtInput(pass.Kind) && (_statistics.Length > 0 || _training.ForwardScalesTables))
            _parameters.HasChanged();
        if (pass.Kind != DevicePassKind.Forward && !pass.PutsAside)
            _gradients.HasChanged();
    }

    private void Distrust()
    {
        _parameters.Distrust();
        _gradients.Distrust();
    }

    private byte* HostOf(int slot) => slot == 0 ? _host.Pointer : _secondHost!.Pointer;

    private static bool BeginsAtInput(DevicePassKind kind) => kind is DevicePassKind.Forward or DevicePassKind.Step;

    private static bool HasLoss(DevicePassKind kind) => kind is DevicePassKind.Step or DevicePassKind.Backward;

    // The ports of a call, one kind behind the other.
    private int FirstOutput => _inputs.Length;

    private int FirstOutputGradient => FirstOutput + _outputs.Length;

    private int FirstInputGradient => FirstOutputGradient + _outputGradients.Length;

    private int FirstTarget => FirstInputGradient + _inputGradients.Length;

    // From the caller's memory to that from which the graph copies. Gives a bit for each target.
    private uint Give(in DevicePass pass, IDeviceCaller caller, ReadOnlySpan<float> scales, byte* host)
    {
        var random = (uint*)(host + _blockStart);
        (random[0], random[1], random[2], random[3]) = ((uint)pass.Seed, (uint)(pass.Seed >> 32), pass.Step, 0);
        var factors = new Span<float>(host + _blockStart + RandomBytes, _losses);
        factors.Clear();
        scales.CopyTo(factors);
        if (BeginsAtInput(pass.Kind))
        {
            for (int axis = 0; axis < _lengthAddresses.Length; axis++)
            {
                int* starts = caller.StartsOf(axis), lengths = (int*)(host + _lengthStart + axis * _lengthBytes);
                for (int sample = 0; sample < pass.Samples; sample++)
                    lengths[sample] = starts[sample + 1] - starts[sample];
            }
            for (int i = 0; i < _inputs.Length; i++)
                _inputs[i].GiveRoom((byte*)caller.PortAddress(i), host, pass.Samples, caller);
        }
        for (int i = 0; i < _outputGradients.Length && pass.Kind == DevicePassKind.FromOutput; i++)
        {
            var gradient = (byte*)caller.PortAddress(FirstOutputGradient + i);
            if (gradient != null)
                _outputGradients[i].GiveRoom(gradient, host, pass.Samples, caller);
            else
                NativeMemory.Clear(host + _outputGradients[i].Start, (nuint)_outputGradients[i].Bytes(pass.Samples));
        }
        uint targets = 0;
        for (int i = 0; i < _targets.Length && HasLoss(pass.Kind); i++)
        {
            var target = (byte*)caller.PortAddress(FirstTarget + i);
            if (target == null)
                continue;
            _targets[i].GiveRoom(target, host, pass.Samples, caller);
            targets |= 1u << i;
        }
        return targets;
    }

    private CudaGraph Capture(Key key) => CudaGraph.Capture(_stream, () => Record(key));

    private void Record(Key key)
    {
        byte* host = HostOf(key.Slot);
        _stream.CopyToDevice(_block.Address, host + _blockStart, _block.Bytes);
        if (key.Keeps)
            RecordKeeping();
        if (BeginsAtInput(key.Kind))
        {
            for (int axis = 0; axis < _lengthAddresses.Length; axis++)
                _stream.CopyToDevice(_lengthAddresses[axis], host + _lengthStart + axis * _lengthBytes, sizeof(int) * (long)key.Samples);
            foreach (DevicePort input in _inputs)
                CopyToDevice(input, key);
        }
        for (int i = 0; i < _targets.Length; i++)
        {
            if ((key.Targets >> i & 1) != 0)
                CopyToDevice(_targets[i], key);
        }
        if (key.Kind == DevicePassKind.FromOutput)
        {
            foreach (DevicePort gradient in _outputGradients)
                CopyToDevice(gradient, key);
        }
        RecordLaunches(key);
        if (key.Kind == DevicePassKind.Forward)
        {
            foreach (DevicePort output in _outputs)
                CopyToHost(output, key);
        }
        foreach (DevicePort gradient in _inputGradients)
        {
            if (key.WantsInputGradient && gradient.Place >= 0)
                CopyToHost(gradient, key);
        }
        for (long loss = 0; loss < _losses && HasLoss(key.Kind); loss++)
        {
            long start = sizeof(double) * loss * _batchSize;
            _stream.CopyToHost(host + _lossStart + start, _lossBuffer.Address + (ulong)start, sizeof(double) * (long)key.Samples);
        }
        if (key.Measured >= 0)
            _optimizer.RecordSquares(_stream);
    }

    private void RecordLaunches(Key key)
    {
        CudaTrainingMemory memory = key.Further == 0 ? _memory : _memory with { Gradients = key.Further };
        var gpu = new CudaRecorder(_kernels, _stream, _parameters.Address, _values.Address, _lengthAddresses, key.Samples, memory,
            key.Targets);
        // Before a backward pass too: parameters may have been written since the forward pass.
        _training.RecordPreparation(gpu);
        if (BeginsAtInput(key.Kind))
            _training.RecordForward(gpu);
        if (HasLoss(key.Kind))
            _training.RecordLoss(gpu);
        if (key.Kind != DevicePassKind.Forward)
            _training.RecordBackward(gpu);
        if (key.WantsInputGradient)
            _training.RecordInputGradients(gpu);
    }

    private void RecordKeeping()
    {
        byte* kept = _keptStatistics is null ? null : _keptStatistics.Pointer;
        foreach ((long start, long length) in _statistics)
        {
            _stream.CopyToHost(kept, _parameters.Address + sizeof(float) * (ulong)start, sizeof(float) * length);
            kept += sizeof(float) * length;
        }
    }

    private void TakeResults(in DevicePass pass, IDeviceCaller caller, double[] losses)
    {
        byte* host = _host.Pointer;
        for (int i = 0; i < _outputs.Length && pass.Kind == DevicePassKind.Forward; i++)
        {
            var output = (byte*)caller.PortAddress(FirstOutput + i);
            if (output != null)
                _outputs[i].TakeRoom(host, output, pass.Samples, caller);
        }
        for (int i = 0; i < _inputGradients.Length && pass.WantsInputGradient; i++)
        {
            var gradient = (byte*)caller.PortAddress(FirstInputGradient + i);
            if (gradient != null)
                _inputGradients[i].TakeRoom(host, gradient, pass.Samples, caller);
        }
        if (HasLoss(pass.Kind))
            TakeLosses(host, pass.Samples, losses);
    }

    private void TakeLosses(byte* host, int samples, double[] losses)
    {
        for (int loss = 0; loss < _losses; loss++)
        {
            int first = loss * _batchSize;
            new ReadOnlySpan<double>((double*)(host + _lossStart) + first, samples).CopyTo(losses.AsSpan(first));
        }
    }

    private void CopyToDevice(DevicePort port, Key key)
        => _stream.CopyToDevice(AddressOf(port, key.Samples), HostOf(key.Slot) + port.Start, port.Bytes(key.Samples));

    private void CopyToHost(DevicePort port, Key key)
        => _stream.CopyToHost(HostOf(key.Slot) + port.Start, AddressOf(port, key.Samples), port.Bytes(key.Samples));

    private ulong AddressOf(DevicePort port, int samples) => _values.Address + sizeof(float) * (ulong)(port.Place * samples);
}
