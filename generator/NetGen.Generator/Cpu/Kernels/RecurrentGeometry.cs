using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The steps of a recurrent layer in one direction, and the working memory that they take.</summary>
/// <param name="Gates">Products of each unit in a step.</param>
/// <param name="Steps">As many as a sample has positions.</param>
/// <param name="HasLengths">Which are at most so many: each sample has a number of its own.</param>
internal sealed record RecurrentGeometry(RecurrentCell Cell, int Hidden, int Gates, int Steps, bool IsReverse, bool HasLengths)
{
    /// <summary>Samples whose states are in working memory at a time: with them the recurrent weights stay in L2.</summary>
    public int Rows { get; init; } = 48;

    /// <summary>Units with what pads them.</summary>
    public int Lanes => Layout.RoundUp(Hidden);

    /// <summary>The states before the first step are given; otherwise they are zero. Likewise <see cref="HasInitialCell"/>.</summary>
    public bool HasInitial { get; init; }

    public bool HasInitialCell { get; init; }

    /// <summary>Floats from one sample's state in working memory to the next one's.</summary>
    public int StateStride => Layout.ForRows(Hidden).SampleStride;

    /// <summary>The same of the products, one gate behind the other.</summary>
    public int ProductStride => Layout.ForRows(Gates * Lanes).SampleStride;

    public bool HasCells => Cell == RecurrentCell.LSTM;

    /// <summary>Where the cell states begin, behind the states.</summary>
    public int Cells => Rows * StateStride;

    /// <summary>Where the products begin.</summary>
    public int Products => Cells + (HasCells ? Rows * StateStride : 0);

    /// <summary>Floats of states, cell states and products.</summary>
    public long ForwardScratch => Products + (long)Rows * ProductStride;

    /// <summary>
    /// Where, going back, the products' gradients begin: behind what the products give back to the states, and what flows back to the cell
    /// states or, in a GRU, past the products.
    /// </summary>
    public int ProductGradients => Cells + (HasBypass ? Rows * StateStride : 0);

    /// <summary>Something flows back from step to step besides the products' gradients.</summary>
    public bool HasBypass => Cell is RecurrentCell.LSTM or RecurrentCell.GRU;

    /// <summary>Where, going back, the cell states before the first step are in the rows' order.</summary>
    public int InitialCells => ProductGradients + Rows * ProductStride;

    public long BackwardScratch => InitialCells + (HasInitialCell ? (long)Rows * StateStride : 0);
}
