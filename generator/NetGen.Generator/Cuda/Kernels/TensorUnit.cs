namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Products on tensor cores, which read 11 digits of a number or fewer: what they are given for it says the format.</summary>
/// <remarks>
/// <para>
/// Tensor cores cut their sums off, which shows in long ones; so what they have summed up goes into ordinary sums after each
/// <see cref="PartDepth"/>, and they begin anew (Ootomo and Yokota, arXiv:2203.03341).
/// </para>
/// <para>
/// Infinities and NaN have no two parts, and the largest numbers would be rounded to infinities: a tile with such a number is summed up by
/// fused multiply-adds, in each format, which every thread of the block learns at the barrier behind the tile's stores, at no cost.
/// </para>
/// <para>
/// A warp has 32 rows and 32 columns: two and four of the instruction's, whose fragments <see cref="PtxWriter.MultiplyMatrices"/> and
/// <see cref="PtxWriter.MultiplyBFloat16Matrices"/> tell.
/// </para>
/// </remarks>
internal sealed class TensorUnit(PtxWriter writer, ProductTile tile, TensorFormat format) : ProductUnit
{
    /// <summary>What tensor cores sum up before they begin anew.</summary>
    public const int PartDepth = 32;

    private const int WarpExtent = 32, InstructionRows = 16, InstructionColumns = 8;

    /// <summary>2^127: numbers below it stay finite when they are rounded.</summary>
    private const float Large = 1.7014118e38f;

    private readonly PtxFloat[][] _parts = new PtxFloat[WarpExtent / InstructionRows * (WarpExtent / InstructionColumns)][];
    private PtxInt _aAt = PtxWriter.Number(0), _bAt = PtxWriter.Number(0);
    private SharedTile? _a, _b;
    private PtxPredicate? _isPlain;

    public override IReadOnlyList<int> Rows { get; } = [0, 8, 16, 24];

    public override IReadOnlyList<int> Columns { get; } = [0, 1, 8, 9, 16, 17, 24, 25];

    /// <summary>
    /// As they come, padded so that the 8 lines and 4 depths of a fragment are in 32 banks: 20 · line + depth, or line + 72 · depth. Of two
    /// numbers in a register a lane reads depths 2 t and 2 t + 1: both at once at 24 · line + depth, where half a warp meets 32 banks, or
    /// one after the other at line + 68 · depth.
    /// </summary>
    public override TileLayout Layout(bool isDepthContiguous, int extent)
    {
        int ofLine = tile.Depth + 4 * format.PerWord, ofDepth = extent + 8 / format.PerWord;
        return isDepthContiguous ? new(ofLine, 1, extent * ofLine) : new(1, ofDepth, tile.Depth * ofDepth);
    }

    public override void Begin(PtxInt thread, SharedTile a, SharedTile b)
    {
        (_a, _b) = (a, b);
        (PtxInt warp, PtxInt lane) = writer.Divide(thread, 32, "warp", "lane");
        (PtxInt warpRow, PtxInt warpColumn) = writer.Divide(warp, tile.Columns / WarpExtent, "warpRow", "warpColumn");
        (PtxInt quad, PtxInt inQuad) = writer.Divide(lane, 4, "quad", "inQuad");
        OwnRow = writer.MultiplyAdd(warpRow, PtxWriter.Number(WarpExtent), quad, "ownRow");
        PtxInt ofWarp = writer.Multiply(warpColumn, PtxWriter.Number(WarpExtent), "ofWarp");
        OwnColumn = writer.MultiplyAdd(inQuad, PtxWriter.Number(2), ofWarp, "ownColumn");
        PtxInt ownDepth = format.PerWord == 1 ? inQuad : writer.Multiply(inQuad, PtxWriter.Number(format.PerWord), "ownDepth");
        _aAt = At(a, OwnRow, ownDepth, "aAt");
        _bAt = At(b, writer.Add(ofWarp, quad, "bColumn"), ownDepth, "bAt");
        BeginSums(writer);
        for (int i = 0; i < _parts.Length; i++)
            _parts[i] = [.. Enumerable.Range(0, 4).Select(_ => writer.Variable(PtxWriter.Number(0f), "part"))];
    }

    private PtxInt At(SharedTile shared, PtxInt line, PtxInt k, string stem)
        => writer.MultiplyAdd(shared.Layout.Place(writer, line, k), PtxWriter.Number(4), shared.At, stem);

    public override void Arrive(IEnumerable<PtxFloat> stored)
    {
        PtxPredicate? isPlain = null;
        foreach (PtxFloat value in stored)
        {
            PtxPredicate isSmall = writer.Compare("lt", writer.Absolute(value, "magnitude"), PtxWriter.Number(Large), "isSmall");
            isPlain = isPlain is null ? isSmall : writer.And(isPlain, isSmall, "isPlain");
        }
        _isPlain = writer.BarrierAll(isPlain!, "arePlain");
    }

    public override void Multiply(PtxInt next, PtxInt depth)
    {
        writer.If(_isPlain!, () =>
        {
            for (int k = 0; k < tile.Depth; k += format.Depth)
                MultiplyParts(k);
        });
        writer.If(writer.Not(_isPlain!, "areSome"), MultiplyEach);
        PtxInt rest = writer.Divide(next, PartDepth, "parts", "restOfParts").Remainder;
        PtxPredicate isEnd = writer.Or(writer.Compare("eq", rest, PtxWriter.Number(0), "isFull"),
            writer.Compare("ge", next, depth, "isBehind"), "isHandedOver");
        writer.If(isEnd, HandOver);
    }

    private void MultiplyParts(int k)
    {
        TileLayout a = _a!.Layout, b = _b!.Layout;
        PtxInt[][][] left =
        [
            .. Enumerable.Range(0, WarpExtent / InstructionRows).Select(i => Fragment(_aAt, a, InstructionRows * i, k, 2, "a")),
        ];
        PtxInt[][][] right =
        [
            .. Enumerable.Range(0, WarpExtent / InstructionColumns).Select(j => Fragment(_bAt, b, InstructionColumns * j, k, 1, "b")),
        ];
        // Sums that do not wait for one another come in turn.
        foreach ((int ofLeft, int ofRight) in format.Products)
        {
            for (int i = 0; i < left.Length; i++)
            {
                for (int j = 0; j < right.Length; j++)
                {
                    format.Multiply(writer, _parts[i * right.Length + j], [.. left[i].Select(word => word[ofLeft])],
                        [.. right[j].Select(word => word[ofRight])]);
                }
            }
        }
    }

    /// <summary>A lane's registers of one operand of the instruction, each in its parts.</summary>
    /// <param name="groups">Groups of eight lines.</param>
    private PtxInt[][] Fragment(PtxInt at, TileLayout layout, int line, int k, int groups, string stem)
    {
        var words = new List<PtxInt[]>();
        for (int depth = k; depth < k + format.Depth; depth += 4 * format.PerWord)
        {
            for (int i = 0; i < groups; i++)
            {
                int place = (line + 8 * i) * layout.LineStride + depth * layout.DepthStride;
                words.Add(format.Parts(writer, Word(at, layout, place, stem), stem));
            }
        }
        return [.. words];
    }

    /// <summary>The numbers of a register.</summary>
    private PtxFloat[] Word(PtxInt at, TileLayout layout, int place, string stem) => layout.DepthStride == 1
        ? writer.LoadShared(at, 4 * place, format.PerWord, stem)
        : [.. Enumerable.Range(0, format.PerWord).Select(i => writer.LoadShared(at, 4 * (place + i * layout.DepthStride), 1, stem)[0])];

    /// <summary>A tile by fused multiply-adds, of the same rows and columns.</summary>
    private void MultiplyEach()
    {
        TileLayout a = _a!.Layout, b = _b!.Layout;
        PtxInt aLines = At(_a, OwnRow, PtxWriter.Number(0), "aLines"), bLines = At(_b, OwnColumn, PtxWriter.Number(0), "bLines");
        writer.Loop("inner", PtxWriter.Number(tile.Depth), 1, inner =>
        {
            PtxInt aAt = writer.MultiplyAdd(inner, PtxWriter.Number(4 * a.DepthStride), aLines, "aLine"),
                bAt = writer.MultiplyAdd(inner, PtxWriter.Number(4 * b.DepthStride), bLines, "bLine");
            PtxFloat[] left = [.. Rows.Select(row => writer.LoadShared(aAt, 4 * row * a.LineStride, 1, "a")[0])];
            PtxFloat[] right = [.. Columns.Select(column => writer.LoadShared(bAt, 4 * column * b.LineStride, 1, "b")[0])];
            for (int i = 0; i < left.Length; i++)
            {
                for (int j = 0; j < right.Length; j++)
                    writer.Accumulate(Sums[i, j], left[i], right[j]);
            }
        });
    }

    /// <summary>What tensor cores have summed up goes into the sums.</summary>
    private void HandOver()
    {
        int columns = WarpExtent / InstructionColumns;
        for (int i = 0; i < _parts.Length; i++)
        {
            for (int place = 0; place < 4; place++)
            {
                PtxFloat sum = Sums[i / columns * 2 + place / 2, i % columns * 2 + place % 2], part = _parts[i][place];
                writer.Set(sum, writer.Add(sum, part, "more"));
                writer.Set(part, PtxWriter.Number(0f));
            }
        }
    }
}
