namespace NetGen.Generator.Specs;

/// <summary>What a recurrent layer computes of a step.</summary>
internal enum RecurrentCell
{
    /// <summary>PyTorch's <c>RNN</c>: h = tanh(…).</summary>
    Tanh,

    /// <summary>PyTorch's <c>RNN</c> with <c>nonlinearity='relu'</c>.</summary>
    ReLU,
    LSTM,
    GRU,
}

/// <summary>PyTorch's <c>RNN</c>, <c>LSTM</c> and <c>GRU</c> with <c>batch_first=True</c>.</summary>
/// <param name="InitialState">Name of the states before the first step; null for zeros. Likewise <paramref name="InitialCell"/>.</param>
internal sealed record RecurrentSpec(
    string Name, RecurrentCell Cell, int? InputSize, int HiddenSize, int NumLayers, bool Bias, float Dropout, bool Bidirectional,
    string? InitialState = null, string? InitialCell = null)
    : LayerSpec(Name)
{
    /// <summary>States that stand side by side at each position.</summary>
    public int Directions => Bidirectional ? 2 : 1;
}
