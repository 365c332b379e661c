using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// A network's parameters on a GPU, in PyTorch's order, and behind them what inference derives from them and tables: a copy of those of the
/// host, made anew by the first call that finds these changed. Calls that read them come in side by side; one that copies comes in alone.
/// </summary>
internal sealed unsafe class DeviceParameters
{
    private const long Nothing = -1;

    private readonly LoadedKernels _kernels;
    private readonly IReadOnlyList<Parameter> _list;
    private readonly long[] _places;
    private readonly DeviceBuffer _device;
    private readonly PinnedBuffer _host;
    private readonly ReaderWriterLockSlim _gate = new();
    private long _version = Nothing;

    /// <summary>Allocates their memory.</summary>
    /// <exception cref="CudaException">There is not so much.</exception>
    public DeviceParameters(LoadedKernels loaded, IReadOnlyList<Parameter> list)
    {
        (_kernels, _list) = (loaded, list);
        (CudaContext context, CudaKernels kernels) = (loaded.Context, loaded.Kernels);
        _places = kernels.ParameterPlaces.ToArray();
        long bytes = Math.Max(1, sizeof(float) * kernels.ParameterLength);
        _host = new PinnedBuffer(context, bytes, isMapped: false, $"the parameters of {kernels.Network}");
        _device = new DeviceBuffer(context, bytes, $"the parameters of {kernels.Network}");
        NativeMemory.Clear(_host.Pointer, (nuint)bytes);
        kernels.SetTables(new CudaTables((float*)_host.Pointer));
    }

    /// <summary>Where they lie on the GPU, as long as this object lives.</summary>
    public ulong Address => _device.Address;

    /// <summary>Begins to read them, as they are on the host now; <see cref="EndReading"/> ends it.</summary>
    /// <exception cref="CudaException">They cannot be copied; nobody reads then.</exception>
    public void BeginReading(AlignedBuffer source)
    {
        while (true)
        {
            _gate.EnterReadLock();
            if (Volatile.Read(ref _version) == source.Version)
                return;
            _gate.ExitReadLock();
            Copy(source);
        }
    }

    public void EndReading() => _gate.ExitReadLock();

    private void Copy(AlignedBuffer source)
    {
        _gate.EnterWriteLock();
        try
        {
            // Read before the parameters are: where they change meanwhile, the copy counts as old from the start.
            long version = source.Version;
            if (_version == version)
                return;
            _version = Nothing;
            CudaStream stream = _kernels.Copies;
            for (int i = 0; i < _places.Length; i++)
                _list[i].CopyTo(new Span<float>((float*)_host.Pointer + _places[i], _list[i].Length));
            stream.CopyToDevice(_device.Address, _host.Pointer, _host.Bytes);
            _kernels.Kernels.RecordPreparation(new CudaRecorder(_kernels, stream, _device.Address, values: 0, lengths: [], samples: 0));
            stream.Synchronize();
            _version = version;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
