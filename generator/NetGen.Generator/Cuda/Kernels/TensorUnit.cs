namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Products of float32 on tensor cores, which read 11 digits of a number: each is split into a large part of 11 digits and a small one of
/// the next 11 (Markidis et al., arXiv:1803.04014), and large · large, large · small and small · large are summed up, the small ones first.
/// </summary>
/// <remarks>
/// <para>
/// Tensor cores cut their sums off, which shows in long ones; so what they have summed up goes into ordinary sums after each
/// <see cref="PartDepth"/>, and they begin anew (Ootomo and Yokota, arXiv:2203.03341).
/// </para>
/// <para>
/// Infinities and NaN have no two parts, and the largest numbers would be rounded to infinities: a tile with such a number is summed up by
/// fused multiply-adds, which every thread of the block learns at the barrier behind the tile's stores, at no cost.
/// </para>
/// <para>
/// A warp has 32 rows and 32 columns: two and four of the instruction's, whose fragments <see cref="PtxWriter.MultiplyMatrices"/> tells.
/// </para>
/// </remarks>
internal sealed class TensorUnit(PtxWriter writer, ProductTile tile) : ProductUnit
{
    /// <summary>What tensor cores sum up before they begin anew.</summary>
    public const int PartDepth = 32;

    private const int WarpExtent = 32, InstructionRows = 16, InstructionColumns = 8, InstructionDepth = 8;

    /// <summary>The upper 19 bits.</summary>
    private const int TensorFloatBits = unchecked((int)0xFFFFE000);

    /// <summary>2^127: numbers below it stay finite when they are rounded.</summary>
    private const float Large = 1.7014118e38f;

    private readonly PtxFloat[][] _parts = new PtxFloat[WarpExtent / InstructionRows * (WarpExtent / InstructionColumns)][];
    private PtxInt _aAt = PtxWriter.Number(0), _bAt = PtxWriter.Number(0);
    private SharedTile? _a, _b;
    private PtxPredicate? _isPlain;

    public override IReadOnlyList<int> Rows { get; } = [0, 8, 16, 24];

    public override IReadOnlyList<int> Columns { get; } = [0, 1, 8, 9, 16, 17, 24, 25];

    /// <summary>
    /// As they come, padded so that the 8 lines and 4 depths of a fragment are in 32 banks: 20 · line + depth, or line + 72 · depth.
    /// </summary>
    public override TileLayout Layout(bool isDepthContiguous, int extent) => isDepthContiguous
        ? new(tile.Depth + 4, 1, extent * (tile.Depth + 4)) : new(1, extent + 8, tile.Depth * (extent + 8));

    public override void Begin(PtxInt thread, SharedTile a, SharedTile b)
    {
        (_a, _b) = (a, b);
        (PtxInt warp, PtxInt lane) = writer.Divide(thread, 32, "warp", "lane");
        (PtxInt warpRow, PtxInt warpColumn) = writer.Divide(warp, tile.Columns / WarpExtent, "warpRow", "warpColumn");
        (PtxInt quad, PtxInt inQuad) = writer.Divide(lane, 4, "quad", "inQuad");
        OwnRow = writer.MultiplyAdd(warpRow, PtxWriter.Number(WarpExtent), quad, "ownRow");
        PtxInt ofWarp = writer.Multiply(warpColumn, PtxWriter.Number(WarpExtent), "ofWarp");
        OwnColumn = writer.MultiplyAdd(inQuad, PtxWriter.Number(2), ofWarp, "ownColumn");
        _aAt = At(a, OwnRow, inQuad, "aAt");
        _bAt = At(b, writer.Add(ofWarp, quad, "bColumn"), inQuad, "bAt");
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
            for (int k = 0; k < tile.Depth; k += InstructionDepth)
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
        (PtxInt Large, PtxInt Small)[][] left =
        [
            .. Enumerable.Range(0, WarpExtent / InstructionRows).Select(i => Fragment(_aAt, a, InstructionRows * i, k, 2, "a")),
        ];
        (PtxInt Large, PtxInt Small)[][] right =
        [
            .. Enumerable.Range(0, WarpExtent / InstructionColumns).Select(j => Fragment(_bAt, b, InstructionColumns * j, k, 1, "b")),
        ];
        // Sums that do not wait for one another come in turn.
        Add(left, right, word => word.Small, word => word.Large);
        Add(left, right, word => word.Large, word => word.Small);
        Add(left, right, word => word.Large, word => word.Large);
    }

    private void Add((PtxInt, PtxInt)[][] left, (PtxInt, PtxInt)[][] right, Func<(PtxInt Large, PtxInt Small), PtxInt> ofLeft,
        Func<(PtxInt Large, PtxInt Small), PtxInt> ofRight)
    {
        for (int i = 0; i < left.Length; i++)
        {
            for (int j = 0; j < right.Length; j++)
                writer.MultiplyMatrices(_parts[i * right.Length + j], [.. left[i].Select(ofLeft)], [.. right[j].Select(ofRight)]);
        }
    }

    /// <summary>A lane's numbers of one operand of the instruction, in both parts.</summary>
    /// <param name="groups">Groups of eight lines.</param>
    private (PtxInt Large, PtxInt Small)[] Fragment(PtxInt at, TileLayout layout, int line, int k, int groups, string stem)
    {
        var words = new List<(PtxInt, PtxInt)>();
        for (int depth = k; depth < k + InstructionDepth; depth += 4)
        {
            for (int i = 0; i < groups; i++)
            {
                int place = (line + 8 * i) * layout.LineStride + depth * layout.DepthStride;
                words.Add(Split(writer.LoadShared(at, 4 * place, 1, stem)[0], stem));
            }
        }
        return [.. words];
    }

    private (PtxInt Large, PtxInt Small) Split(PtxFloat value, string stem)
    {
        PtxInt large = writer.And(writer.RoundToTensorFloat(value, stem + "Rounded"), TensorFloatBits, stem + "Large");
        PtxFloat rest = writer.Subtract(value, writer.NumberOf(large, stem + "Number"), stem + "Rest");
        return (large, writer.RoundToTensorFloat(rest, stem + "Small"));
    }

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
