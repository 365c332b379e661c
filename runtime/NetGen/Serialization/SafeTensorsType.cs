namespace NetGen;

/// <summary>Element type of a <c>safetensors</c> entry. The members that need it are spelt as in the files.</summary>
public enum SafeTensorsType
{
    /// <summary><c>BOOL</c>, one byte, 0 or 1.</summary>
    Bool,

    /// <summary><c>U8</c>.</summary>
    UInt8,

    /// <summary><c>I8</c>.</summary>
    Int8,

    /// <summary><c>F8_E5M2</c>, eight-bit floating point.</summary>
    Float8E5M2,

    /// <summary><c>F8_E4M3</c>, eight-bit floating point.</summary>
    Float8E4M3,

    /// <summary><c>I16</c>.</summary>
    Int16,

    /// <summary><c>U16</c>.</summary>
    UInt16,

    /// <summary><c>F16</c>, IEEE half precision.</summary>
    Float16,

    /// <summary><c>BF16</c>, the upper half of a single.</summary>
    BFloat16,

    /// <summary><c>I32</c>.</summary>
    Int32,

    /// <summary><c>U32</c>.</summary>
    UInt32,

    /// <summary><c>F32</c>, IEEE single precision.</summary>
    Float32,

    /// <summary><c>F64</c>, IEEE double precision.</summary>
    Float64,

    /// <summary><c>I64</c>.</summary>
    Int64,

    /// <summary><c>U64</c>.</summary>
    UInt64,
}
