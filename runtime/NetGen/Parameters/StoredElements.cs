namespace NetGen;

/// <summary>An element of a parameter as it is kept in memory.</summary>
internal interface IStoredElement<TSelf>
    where TSelf : unmanaged, IStoredElement<TSelf>
{
    /// <summary>The value that stands for a float: the nearest, of two the even.</summary>
    static abstract TSelf Of(float value);

    /// <summary>The float that it stands for, exactly.</summary>
    static abstract float ToSingle(TSelf element);
}

/// <summary>A float as it is.</summary>
internal readonly struct StoredFloat : IStoredElement<StoredFloat>
{
    private readonly float _value;

    private StoredFloat(float value) => _value = value;

    public static StoredFloat Of(float value) => new(value);

    public static float ToSingle(StoredFloat element) => element._value;
}

/// <summary>The upper half of a float.</summary>
internal readonly struct StoredBFloat16 : IStoredElement<StoredBFloat16>
{
    // The bits of a float's exponent.
    private const uint Exponent = 0x7F80_0000;

    private readonly ushort _bits;

    private StoredBFloat16(ushort bits) => _bits = bits;

    /// <summary>The bits that stand for a float.</summary>
    public static ushort BitsOf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        // Half of the last place is added, and of what lies in the middle between two no more than leads to the even one. A NaN keeps its
        // upper half, and a bit of it that is not zero.
        uint rounded = (bits & Exponent) != Exponent ? bits + 0x7FFFu + ((bits >> 16) & 1)
            : float.IsNaN(value) ? bits | 0x0040_0000u : bits;
        return (ushort)(rounded >> 16);
    }

    public static StoredBFloat16 Of(float value) => new(BitsOf(value));

    public static float ToSingle(StoredBFloat16 element) => BitConverter.UInt32BitsToSingle((uint)element._bits << 16);
}
