namespace NetGen;

/// <summary>
/// Gated recurrent units over a sequence (positions, features), PyTorch's <c>GRU</c> with <c>batch_first=True</c>: r, z = σ(W<sub>ih</sub>
/// x<sub>t</sub> + b<sub>ih</sub> + W<sub>hh</sub> h<sub>t−1</sub> + b<sub>hh</sub>), n = tanh(W<sub>in</sub> x<sub>t</sub> +
/// b<sub>in</sub> + r (W<sub>hn</sub> h<sub>t−1</sub> + b<sub>hn</sub>)), in the order r, z, n; h<sub>t</sub> = (1 − z) n + z
/// h<sub>t−1</sub>. Output (positions, hiddenSize), further output <c>h</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GRUAttribute : RecurrentAttribute
{
    /// <summary>A GRU whose input features are checked.</summary>
    /// <param name="inputSize">Features of each position of the input, checked against the preceding layer.</param>
    /// <param name="hiddenSize">Units of a state.</param>
    /// <param name="numLayers">Layers one behind the other.</param>
    public GRUAttribute(int inputSize, int hiddenSize, int numLayers = 1)
        : base(inputSize, hiddenSize, numLayers)
    {
    }

    /// <summary>A GRU whose input features are those of the preceding layer.</summary>
    /// <param name="hiddenSize">Units of a state.</param>
    public GRUAttribute(int hiddenSize)
        : base(null, hiddenSize, 1)
    {
    }
}
