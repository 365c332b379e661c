namespace NetGen;

/// <summary>
/// Parametric rectifier, PyTorch's <c>PReLU</c>: x where x &gt; 0, otherwise weight · x, element by element, with a learned weight for all
/// or one for each channel, or feature of a vector (He et al., arXiv:1502.01852). The output has the shape of the input. Parameter: weight
/// [numParameters].
/// </summary>
/// <param name="numParameters">1, or the number of channels.</param>
/// <param name="init">What every weight starts from, whatever the network's initialisation.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PReLUAttribute(int numParameters = 1, double init = 0.25) : LayerAttribute
{
    /// <summary>1, or the number of channels.</summary>
    public int NumParameters { get; } = numParameters;

    /// <summary>What every weight starts from; 0.25 by default.</summary>
    public double Init { get; set; } = init;
}
