using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What an optimiser remembers of each parameter, and its fused update over the flat parameter buffer.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class OptimizerState : IDisposable
{
    /// <summary>State for <paramref name="count"/> parameters, before the first step.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="count">Floats in the parameter buffer, padding included.</param>
    public OptimizerState(Optimizer optimizer, nint count) => throw new NotImplementedException();

    /// <summary>Begins the next step: counts it and takes over the learning rate.</summary>
    public void BeginStep() => throw new NotImplementedException();

    /// <summary>
    /// Applies the step to a range. Several threads may update disjoint ranges at once. Elements whose parameter and gradient
    /// have always been 0, the padding, stay exactly 0.
    /// </summary>
    /// <param name="parameters">The whole parameter buffer.</param>
    /// <param name="gradients">The whole gradient buffer.</param>
    /// <param name="first">First float of the range.</param>
    /// <param name="count">Floats in the range.</param>
    public void UpdateRange(float* parameters, float* gradients, nint first, nint count) => throw new NotImplementedException();

    /// <summary>Frees the state.</summary>
    public void Dispose() => throw new NotImplementedException();
}
