namespace NetGen;

/// <summary>Names and sizes of <see cref="SafeTensorsType"/>.</summary>
internal static class SafeTensorsTypes
{
    public const string All = "BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64 or U64";

    public static SafeTensorsType? Parse(string name) => name switch
    {
        "BOOL" => SafeTensorsType.Bool,
        "U8" => SafeTensorsType.UInt8,
        "I8" => SafeTensorsType.Int8,
        "F8_E5M2" => SafeTensorsType.Float8E5M2,
        "F8_E4M3" => SafeTensorsType.Float8E4M3,
        "I16" => SafeTensorsType.Int16,
        "U16" => SafeTensorsType.UInt16,
        "F16" => SafeTensorsType.Float16,
        "BF16" => SafeTensorsType.BFloat16,
        "I32" => SafeTensorsType.Int32,
        "U32" => SafeTensorsType.UInt32,
        "F32" => SafeTensorsType.Float32,
        "F64" => SafeTensorsType.Float64,
        "I64" => SafeTensorsType.Int64,
        "U64" => SafeTensorsType.UInt64,
        _ => null,
    };

    public static string Name(SafeTensorsType type) => type switch
    {
        SafeTensorsType.Bool => "BOOL",
        SafeTensorsType.UInt8 => "U8",
        SafeTensorsType.Int8 => "I8",
        SafeTensorsType.Float8E5M2 => "F8_E5M2",
        SafeTensorsType.Float8E4M3 => "F8_E4M3",
        SafeTensorsType.Int16 => "I16",
        SafeTensorsType.UInt16 => "U16",
        SafeTensorsType.Float16 => "F16",
        SafeTensorsType.BFloat16 => "BF16",
        SafeTensorsType.Int32 => "I32",
        SafeTensorsType.UInt32 => "U32",
        SafeTensorsType.Float32 => "F32",
        SafeTensorsType.Float64 => "F64",
        SafeTensorsType.Int64 => "I64",
        SafeTensorsType.UInt64 => "U64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };

    public static int Size(SafeTensorsType type) => type switch
    {
        SafeTensorsType.Bool or SafeTensorsType.UInt8 or SafeTensorsType.Int8 or SafeTensorsType.Float8E5M2 or SafeTensorsType.Float8E4M3
            => 1,
        SafeTensorsType.Int16 or SafeTensorsType.UInt16 or SafeTensorsType.Float16 or SafeTensorsType.BFloat16 => 2,
        SafeTensorsType.Int32 or SafeTensorsType.UInt32 or SafeTensorsType.Float32 => 4,
        SafeTensorsType.Float64 or SafeTensorsType.Int64 or SafeTensorsType.UInt64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an element type."),
    };

    /// <summary>The element type that a .NET type holds bit for bit; null where there is none.</summary>
    public static SafeTensorsType? Of<T>() =>
        typeof(T) == typeof(float) ? SafeTensorsType.Float32
        : typeof(T) == typeof(double) ? SafeTensorsType.Float64
        : typeof(T) == typeof(Half) ? SafeTensorsType.Float16
        : typeof(T) == typeof(byte) ? SafeTensorsType.UInt8
        : typeof(T) == typeof(sbyte) ? SafeTensorsType.Int8
        : typeof(T) == typeof(short) ? SafeTensorsType.Int16
        : typeof(T) == typeof(ushort) ? SafeTensorsType.UInt16
        : typeof(T) == typeof(int) ? SafeTensorsType.Int32
        : typeof(T) == typeof(uint) ? SafeTensorsType.UInt32
        : typeof(T) == typeof(long) ? SafeTensorsType.Int64
        : typeof(T) == typeof(ulong) ? SafeTensorsType.UInt64
        : null;
}
