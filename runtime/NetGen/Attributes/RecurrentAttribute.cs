namespace NetGen;

/// <summary>
/// What <see cref="RNNAttribute"/>, <see cref="LSTMAttribute"/> and <see cref="GRUAttribute"/> share: PyTorch's options, for sequences
/// (positions, features) as PyTorch's <c>batch_first=True</c> has them. Output (positions, hiddenSize), with both directions
/// (positions, 2 · hiddenSize).
/// </summary>
/// <remarks>
/// The further output <c>h</c>, which other layers read as <c>"lstm1.h"</c>, is the state behind the last step of each layer and direction:
/// (layers · directions, hiddenSize), a vector where that is one row. States start from zero unless <see cref="InitialState"/> names
/// others. Weights and biases are drawn from ±1/√hiddenSize, as PyTorch draws them. Tensors of layer k have PyTorch's names and shapes:
/// <c>weight_ih_l</c>k [gates · hiddenSize, inputs], <c>weight_hh_l</c>k [gates · hiddenSize, hiddenSize], <c>bias_ih_l</c>k and
/// <c>bias_hh_l</c>k, those of the backward direction with <c>_reverse</c> behind.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class RecurrentAttribute : LayerAttribute
{
    private protected RecurrentAttribute(int? inputSize, int hiddenSize, int numLayers)
    {
        InputSize = inputSize;
        HiddenSize = hiddenSize;
        NumLayers = numLayers;
    }

    /// <summary>Features of each position of the input; null where they are inferred.</summary>
    public int? InputSize { get; }

    /// <summary>Units of a state.</summary>
    public int HiddenSize { get; }

    /// <summary>Layers one behind the other, each of which reads the states of the one before; 1 by default.</summary>
    public int NumLayers { get; set; }

    /// <summary>Whether biases are added to the products of inputs and of states; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// The probability with which each element between two layers is dropped in training, those kept being scaled by 1/(1 − p); 0 by
    /// default.
    /// </summary>
    public double Dropout { get; set; }

    /// <summary>
    /// Whether each layer goes through the sequence in both directions, with weights of their own; their states stand side by side. False
    /// by default.
    /// </summary>
    public bool Bidirectional { get; set; }

    /// <summary>
    /// The name of the states before the first step, (layers · directions, hiddenSize), a vector where that is one row, e.g.
    /// <c>"encoder.h"</c>; zeros by default. They have a gradient.
    /// </summary>
    public string? InitialState { get; set; }
}
