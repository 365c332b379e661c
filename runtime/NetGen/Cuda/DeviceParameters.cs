using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// A network's parameters on a GPU, in PyTorch's order, and behind them what inference derives from them and tables: a copy of those of the
/// host, made anew by the first call that finds these changed. Calls that read them come in side by side; one that copies comes in alone.
/// </summary>
internal sealed unsafe class DeviceParameters
{
    private readonly LoadedKernels _kernels;
    private readonly DeviceCopy _copy;
    private readonly ReaderWriterLockSlim _gate = new();

    /// <summary>Allocates their memory, and copies tables.</summary>
    /// <exception cref="CudaException">There is not so much.</exception>
    public DeviceParameters(LoadedKernels loaded, INetwork network, AlignedBuffer source)
    {
        _kernels = loaded;
        var transfers = new DeviceTransfers(loaded.Copies, Staging(loaded), new object());
        _copy = new DeviceCopy(transfers, source, network.Parameters, loaded.Kernels.ParameterPlaces.ToArray(),
            Allocate(loaded, transfers), What(loaded.Kernels));
    }

    /// <summary>Where they lie on the GPU, as long as this object lives.</summary>
    public ulong Address => _copy.Address;

    /// <summary>What messages call them.</summary>
    public static string What(CudaKernels kernels) => $"The parameters of {kernels.Network}";

    /// <summary>Memory of the host for parameters and tables on their way, with the tables in it.</summary>
    public static PinnedBuffer Staging(LoadedKernels loaded)
    {
        long bytes = Bytes(loaded);
        var staging = new PinnedBuffer(loaded.Context, bytes, $"the parameters of {loaded.Kernels.Network}");
        NativeMemory.Clear(staging.Pointer, (nuint)bytes);
        loaded.Kernels.SetTables(new CudaTables((float*)staging.Pointer));
        return staging;
    }

    /// <summary>The GPU's memory for parameters and what is behind them, with the tables in it.</summary>
    public static DeviceBuffer Allocate(LoadedKernels loaded, DeviceTransfers transfers)
    {
        var device = new DeviceBuffer(loaded.Context, Bytes(loaded), $"the parameters of {loaded.Kernels.Network}");
        try
        {
            lock (transfers.Gate)
            {
                transfers.Stream.CopyToDevice(device.Address, transfers.Host.Pointer, device.Bytes);
                transfers.Stream.Synchronize();
            }
        }
        catch
        {
            device.Dispose();
            throw;
        }
        return device;
    }

    /// <summary>Begins to read them, as they are on the host now; <see cref="EndReading"/> ends it.</summary>
    /// <exception cref="CudaException">They cannot be copied; nobody reads then.</exception>
    public void BeginReading()
    {
        while (true)
        {
            _gate.EnterReadLock();
            if (_copy.IsCurrent)
                return;
            _gate.ExitReadLock();
            Copy();
        }
    }

    public void EndReading() => _gate.ExitReadLock();

    private static long Bytes(LoadedKernels loaded) => Math.Max(1, sizeof(float) * loaded.Kernels.ParameterLength);

    private void Copy()
    {
        _gate.EnterWriteLock();
        try
        {
            if (_copy.IsCurrent)
                return;
            CudaStream stream = _kernels.Copies;
            _copy.BringToDevice();
            _kernels.Kernels.RecordPreparation(new CudaRecorder(_kernels.Plain, stream, Address, values: 0, lengths: [], samples: 0));
            stream.Synchronize();
        }
        catch
        {
            _copy.Distrust();
            throw;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}
