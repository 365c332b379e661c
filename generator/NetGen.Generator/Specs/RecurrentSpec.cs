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

/// <summary>What one layer in one direction computes in a step, and the sizes of what goes on to the next.</summary>
/// <param name="Hidden">Units, each of which has a cell of its own.</param>
/// <param name="ProjSize">Features of a state that is a product of the units; 0 where it is the units themselves.</param>
internal sealed record RecurrentUnits(RecurrentCell Cell, int Hidden, int ProjSize = 0)
{
    public bool IsProjected => ProjSize > 0;

    /// <summary>Of a state; a cell state has as many as there are units.</summary>
    public int Features => IsProjected ? ProjSize : Hidden;

    /// <summary>Products of each unit in a step.</summary>
    public int Gates => GatesOf(Cell);

    /// <summary>How many values of a unit the backward pass reads besides states and cell states.</summary>
    public int SavedGates => SavedGatesOf(Cell);

    public static int GatesOf(RecurrentCell cell) => cell switch
    {
        RecurrentCell.LSTM => 4,
        RecurrentCell.GRU => 3,
        _ => 1,
    };

    public static int SavedGatesOf(RecurrentCell cell) => cell is RecurrentCell.LSTM or RecurrentCell.GRU ? 4 : 0;
}

/// <summary>PyTorch's <c>RNN</c>, <c>LSTM</c> and <c>GRU</c> with <c>batch_first=True</c>.</summary>
/// <param name="InitialState">Name of the states before the first step; null for zeros. Likewise <paramref name="InitialCell"/>.</param>
internal sealed record RecurrentSpec(
    string Name, RecurrentCell Cell, int? InputSize, int HiddenSize, int NumLayers, bool Bias, float Dropout, bool Bidirectional,
    string? InitialState = null, string? InitialCell = null, int ProjSize = 0)
    : LayerSpec(Name)
{
    public RecurrentUnits Units => new(Cell, HiddenSize, ProjSize);

    /// <summary>States that stand side by side at each position.</summary>
    public int Directions => Bidirectional ? 2 : 1;
}
