namespace NetGen.Generator.Ir;

/// <summary>What a tensor of a layer is to training and to files.</summary>
internal enum ParameterRole
{
    Weight,
    Bias,

    /// <summary>Saved with the parameters and never touched by an optimiser, e.g. running statistics.</summary>
    Buffer,

    /// <summary>A buffer of one number that counts, e.g. batches; a 64-bit integer in files.</summary>
    Counter,
}
