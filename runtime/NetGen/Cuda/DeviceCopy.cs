using System.Runtime.InteropServices;
using NetGen.CompilerServices;

namespace NetGen.Cuda;

/// <summary>
/// Tensors of a buffer of the host on a GPU, in PyTorch's order: parameters, their gradients, what an optimiser remembers of them. Either
/// side may change them; the other has the new contents when it next looks, and nothing is copied until then.
/// </summary>
internal sealed unsafe class DeviceCopy : IBufferOwner
{
    private const long Nothing = -1;

    private readonly DeviceTransfers _transfers;
    private readonly IReadOnlyList<Parameter> _tensors;
    private readonly long[] _places;
    private readonly long _length;
    private readonly DeviceBuffer _device;
    private readonly string _what;
    private long _version = Nothing;
    private bool _isAway;
    private CudaException? _lost;

    /// <summary>Nothing is copied yet.</summary>
    /// <param name="transfers">How copies go.</param>
    /// <param name="host">The buffer.</param>
    /// <param name="tensors">What of it is on the GPU.</param>
    /// <param name="places">Where each begins there, in floats.</param>
    /// <param name="device">Where they are on the GPU. Zero between them.</param>
    /// <param name="what">What they are, as the beginning of a sentence: "The parameters of Net".</param>
    public DeviceCopy(DeviceTransfers transfers, AlignedBuffer host, IReadOnlyList<Parameter> tensors, long[] places, DeviceBuffer device,
        string what)
    {
        (_transfers, Host, _tensors, _places, _device, _what) = (transfers, host, tensors, places, device, what);
        for (int i = 0; i < places.Length; i++)
            _length = Math.Max(_length, places[i] + tensors[i].Length);
    }

    /// <summary>The buffer of the host.</summary>
    public AlignedBuffer Host { get; }

    /// <summary>Where the tensors begin on the GPU.</summary>
    public ulong Address => _device.Address;

    /// <summary>The GPU has what the host has, or what is newer.</summary>
    public bool IsCurrent => Volatile.Read(ref _version) == Host.Version;

    /// <summary>Copies to the GPU what has changed on the host, and waits for it; nothing where nothing has.</summary>
    /// <exception cref="CudaException">It cannot be copied.</exception>
    public void BringToDevice()
    {
        lock (_transfers.Gate)
        {
            // Read before the contents are: where they change meanwhile, the copy counts as old from the start.
            long version = Host.Version;
            if (_version == version)
                return;
            Volatile.Write(ref _version, Nothing);
            float* staging = (float*)_transfers.Host.Pointer;
            NativeMemory.Clear(staging, (nuint)_length * sizeof(float));
            for (int i = 0; i < _places.Length; i++)
                _tensors[i].CopyTo(new Span<float>(staging + _places[i], _tensors[i].Length));
            if (_length > 0)
                _transfers.Stream.CopyToDevice(_device.Address, staging, sizeof(float) * _length);
            _transfers.Stream.Synchronize();
            Volatile.Write(ref _version, version);
        }
    }

    /// <summary>What is in the stream has changed them on the GPU.</summary>
    public void HasChanged()
    {
        lock (_transfers.Gate)
        {
            _isAway = true;
            Volatile.Write(ref _version, Host.GiveAway(this));
        }
    }

    /// <summary>What the GPU has of them is not what it should be, unless only the GPU has them.</summary>
    public void Distrust()
    {
        lock (_transfers.Gate)
        {
            if (!_isAway)
                Volatile.Write(ref _version, Nothing);
        }
    }

    /// <summary>Sets them to zero, on both sides, and all that is behind them on the GPU.</summary>
    /// <exception cref="CudaException">It cannot be done on the GPU; on the host it is.</exception>
    public void Clear()
    {
        lock (_transfers.Gate)
        {
            _isAway = false;
            Host.ComeHome(this);
            Host.Clear();
            Host.Touch();
            long version = Host.Version;
            Volatile.Write(ref _version, Nothing);
            _transfers.Stream.Fill(_device.Address, 0, _device.Bytes / sizeof(float));
            Volatile.Write(ref _version, version);
        }
    }

    /// <inheritdoc/>
    public void BringHome()
    {
        lock (_transfers.Gate)
        {
            if (!_isAway)
                return;
            if (_lost is not null)
                throw Lost(_lost);
            float* staging = (float*)_transfers.Host.Pointer;
            try
            {
                if (_length > 0)
                    _transfers.Stream.CopyToHost(staging, _device.Address, sizeof(float) * _length);
                _transfers.Stream.Synchronize();
            }
            catch (CudaException failure)
            {
                throw Lost(failure);
            }
            for (int i = 0; i < _places.Length; i++)
            {
                // What the declaration freezes no kernel writes.
                if (!_tensors[i].IsFrozen)
                    _tensors[i].Receive(new ReadOnlySpan<float>(staging + _places[i], _tensors[i].Length));
            }
            _isAway = false;
            Host.ComeHome(this);
        }
    }

    /// <summary>
    /// Brings them home, since the GPU's memory goes. Where that fails, who looks at them is told, then and ever after: what the host has
    /// is older.
    /// </summary>
    public void Close()
    {
        lock (_transfers.Gate)
        {
            try
            {
                BringHome();
            }
            catch (CudaException failure)
            {
                _lost = failure;
            }
        }
    }

    private CudaException Lost(CudaException failure) => _lost is not null ? new CudaException(failure.Result, failure.Message)
        : new CudaException(failure.Result, $"{_what} have changed on {_transfers.Stream.Context.Device.Name} last, and cannot be copied "
            + $"from there: {failure.Message}");
}

/// <summary>How copies between a host's buffers and a GPU go: one at a time, through memory of the host that does not move.</summary>
/// <param name="Stream">Where they are done, behind what changes the contents.</param>
/// <param name="Host">Room for the longest of them.</param>
/// <param name="Gate">What holds the stream and the room while it uses them.</param>
internal sealed record DeviceTransfers(CudaStream Stream, PinnedBuffer Host, object Gate);
