namespace NetGen.Generator.Cuda.Kernels;

/// <summary>How the numbers of an operand's tile lie in shared memory.</summary>
/// <param name="LineStride">From one line to the next, in numbers.</param>
/// <param name="DepthStride">From one depth to the next; one of both is 1.</param>
/// <param name="Size">Numbers that the tile takes.</param>
internal sealed record TileLayout(int LineStride, int DepthStride, int Size)
{
    /// <summary>The number of an element.</summary>
    public PtxInt Place(PtxWriter writer, PtxInt line, PtxInt k) => LineStride == 1
        ? writer.MultiplyAdd(k, PtxWriter.Number(DepthStride), line, "tilePlace")
        : writer.MultiplyAdd(line, PtxWriter.Number(LineStride), k, "tilePlace");
}

/// <summary>An operand's tile in shared memory.</summary>
/// <param name="At">Its address.</param>
internal sealed record SharedTile(PtxInt At, TileLayout Layout);

/// <summary>The part of a <see cref="ProductKernel"/> between the tiles in shared memory and a thread's sums.</summary>
internal abstract class ProductUnit
{
    /// <summary>A thread's first row in the block.</summary>
    public PtxInt OwnRow { get; protected set; } = PtxWriter.Number(0);

    /// <summary>Its first column.</summary>
    public PtxInt OwnColumn { get; protected set; } = PtxWriter.Number(0);

    /// <summary>Its rows, counted from the first.</summary>
    public abstract IReadOnlyList<int> Rows { get; }

    /// <summary>Its columns, counted from the first.</summary>
    public abstract IReadOnlyList<int> Columns { get; }

    /// <summary>The sums of its rows and columns.</summary>
    public PtxFloat[,] Sums { get; private set; } = new PtxFloat[0, 0];

    /// <summary>How an operand's tile lies.</summary>
    /// <param name="extent">Its lines.</param>
    public abstract TileLayout Layout(bool isDepthContiguous, int extent);

    /// <summary>Finds what a thread reads and sums up.</summary>
    public abstract void Begin(PtxInt thread, SharedTile a, SharedTile b);

    /// <summary>Waits until all of a tile is in shared memory.</summary>
    /// <param name="stored">What the thread itself has put there.</param>
    public abstract void Arrive(IEnumerable<PtxFloat> stored);

    /// <summary>Adds a tile's products.</summary>
    /// <param name="next">Where the next tile begins in the block's depth.</param>
    /// <param name="depth">The block's depth: behind the last tile all must be in <see cref="Sums"/>.</param>
    public abstract void Multiply(PtxInt next, PtxInt depth);

    protected void BeginSums(PtxWriter writer)
    {
        Sums = new PtxFloat[Rows.Count, Columns.Count];
        for (int i = 0; i < Rows.Count; i++)
        {
            for (int j = 0; j < Columns.Count; j++)
                Sums[i, j] = writer.Variable(PtxWriter.Number(0f), $"sum{i}{(char)('a' + j)}");
        }
    }
}

/// <summary>Fused multiply-adds, of a few rows and columns that lie side by side.</summary>
internal sealed class OrdinaryUnit(PtxWriter writer, ProductTile tile) : ProductUnit
{
    private PtxInt _aAt = PtxWriter.Number(0), _bAt = PtxWriter.Number(0);
    private int _aStride, _bStride;

    public override IReadOnlyList<int> Rows { get; } = [.. Enumerable.Range(0, tile.ThreadRows)];

    public override IReadOnlyList<int> Columns { get; } = [.. Enumerable.Range(0, tile.ThreadColumns)];

    /// <summary>
    /// The depth outermost, so that threads read several lines at once, and padded, so that threads that store one column meet different
    /// banks.
    /// </summary>
    public override TileLayout Layout(bool isDepthContiguous, int extent) => new(1, extent + 4, tile.Depth * (extent + 4));

    public override void Begin(PtxInt thread, SharedTile a, SharedTile b)
    {
        (PtxInt threadRow, PtxInt threadColumn) = writer.Divide(thread, tile.Columns / tile.ThreadColumns, "threadRow", "threadColumn");
        OwnRow = writer.Multiply(threadRow, PtxWriter.Number(tile.ThreadRows), "ownRow");
        OwnColumn = writer.Multiply(threadColumn, PtxWriter.Number(tile.ThreadColumns), "ownColumn");
        _aAt = writer.MultiplyAdd(OwnRow, PtxWriter.Number(4), a.At, "aAt");
        _bAt = writer.MultiplyAdd(OwnColumn, PtxWriter.Number(4), b.At, "bAt");
        (_aStride, _bStride) = (a.Layout.DepthStride, b.Layout.DepthStride);
        BeginSums(writer);
    }

    public override void Arrive(IEnumerable<PtxFloat> stored) => writer.Barrier();

    public override void Multiply(PtxInt next, PtxInt depth)
    {
        for (int inner = 0; inner < tile.Depth; inner++)
        {
            PtxFloat[] left = LoadLine(_aAt, 4 * inner * _aStride, tile.ThreadRows, "a");
            PtxFloat[] right = LoadLine(_bAt, 4 * inner * _bStride, tile.ThreadColumns, "b");
            for (int i = 0; i < left.Length; i++)
            {
                for (int j = 0; j < right.Length; j++)
                    writer.Accumulate(Sums[i, j], left[i], right[j]);
            }
        }
    }

    private PtxFloat[] LoadLine(PtxInt address, int offset, int count, string stem)
    {
        int width = Math.Min(count, 4);
        return [.. Enumerable.Range(0, count / width).SelectMany(i => writer.LoadShared(address, offset + 4 * i * width, width, stem))];
    }
}
