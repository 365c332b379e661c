using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The steps of a recurrent layer in one direction, and the working memory that they take.</summary>
/// <param name="Steps">As many as a sample has positions.</param>
/// <param name="HasLengths">Which are at most so many: each sample has a number of its own.</param>
internal sealed record RecurrentGeometry(RecurrentUnits Units, int Steps, bool IsReverse, bool HasLengths)
{
    /// <summary>Samples whose states are in working memory at a time: with them the recurrent weights stay in L2.</summary>
    public int Rows { get; init; } = 48;

    public RecurrentCell Cell => Units.Cell;

    public int Hidden => Units.Hidden;

    public int Gates => Units.Gates;

    /// <summary>States are products of the units, which lie by themselves.</summary>
    public bool IsProjected => Units.IsProjected;

    /// <summary>Units with what pads them.</summary>
    public int Lanes => Layout.RoundUp(Hidden);

    /// <summary>The states before the first step are given; otherwise they are zero. Likewise <see cref="HasInitialCell"/>.</summary>
    public bool HasInitial { get; init; }

    public bool HasInitialCell { get; init; }

    /// <summary>Floats from one sample's units in working memory to the next one's, with which cell states go.</summary>
    public int UnitStride => Layout.ForRows(Hidden).SampleStride;

    /// <summary>The same of the states.</summary>
    public int StateStride => Layout.ForRows(Units.Features).SampleStride;

    /// <summary>The same of the products, one gate behind the other.</summary>
    public int ProductStride => Layout.ForRows(Gates * Lanes).SampleStride;

    public bool HasCells => Cell == RecurrentCell.LSTM;

    /// <summary>Where the cell states begin, behind the units.</summary>
    public int Cells => Rows * UnitStride;

    /// <summary>Where the products begin.</summary>
    public int Products => Cells + (HasCells ? Rows * UnitStride : 0);

    /// <summary>Where the states begin: they are the units, unless they are products of them.</summary>
    public int States => IsProjected ? Products + Rows * ProductStride : 0;

    /// <summary>Floats of units, cell states, products and states.</summary>
    public long ForwardScratch => Products + (long)Rows * ProductStride + OwnStates;

    private long OwnStates => IsProjected ? (long)Rows * StateStride : 0;

    /// <summary>
    /// Where, going back, the products' gradients begin: behind what the products give back to the states, and what flows back to the cell
    /// states or, in a GRU, past the products.
    /// </summary>
    public int ProductGradients => Cells + (HasBypass ? Rows * UnitStride : 0);

    /// <summary>Something flows back from step to step besides the products' gradients.</summary>
    public bool HasBypass => Cell is RecurrentCell.LSTM or RecurrentCell.GRU;

    /// <summary>Where, going back, the cell states before the first step are in the rows' order.</summary>
    public int InitialCells => ProductGradients + Rows * ProductStride;

    private int InitialCellLength => HasInitialCell ? Rows * UnitStride : 0;

    /// <summary>Where, going back, the states' gradients begin: those of the units, unless the states are products of them.</summary>
    public int StateGradients => IsProjected ? InitialCells + InitialCellLength : 0;

    public long BackwardScratch => (long)InitialCells + InitialCellLength + OwnStates;
}
