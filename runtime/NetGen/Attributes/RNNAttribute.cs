namespace NetGen;

/// <summary>
/// Elman recurrent layer over a sequence (positions, features), PyTorch's <c>RNN</c> with <c>batch_first=True</c>:
/// h<sub>t</sub> = tanh(W<sub>ih</sub> x<sub>t</sub> + b<sub>ih</sub> + W<sub>hh</sub> h<sub>t−1</sub> + b<sub>hh</sub>). Output
/// (positions, hiddenSize), further output <c>h</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RNNAttribute : RecurrentAttribute
{
    /// <summary>A recurrent layer whose input features are checked.</summary>
    /// <param name="inputSize">Features of each position of the input, checked against the preceding layer.</param>
    /// <param name="hiddenSize">Units of a state.</param>
    /// <param name="numLayers">Layers one behind the other.</param>
    public RNNAttribute(int inputSize, int hiddenSize, int numLayers = 1)
        : base(inputSize, hiddenSize, numLayers)
    {
    }

    /// <summary>A recurrent layer whose input features are those of the preceding layer.</summary>
    /// <param name="hiddenSize">Units of a state.</param>
    public RNNAttribute(int hiddenSize)
        : base(null, hiddenSize, 1)
    {
    }

    /// <summary>The function of a step, <c>"tanh"</c>, the default, or <c>"relu"</c>.</summary>
    public string Nonlinearity { get; set; } = "tanh";
}
