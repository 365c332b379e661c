namespace NetGen.Generator.Specs;

/// <summary>How elements of a parameter are kept in memory; of the same names and numbers as the runtime's.</summary>
internal enum WeightFormat
{
    Float32,

    /// <summary>The upper half of a float.</summary>
    BFloat16,
}
