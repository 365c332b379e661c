using System.Globalization;
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
        _inputs = Ports(network.Ports.Inputs, kernels.Kernels.InputPlaces, maxBatch, ref start);
        _outputs = Ports(network.Ports.Outputs, kernels.Kernels.OutputPlaces, maxBatch, ref start);
        long perSample = sizeof(float) * kernels.Kernels.SampleLength;
        try
        {
            _values = new DeviceBuffer(context, perSample * maxBatch, $"the activations of {maxBatch:N0} samples", perSample);
            _host = new PinnedBuffer(context, start, isMapped: false, "inputs and outputs");
            _stream = new CudaStream(context);
        }
        catch
        {
            _values?.Dispose();
            _host?.Dispose();
            throw;
        }
        Schedule = string.Create(CultureInfo.InvariantCulture, $"{context.Device.Name}, Float32: {kernels.Functions.Length} kernels, "
            + $"{Megabytes(_values.Bytes):0.#} MB of activations, {Megabytes(sizeof(float) * kernels.Kernels.ParameterLength):0.#} MB of "
            + $"parameters");
    }

    public override string Schedule { get; }

    public override void Forward(int samples, SessionCore session)
    {
        for (int i = 0; i < _inputs.Length; i++)
            Copy(session.PortAddress(i), _host.Pointer + _inputs[i].Start, _inputs[i].Bytes(samples));
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
            Copy(_host.Pointer + _outputs[i].Start, session.PortAddress(_inputs.Length + i), _outputs[i].Bytes(samples));
    }

    public override void Dispose()
    {
        foreach ((_, CudaGraph graph) in _graphs)
            graph.Dispose();
        _graphs.Clear();
        _stream.Dispose();
        _values.Dispose();
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
        foreach (Port input in _inputs)
            _stream.CopyToDevice(AddressOf(input, samples), _host.Pointer + input.Start, input.Bytes(samples));
        _kernels.Kernels.RecordForward(new CudaRecorder(_kernels, _stream, _parameters.Address, _values.Address, samples));
        foreach (Port output in _outputs)
            _stream.CopyToHost(_host.Pointer + output.Start, AddressOf(output, samples), output.Bytes(samples));
    }

    private ulong AddressOf(Port port, int samples) => _values.Address + sizeof(float) * (ulong)(port.Place * samples);

    private static Port[] Ports(IReadOnlyList<NetworkPort> ports, ReadOnlySpan<long> places, int maxBatch, ref long start)
    {
        var own = new Port[ports.Count];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = new Port(start, places[i], ports[i].Size);
            // Each at a cache line of its own.
            start += (own[i].Bytes(maxBatch) + 63) / 64 * 64;
        }
        return own;
    }

    private static void Copy(void* from, void* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    private static double Megabytes(long bytes) => bytes / 1e6;

    /// <summary>An input or output.</summary>
    /// <param name="Start">Where it begins on the host, in bytes.</param>
    /// <param name="Place">Where it begins on the GPU, in floats for one sample.</param>
    /// <param name="Size">Values of a sample.</param>
    private readonly record struct Port(long Start, long Place, int Size)
    {
        public long Bytes(int samples) => (long)sizeof(float) * Size * samples;
    }
}
