using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>
/// Native memory for floats, zeroed, aligned to 64 bytes (a cache line, and the widest vector), or a stretch of it. It lies outside the
/// garbage collector's heap, so that its address never changes and kernels can keep plain pointers into it.
/// </summary>
/// <remarks>
/// A finaliser frees memory that was not disposed of. Code that works on <see cref="Pointer"/> must therefore keep the buffer
/// reachable until it is done, with <see cref="GC.KeepAlive"/> at the end where nothing else does.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>Alignment of the first float, in bytes.</summary>
    public const int Alignment = 64;

    private const int Disposed = 1, Away = 2, Use = 4;

    // The buffer that this one is a stretch of, and which has the memory, its version and its lifetime; null for one of its own.
    private readonly AlignedBuffer? _whole;
    private readonly nint _start;

    // An integer, so that it can be taken away atomically: two threads that dispose of a buffer must not free it twice.
    private nint _address;
    private long _version;

    // Four times the number of those that have taken the memory; and 2 while a device has newer contents; and 1 once it was disposed of:
    // the last to leave frees it. In one number, so that a look costs what it would without devices.
    private int _uses;
    private IBufferOwner? _owner;

    /// <summary>Allocates <paramref name="length"/> floats, all zero.</summary>
    /// <param name="length">Number of floats; zero is legal.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or exceeds the address space.</exception>
    /// <exception cref="OutOfMemoryException">The memory cannot be had.</exception>
    public AlignedBuffer(nint length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, nint.MaxValue / sizeof(float) - Alignment);
        Length = length;

        // At least one line, so that even an empty buffer has a valid, aligned address.
        nuint bytes = Math.Max((nuint)length * sizeof(float), Alignment);
        void* memory = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(memory, bytes);
        _address = (nint)memory;
        if (length > 0)
            GC.AddMemoryPressure(length * sizeof(float));
    }

    private AlignedBuffer(AlignedBuffer whole, nint start, nint length)
    {
        (_whole, _start, Length) = (whole, start, length);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory if nobody did.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>
    /// Address of the first float, a multiple of <see cref="Alignment"/>. Where a device has newer contents they are copied first.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    /// <exception cref="CudaException">The device has newer contents, which cannot be copied.</exception>
    public float* Pointer
    {
        get
        {
            if (_whole is not null)
                return _whole.Pointer + _start;
            if ((Volatile.Read(ref _uses) & (Disposed | Away)) != 0)
                BringHome();
            return (float*)_address;
        }
    }

    /// <summary>Address of the first float, whatever lies there: for who brings the contents home.</summary>
    internal float* HomePointer => _whole is not null ? _whole.HomePointer + _start : (float*)_address;

    /// <summary>Number of floats.</summary>
    public nint Length { get; }

    /// <summary>
    /// Changes with every <see cref="Touch"/> of the memory, by whichever buffer, so that what was derived from the contents is known to be
    /// old.
    /// </summary>
    public long Version => _whole?.Version ?? Volatile.Read(ref _version);

    /// <summary>Says that the contents have changed.</summary>
    public void Touch()
    {
        if (_whole is not null)
            _whole.Touch();
        else
            Interlocked.Increment(ref _version);
    }

    /// <summary>
    /// A stretch of this buffer: the same memory and the same version, and there for as long as this buffer is. Disposing of it does
    /// nothing.
    /// </summary>
    /// <param name="start">Floats in front of it, a multiple of 16, so that it is aligned too.</param>
    /// <param name="length">Floats in it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not aligned, or not within the buffer.</exception>
    public AlignedBuffer Slice(nint start, nint length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNotEqual(start % (Alignment / sizeof(float)), 0);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - start);
        return _whole is null ? new AlignedBuffer(this, start, length) : new AlignedBuffer(_whole, _start + start, length);
    }

    /// <summary>Frees the memory, or leaves that to the last of those that have taken it. Calling it again does nothing.</summary>
    public void Dispose()
    {
        if (_whole is null && (Interlocked.Or(ref _uses, Disposed) & ~Away) == 0)
            Free();
    }

    /// <summary>
    /// Address of the first float, for a caller whose owner may be disposed of by another thread meanwhile: the memory stays until
    /// <see cref="Return"/>.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    /// <exception cref="CudaException">A device has newer contents, which cannot be copied.</exception>
    internal float* Take()
    {
        if (_whole is not null)
            return _whole.Take() + _start;
        if ((Interlocked.Add(ref _uses, Use) & (Disposed | Away)) != 0)
        {
            try
            {
                BringHome();
            }
            catch
            {
                Return();
                throw;
            }
        }
        return (float*)_address;
    }

    /// <summary>Ends what <see cref="Take"/> began.</summary>
    internal void Return()
    {
        if (_whole is not null)
            _whole.Return();
        else if ((Interlocked.Add(ref _uses, -Use) & ~Away) == Disposed)
            Free();
    }

    /// <summary>
    /// A device has newer contents from now on, and a new version: who looks here asks it to bring them home, until <see cref="ComeHome"/>.
    /// </summary>
    /// <param name="owner">Brings them home.</param>
    /// <returns>The new version.</returns>
    internal long GiveAway(IBufferOwner owner)
    {
        if (_whole is not null)
            return _whole.GiveAway(owner);
        // What another device has, of another stretch, is not lost.
        if (Volatile.Read(ref _owner) is { } other && other != owner)
            other.BringHome();
        Volatile.Write(ref _owner, owner);
        Interlocked.Or(ref _uses, Away);
        return Interlocked.Increment(ref _version);
    }

    /// <summary>The contents are here again, or nobody wants those of the device any more.</summary>
    /// <param name="owner">Who had them; nothing happens where that was another.</param>
    internal void ComeHome(IBufferOwner owner)
    {
        if (_whole is not null)
        {
            _whole.ComeHome(owner);
            return;
        }
        if (Volatile.Read(ref _owner) != owner)
            return;
        // In this order: who gives the contents away next waits for this owner as long as it is there.
        Interlocked.And(ref _uses, ~Away);
        Interlocked.CompareExchange(ref _owner, null, owner);
    }

    /// <summary>Sets every float to zero.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public void Clear()
    {
        NativeMemory.Clear(Pointer, (nuint)Length * sizeof(float));
        GC.KeepAlive(this);
    }

    private void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address == 0)
            return;
        GC.SuppressFinalize(this);
        NativeMemory.AlignedFree((void*)address);
        if (Length > 0)
            GC.RemoveMemoryPressure(Length * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BringHome()
    {
        ObjectDisposedException.ThrowIf((Volatile.Read(ref _uses) & Disposed) != 0, this);
        Volatile.Read(ref _owner)?.BringHome();
    }
}
