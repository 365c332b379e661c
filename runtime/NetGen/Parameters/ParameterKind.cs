namespace NetGen;

/// <summary>What a parameter is in its layer; initialisation treats the kinds differently.</summary>
public enum ParameterKind
{
    /// <summary>Multiplies the layer's input.</summary>
    Weight,

    /// <summary>Is added to the layer's output.</summary>
    Bias,

    /// <summary>Is saved with the parameters but learned by no optimiser: running statistics, for example.</summary>
    Buffer,

    /// <summary>
    /// A buffer that counts: one 64-bit integer, in memory and in files, as PyTorch has it. See <see cref="Parameter.CounterValue"/>.
    /// </summary>
    Counter,
}
