namespace NetGen;

/// <summary>
/// Long short-term memory over a sequence (positions, features), PyTorch's <c>LSTM</c> with <c>batch_first=True</c>: i, f, o = σ(…) and
/// g = tanh(…) of W<sub>ih</sub> x<sub>t</sub> + b<sub>ih</sub> + W<sub>hh</sub> h<sub>t−1</sub> + b<sub>hh</sub>, in the order i, f, g, o;
/// c<sub>t</sub> = f c<sub>t−1</sub> + i g; h<sub>t</sub> = o tanh(c<sub>t</sub>). Output (positions, hiddenSize), further outputs <c>h</c>
/// and, of the same shape, <c>c</c>, the cell state behind the last step. With <see cref="ProjSize"/> states have fewer features.
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
    /// Features of a state, PyTorch's <c>proj_size</c>: above 0, a state is h<sub>t</sub> = W<sub>hr</sub> (o tanh(c<sub>t</sub>)) with a
    /// learned <c>weight_hr_l</c>k [ProjSize, hiddenSize], drawn as the other tensors are. Must be below hiddenSize; 0, the default, leaves
    /// the state as it is. A layer then gives (positions, ProjSize), the further output <c>h</c> has ProjSize features, and
    /// <c>weight_hh_l</c>k ProjSize columns; <c>c</c> has hiddenSize features as before.
    /// </summary>
    public int ProjSize { get; set; }

    /// <summary>
    /// The name of the cell states before the first step, (layers · directions, hiddenSize), a vector where that is one row, e.g.
    /// <c>"encoder.c"</c>; zeros by default.
    /// </summary>
    public string? InitialCell { get; set; }
}
