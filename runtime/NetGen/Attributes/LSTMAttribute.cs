namespace NetGen;

/// <summary>
/// Long short-term memory over a sequence (positions, features), PyTorch's <c>LSTM</c> with <c>batch_first=True</c>: i, f, o = σ(…) and
/// g = tanh(…) of W<sub>ih</sub> x<sub>t</sub> + b<sub>ih</sub> + W<sub>hh</sub> h<sub>t−1</sub> + b<sub>hh</sub>, in the order i, f, g, o;
/// c<sub>t</sub> = f c<sub>t−1</sub> + i g; h<sub>t</sub> = o tanh(c<sub>t</sub>). Output (positions, hiddenSize), further outputs <c>h</c>
/// and, of the same shape, <c>c</c>, the cell state behind the last step.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LSTMAttribute : RecurrentAttribute
{
    /// <summary>An LSTM whose input features are checked.</summary>
    /// <param name="inputSize">Features of each position of the input, checked against the preceding layer.</param>
    /// <param name="hiddenSize">Units of a state.</param>
    /// <param name="numLayers">Layers one behind the other.</param>
    public LSTMAttribute(int inputSize, int hiddenSize, int numLayers = 1)
        : base(inputSize, hiddenSize, numLayers)
    {
    }

    /// <summary>An LSTM whose input features are those of the preceding layer.</summary>
    /// <param name="hiddenSize">Units of a state.</param>
    public LSTMAttribute(int hiddenSize)
        : base(null, hiddenSize, 1)
    {
    }

    /// <summary>
    /// The name of the cell states before the first step, of the shape of <see cref="RecurrentAttribute.InitialState"/>, e.g.
    /// <c>"encoder.c"</c>; zeros by default.
    /// </summary>
    public string? InitialCell { get; set; }
}
