using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// Inference on a GPU: a pass is one graph, with the copies of inputs and outputs in it. A graph is of a number of samples; the last few
/// numbers have theirs ready.
/// </summary>
internal sealed unsafe class CudaSession : DeviceSession
{
    /// <summary>Numbers of samples whose graphs are kept.</summary>
    private const int Graphs = 8;

    private readonly CudaKernels _passes;
    private readonly LaunchedKernels _kernels;
    private readonly DeviceParameters _parameters;
    private readonly CudaStream _stream;
    private readonly DeviceBuffer _values;
    private readonly PinnedBuffer _host;
    private readonly DevicePort[] _inputs, _outputs;

    // How many positions each sample has, of each of the network's lengths: on the host and on the GPU.
    private readonly long[] _lengthStarts;
    private readonly DeviceBuffer? _lengths;
    private readonly ulong[] _lengthAddresses;

    private readonly CudaGraphs<int> _graphs = new(Graphs);

    /// <summary>Allocates memory for a number of samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Kernels do not count so far.</exception>
    /// <exception cref="CudaException">There is not so much.</exception>
    public CudaSession(LoadedKernels kernels, Precision precision, INetwork network, AlignedBuffer parameters, int maxBatch)
    {
        (_passes, _kernels) = (kernels.Kernels, kernels.In(precision));
        CudaContext context = kernels.Context;
        _parameters = kernels.ParametersOf(network, parameters);
        long start = 0;
        string[] axes = kernels.Kernels.Axes.ToArray();
        _passes.CheckBatch(_kernels, maxBatch, axes.Length, nameof(maxBatch));
        NetworkPort[] inputs = [.. network.Ports.Inputs.Where(port => !axes.Contains(port.Name))];
        _inputs = DevicePort.Of(inputs, kernels.Kernels.InputPlaces, axes, maxBatch, ref start);
        _outputs = DevicePort.Of(network.Ports.Outputs, kernels.Kernels.OutputPlaces, axes, maxBatch, ref start);
        _lengthStarts = new long[axes.Length];
        long lengthBytes = (sizeof(int) * (long)maxBatch + 63) / 64 * 64;
        for (int axis = 0; axis < axes.Length; axis++, start += lengthBytes)
            _lengthStarts[axis] = start;
        long perSample = sizeof(float) * kernels.Kernels.SampleLength;
        try
        {
            _values = new DeviceBuffer(context, perSample * maxBatch, $"the activations of {maxBatch:N0} samples", perSample);
            if (axes.Length > 0)
                _lengths = new DeviceBuffer(context, axes.Length * lengthBytes, "lengths of samples");
            _host = new PinnedBuffer(context, start, "inputs and outputs");
            _stream = new CudaStream(context);
        }
        catch
        {
            _values?.Dispose();
            _lengths?.Dispose();
            _host?.Dispose();
            throw;
        }
        _lengthAddresses = [.. axes.Select((_, axis) => _lengths!.Address + (ulong)(axis * lengthBytes))];
        Schedule = _kernels.Schedule(context, precision, _values.Bytes, _passes.ParameterLength);
    }

    public override string Schedule { get; }

    public override void Forward(int samples, IDeviceCaller session)
    {
        for (int axis = 0; axis < _lengthStarts.Length; axis++)
        {
            int* starts = session.StartsOf(axis), lengths = (int*)(_host.Pointer + _lengthStarts[axis]);
            for (int sample = 0; sample < samples; sample++)
                lengths[sample] = starts[sample + 1] - starts[sample];
        }
        for (int i = 0; i < _inputs.Length; i++)
            _inputs[i].GiveRoom((byte*)session.PortAddress(i), _host.Pointer, samples, session);
        _parameters.BeginReading();
        try
        {
            CudaGraph graph = GraphOf(samples);
            graph.Launch(_stream);
            _stream.Synchronize();
        }
        finally
        {
            _parameters.EndReading();
        }
        for (int i = 0; i < _outputs.Length; i++)
            _outputs[i].TakeRoom(_host.Pointer, (byte*)session.PortAddress(_inputs.Length + i), samples, session);
    }

    public override void Dispose()
    {
        _graphs.Dispose();
        _stream.Dispose();
        _values.Dispose();
        _lengths?.Dispose();
        _host.Dispose();
    }

    private CudaGraph GraphOf(int samples)
    {
        if (!_graphs.TryGet(samples, out CudaGraph? graph))
            _graphs.Add(samples, graph = Capture(samples));
        return graph;
    }

    // By itself, since who captures a variable allocates also where the graph is there.
    private CudaGraph Capture(int samples) => CudaGraph.Capture(_stream, () => Record(samples));

    private void Record(int samples)
    {
        for (int axis = 0; axis < _lengthStarts.Length; axis++)
            _stream.CopyToDevice(_lengthAddresses[axis], _host.Pointer + _lengthStarts[axis], sizeof(int) * (long)samples);
        foreach (DevicePort input in _inputs)
            _stream.CopyToDevice(AddressOf(input, samples), _host.Pointer + input.Start, input.Bytes(samples));
        _passes.RecordForward(new CudaRecorder(_kernels, _stream, _parameters.Address, _values.Address, _lengthAddresses,
            samples));
        foreach (DevicePort output in _outputs)
            _stream.CopyToHost(_host.Pointer + output.Start, AddressOf(output, samples), output.Bytes(samples));
    }

    private ulong AddressOf(DevicePort port, int samples) => _values.Address + sizeof(float) * (ulong)(port.Place * samples);
}
