using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// How a contraction runs. With sample lanes every element is a vector of 16 samples. With channel lanes the lanes are the index of the
/// result's channels: an operand whose channels have it too gives vectors, one without it gives single numbers for all lanes, and one that
/// has it in another dimension is copied first, with that index as lanes. A result of one channel is computed without lanes.
/// </summary>
internal sealed class ContractionPlan
{
    private const int Block = Layout.Block;

    public ContractionPlan(ContractionIndices indices, Layout left, Layout right, Layout result)
    {
        Indices = indices;
        Extents = [];
        (string Letters, Layout Layout)[] values = [(indices.Left, left), (indices.Right, right), (indices.Result, result)];
        foreach ((string letters, Layout layout) in values)
        {
            int[] extents = [layout.Channels, layout.Height, layout.Width];
            for (int i = 0; i < extents.Length; i++)
            {
                if (letters[i] != ContractionIndices.One)
                    Extents[letters[i]] = extents[i];
            }
        }
        HasSampleLanes = result.Kind == LayoutKind.Samples;
        Lane = HasSampleLanes || indices.Result[0] == ContractionIndices.One ? null : indices.Result[0];
        Result = new ContractionOperand("output", indices.Result, result, Lane, HasSampleLanes);
        Left = new ContractionOperand("left", indices.Left, left, Lane, HasSampleLanes);
        Right = new ContractionOperand("right", indices.Right, right, Lane, HasSampleLanes);
        if (Left.NeedsCopy)
            Left = Copy(Left);
        if (Right.NeedsCopy)
            Right = Copy(Right);
    }

    public ContractionIndices Indices { get; }

    /// <summary>How far each index goes.</summary>
    public Dictionary<char, int> Extents { get; }

    public bool HasSampleLanes { get; }

    /// <summary>The index that the lanes stand for; null where they stand for samples, or for nothing.</summary>
    public char? Lane { get; }

    /// <summary>The result is computed in vectors.</summary>
    public bool HasLanes => HasSampleLanes || Lane is not null;

    public ContractionOperand Left { get; }

    public ContractionOperand Right { get; }

    public ContractionOperand Result { get; }

    public IReadOnlyList<ContractionOperand> Operands => [Left, Right];

    /// <summary>Floats of copies.</summary>
    public long ScratchLength { get; private set; }

    /// <summary>
    /// The index of the result along which a tile of results is computed together; null where there is none besides the lanes. The last,
    /// whose elements are neighbours.
    /// </summary>
    public char? Tile => Indices.Kept.Where(index => index != Lane).Select(index => (char?)index).LastOrDefault();

    /// <summary>The loops outside of a tile, but for the lanes' own.</summary>
    public IEnumerable<char> Outer => Indices.Kept.Where(index => index != Lane && index != Tile);

    /// <summary>Results of a tile: 8 vectors, in as many registers. 16 channels hold whole tiles.</summary>
    public int TileRows(VectorIsa isa) => !HasLanes ? 4 : 8 / VectorsOfBlock(isa);

    public int VectorsOfBlock(VectorIsa isa) => HasLanes ? Block / isa.Lanes : 1;

    /// <summary>An operand as it lies in a copy: with the lanes' index in blocks of 16, then its other indices.</summary>
    private ContractionOperand Copy(ContractionOperand operand)
    {
        var strides = new Dictionary<char, long>();
        long stride = Block;
        foreach (char index in operand.Indices.Where(index => index != Lane).Reverse())
        {
            strides[index] = stride;
            stride *= Extents[index];
        }
        ContractionOperand copy = operand.AsCopy(strides, stride, Literals.Plus("scratch", ScratchLength));
        ScratchLength += stride * ((Extents[Lane!.Value] + Block - 1) / Block);
        return copy;
    }
}
