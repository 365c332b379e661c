namespace NetGen;

/// <summary>How the elements of a parameter are kept in memory. Whatever it is, all is computed in float32.</summary>
public enum WeightFormat
{
    /// <summary>IEEE single precision, 4 bytes.</summary>
    Float32,

    /// <summary>
    /// The upper half of a single, 2 bytes: its range, with 8 significant bits. What is written is rounded to the nearest, of two the even,
    /// as PyTorch's <c>bfloat16</c>; beyond the largest that becomes infinity.
    /// </summary>
    BFloat16,
}
