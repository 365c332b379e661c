using System.Globalization;
using System.Runtime.InteropServices;
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

    private readonly LoadedKernels _kernels;
    private readonly DeviceParameters _parameters;
    private readonly AlignedBuffer _source;
    private readonly CudaStream _stream;
    private readonly DeviceBuffer _values;
    private readonly PinnedBuffer _host;
    private readonly Port[] _inputs, _outputs;

    // How many positions each sample has, of each of the network's lengths: on the host and on the GPU.
    private readonly long[] _lengthStarts;
    private readonly DeviceBuffer? _lengths;
    private readonly ulong[] _lengthAddresses;

    // The newest first.
    private readonly List<(int Samples, CudaGraph Graph)> _graphs = new(Graphs);

    /// <summary>Allocates memory for a number of samples.</summary>
    /// <exception cref="CudaException">There is not so much.</exception>
    public CudaSession(LoadedKernels kernels, INetwork network, AlignedBuffer parameters, int maxBatch)
    {
        (_kernels, _source) = (kernels, parameters);
        CudaContext context = kernels.Context;
        _parameters = kernels.ParametersOf(network, parameters);
        long start = 0;
        string[] axes = kernels.Kernels.Axes.ToArray();
        NetworkPort[] inputs = [.. network.Ports.Inputs.Where(port => !axes.Contains(port.Name))];
        _inputs = Ports(inputs, kernels.Kernels.InputPlaces, axes, maxBatch, ref start);
        _outputs = Ports(network.Ports.Outputs, kernels.Kernels.OutputPlaces, axes, maxBatch, ref start);
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
            _host = new PinnedBuffer(context, start, isMapped: false, "inputs and outputs");
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
        Schedule = string.Create(CultureInfo.InvariantCulture, $"{context.Device.Name}, Float32: {kernels.Functions.Length} kernels, "
            + $"{Megabytes(_values.Bytes):0.#} MB of activations, {Megabytes(sizeof(float) * kernels.Kernels.ParameterLength):0.#} MB of "
            + $"parameters");
    }

    public override string Schedule { get; }

    public override void Forward(int samples, SessionCore session)
    {
        for (int axis = 0; axis < _lengthStarts.Length; axis++)
        {
            int* starts = session.StartsOf(axis), lengths = (int*)(_host.Pointer + _lengthStarts[axis]);
            for (int sample = 0; sample < samples; sample++)
                lengths[sample] = starts[sample + 1] - starts[sample];
        }
        for (int i = 0; i < _inputs.Length; i++)
            _inputs[i].GiveRoom((byte*)session.PortAddress(i), _host.Pointer, samples, session);
        _parameters.BeginReading(_source);
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
        foreach ((_, CudaGraph graph) in _graphs)
            graph.Dispose();
        _graphs.Clear();
        _stream.Dispose();
        _values.Dispose();
        _lengths?.Dispose();
        _host.Dispose();
    }

    // Nothing is allocated where the graph is there.
    private CudaGraph GraphOf(int samples)
    {
        int at = 0;
        while (at < _graphs.Count && _graphs[at].Samples != samples)
            at++;
        if (at == _graphs.Count)
        {
            CudaGraph made = Capture(samples);
            if (at == Graphs)
            {
                at--;
                _graphs[at].Graph.Dispose();
                _graphs.RemoveAt(at);
            }
            _graphs.Insert(0, (samples, made));
        }
        else if (at > 0)
        {
            (int Samples, CudaGraph Graph) known = _graphs[at];
            _graphs.RemoveAt(at);
            _graphs.Insert(0, known);
        }
        return _graphs[0].Graph;
    }

    private CudaGraph Capture(int samples) => CudaGraph.Capture(_stream, () => Record(samples));

    private void Record(int samples)
    {
        for (int axis = 0; axis < _lengthStarts.Length; axis++)
            _stream.CopyToDevice(_lengthAddresses[axis], _host.Pointer + _lengthStarts[axis], sizeof(int) * (long)samples);
        foreach (Port input in _inputs)
            _stream.CopyToDevice(AddressOf(input, samples), _host.Pointer + input.Start, input.Bytes(samples));
        _kernels.Kernels.RecordForward(new CudaRecorder(_kernels, _stream, _parameters.Address, _values.Address, _lengthAddresses,
            samples));
        foreach (Port output in _outputs)
            _stream.CopyToHost(_host.Pointer + output.Start, AddressOf(output, samples), output.Bytes(samples));
    }

    private ulong AddressOf(Port port, int samples) => _values.Address + sizeof(float) * (ulong)(port.Place * samples);

    private static Port[] Ports(
        IReadOnlyList<NetworkPort> ports, ReadOnlySpan<long> places, string[] axes, int maxBatch, ref long start)
    {
        var own = new Port[ports.Count];
        for (int i = 0; i < own.Length; i++)
        {
            int axis = Array.IndexOf(axes, ports[i].Lengths);
            own[i] = new Port(start, places[i], ports[i].Size, axis, axis < 0 ? ports[i].Size : ports[i].Size / ports[i].Shape[0]);
            // Each at a cache line of its own.
            start += (own[i].Bytes(maxBatch) + 63) / 64 * 64;
        }
        return own;
    }

    private static double Megabytes(long bytes) => bytes / 1e6;

    /// <summary>An input or output.</summary>
    /// <param name="Start">Where it begins on the host, in bytes.</param>
    /// <param name="Place">Where it begins on the GPU, in floats for one sample.</param>
    /// <param name="Size">Values of a sample, of as many positions as it may have.</param>
    /// <param name="Axis">Which of the network's lengths says how many positions it has; below zero where it has as many as may be.</param>
    /// <param name="PerPosition">Values of a position.</param>
    private readonly record struct Port(long Start, long Place, int Size, int Axis, int PerPosition)
    {
        public long Bytes(int samples) => (long)sizeof(float) * Size * samples;

        /// <summary>From the caller, where samples follow one another, to where each has room for all positions; zeros behind.</summary>
        public void GiveRoom(byte* from, byte* host, int samples, SessionCore session)
        {
            byte* to = host + Start;
            if (Axis < 0)
            {
                Buffer.MemoryCopy(from, to, Bytes(samples), Bytes(samples));
                return;
            }
            int* starts = session.StartsOf(Axis);
            for (int sample = 0; sample < samples; sample++, to += Bytes(1))
            {
                long bytes = PositionBytes * (starts[sample + 1] - starts[sample]);
                Buffer.MemoryCopy(from + PositionBytes * starts[sample], to, bytes, bytes);
                NativeMemory.Clear(to + bytes, (nuint)(Bytes(1) - bytes));
            }
        }

        /// <summary>The way back.</summary>
        public void TakeRoom(byte* host, byte* to, int samples, SessionCore session)
        {
            byte* from = host + Start;
            if (Axis < 0)
            {
                Buffer.MemoryCopy(from, to, Bytes(samples), Bytes(samples));
                return;
            }
            int* starts = session.StartsOf(Axis);
            for (int sample = 0; sample < samples; sample++, from += Bytes(1))
            {
                long bytes = PositionBytes * (starts[sample + 1] - starts[sample]);
                Buffer.MemoryCopy(from, to + PositionBytes * starts[sample], bytes, bytes);
            }
        }

        private long PositionBytes => (long)sizeof(float) * PerPosition;
    }
}
