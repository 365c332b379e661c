using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>The contents of an IDX file: an array of any number of dimensions, row-major.</summary>
public sealed class IdxArray
{
    private readonly int[] _shape;
    private readonly byte[] _data;

    internal IdxArray(IdxType type, int[] shape, byte[] data)
    {
        Type = type;
        _shape = shape;
        _data = data;
    }

    /// <summary>Type of the elements.</summary>
    public IdxType Type { get; }

    /// <summary>The dimensions.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The elements, row-major, in this machine's byte order.</summary>
    /// <typeparam name="T">The type that <see cref="Type"/> names: byte, sbyte, short, int, float or double.</typeparam>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        Type expected = Type switch
        {
            IdxType.UInt8 => typeof(byte),
            IdxType.Int8 => typeof(sbyte),
            IdxType.Int16 => typeof(short),
            IdxType.Int32 => typeof(int),
            IdxType.Float32 => typeof(float),
            _ => typeof(double),
        };
        if (typeof(T) != expected)
            throw new InvalidOperationException($"The array holds {Type}, to be read as {expected.Name}, not {typeof(T).Name}.");
        return MemoryMarshal.Cast<byte, T>(_data);
    }

    internal byte[] Data => _data;
}
