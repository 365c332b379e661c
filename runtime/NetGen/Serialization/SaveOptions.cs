namespace NetGen;

/// <summary>How parameters are written to a file.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// The type of the elements: <see cref="SafeTensorsType.Float32"/>, or <see cref="SafeTensorsType.Float16"/> or
    /// <see cref="SafeTensorsType.BFloat16"/>, half as many bytes, to which values are rounded, to the nearest and of two the even. Null,
    /// the default, keeps all bits: each parameter is written as it is kept in memory (<see cref="Parameter.Format"/>). Counters are 64-bit
    /// integers in any case.
    /// </summary>
    public SafeTensorsType? Type { get; init; }

    /// <summary>
    /// The name of the entry that a parameter is written to, given the parameter's name; no two the same. Null, the default, stands for the
    /// parameters' own names.
    /// </summary>
    public Func<string, string>? NameInFile { get; init; }

    /// <summary>
    /// What whoever loads the file needs to know of the model besides its parameters: names of classes, how images are prepared.
    /// <see cref="ModelInfo.Load"/> reads it. Null, the default, for nothing.
    /// </summary>
    public ModelInfo? Info { get; init; }
}
