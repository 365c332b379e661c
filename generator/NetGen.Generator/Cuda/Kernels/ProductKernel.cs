namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Where the elements of a product's result lie.</summary>
internal abstract record ProductResult
{
    /// <summary>What does not depend on the row of an element of a column.</summary>
    /// <returns>From the row to the element's number, and whether the column is one of the result; null where each is.</returns>
    public abstract (Func<PtxInt, PtxInt> Places, PtxPredicate? IsThere) Column(PtxWriter writer, PtxInt column);
}

/// <summary>Rows behind one another.</summary>
/// <param name="Stride">From one row to the next, in numbers.</param>
internal sealed record MatrixResult(int Stride) : ProductResult
{
    public override (Func<PtxInt, PtxInt> Places, PtxPredicate? IsThere) Column(PtxWriter writer, PtxInt column)
        => (row => writer.MultiplyAdd(row, PtxWriter.Number(Stride), column, "place"), null);
}

/// <summary>Images of samples: a row is a channel, a column a pixel of one of them.</summary>
/// <param name="Channels">Of an image.</param>
/// <param name="Pixels">Of a channel.</param>
internal sealed record ImageResult(int Channels, int Pixels) : ProductResult
{
    public override (Func<PtxInt, PtxInt> Places, PtxPredicate? IsThere) Column(PtxWriter writer, PtxInt column)
    {
        (PtxInt sample, PtxInt pixel) = writer.Divide(column, Pixels, "ofSample", "ofPixel");
        PtxInt first = writer.MultiplyAdd(sample, PtxWriter.Number(Channels * Pixels), pixel, "firstChannel");
        return (row => writer.MultiplyAdd(row, PtxWriter.Number(Pixels), first, "place"), null);
    }
}

/// <summary>Another tensor that lies as a result does: a residual, or what the derivative of an activation is found from.</summary>
/// <param name="Name">What it is, for the text.</param>
/// <param name="Combine">From an element of the result and one of the tensor to what becomes of it.</param>
internal sealed record ProductPartner(string Name, Func<PtxWriter, PtxFloat, PtxFloat, PtxFloat> Combine)
{
    public static ProductPartner Residual { get; } = new("residual", (writer, value, other) => writer.Add(value, other, "value"));
}

/// <summary>
/// C = A · B on the units that its tile names. On ordinary ones each element is a chain of fused multiply-adds from depth 0 on, or where
/// it is very deep a sum of such chains (<see cref="LongSum"/>), so that its bits do not depend on tile or grid. What is added to an
/// element and done with it comes before it is stored.
/// </summary>
/// <remarks>
/// A block copies a tile of both operands to shared memory, where they lie as the units want them, and
/// loads the next tile into registers while it computes. Both are read beyond their ends as zeros, which change no sum.
/// The kernel's parameters are the two operands, scale, bias and partner where there are such, the result, and the counts that are not
/// known when the text is written, in the order rows, columns, depth.
/// </remarks>
internal sealed class ProductKernel(ProductOperand a, ProductOperand b, ProductTile tile)
{
    /// <summary>Rows, columns and depth; null where the launch says.</summary>
    public int? Rows { get; init; }

    /// <inheritdoc cref="Rows"/>
    public int? Columns { get; init; }

    /// <inheritdoc cref="Rows"/>
    public int? Depth { get; init; }

    public required ProductResult Result { get; init; }

    /// <summary>A number for each column, or for each row, is added to each element.</summary>
    public bool HasBias { get; init; }

    /// <summary>The bias is one of rows.</summary>
    public bool IsBiasOfRows { get; init; }

    /// <summary>Each element is multiplied before, by a number that belongs to the bias.</summary>
    public bool HasScale { get; init; }

    /// <summary>
    /// Products beside one another, each with numbers of its own of both operands and with rows of its own of the result: one for each
    /// block along z.
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>Products of each group that are blocks along z as well: its operands and its result ask which.</summary>
    public int Phases { get; init; } = 1;

    /// <summary>Numbers of an operand from one group to the next.</summary>
    public (int OfA, int OfB) GroupStrides { get; init; }

    /// <summary>Another tensor that lies as the result does, and what becomes of an element with one of its own; null for none.</summary>
    public ProductPartner? Partner { get; init; }

    /// <summary>
    /// The depth is divided among blocks along z, so much for each, whose results lie one behind the other; null where each goes through
    /// all of it.
    /// </summary>
    public int? Split { get; init; }

    /// <summary>What becomes of an element then; null for nothing.</summary>
    public Func<PtxWriter, PtxFloat, PtxFloat>? Epilogue { get; init; }

    public ProductTile Tile => tile;

    public string Write(string name, string summary, ProductPrecision precision = ProductPrecision.Float32)
    {
        var writer = new PtxWriter(name, summary, tile.Threads);
        PtxLong aStart = writer.Pointer(a.Name), bStart = writer.Pointer(b.Name);
        PtxLong? scale = HasScale ? writer.Pointer("scale") : null;
        PtxLong? bias = HasBias ? writer.Pointer("bias") : null;
        PtxLong? partner = Partner is null ? null : writer.Pointer(Partner.Name);
        PtxLong result = writer.Pointer("result");
        PtxInt rows = Rows is { } r ? PtxWriter.Number(r) : writer.Count("rows");
        PtxInt columns = Columns is { } c ? PtxWriter.Number(c) : writer.Count("columns");
        PtxInt depth = Depth is { } d ? PtxWriter.Number(d) : writer.Count("depth");
        PtxInt thread = writer.Thread("thread");
        PtxInt firstRow = writer.Multiply(writer.Block("y", "blockRow"), PtxWriter.Number(tile.Rows), "firstRow");
        PtxInt firstColumn = writer.Multiply(writer.Block("x", "blockColumn"), PtxWriter.Number(tile.Columns), "firstColumn");
        PtxInt from = PtxWriter.Number(0);
        PtxInt? layer = null, part = null;
        if (Split is { } perPart)
        {
            (part, layer) = writer.Divide(writer.Block("z", "partLayer"), Groups * Phases, "part", "layer");
            from = writer.Multiply(part, PtxWriter.Number(perPart), "from");
            depth = writer.Minimum(writer.Add(from, PtxWriter.Number(perPart), "end"), depth, "depthEnd");
        }
        PtxInt? group = Groups == 1 ? null
            : writer.Divide(layer ?? writer.Block("z", "layer"), Phases, "group", "phase").Quotient;
        if (group is not null)
        {
            aStart = writer.ElementAddress(aStart, writer.Multiply(group, PtxWriter.Number(GroupStrides.OfA), "ofGroup"), a.Name + "Group");
            bStart = writer.ElementAddress(bStart, writer.Multiply(group, PtxWriter.Number(GroupStrides.OfB), "ofGroup"), b.Name + "Group");
        }
        ProductUnit unit = tile.CreateUnit(writer, precision);
        TileLayout aLayout = unit.Layout(a.IsDepthContiguous, tile.Rows), bLayout = unit.Layout(b.IsDepthContiguous, tile.Columns);
        SharedTile aShared = new(writer.Shared(a.Name + "Tile", aLayout.Size), aLayout),
            bShared = new(writer.Shared(b.Name + "Tile", bLayout.Size), bLayout);
        var loads = new List<TileLoad>();
        loads.AddRange(Loads(writer, a, aStart, aShared, thread, firstRow, rows, from, depth, tile.Rows, Rows, "row"));
        loads.AddRange(Loads(writer, b, bStart, bShared, thread, firstColumn, columns, from, depth, tile.Columns, Columns, "column"));

        unit.Begin(thread, aShared, bShared);
        PtxFloat[,] sums = unit.Sums;
        bool isLong = Split is null && Depth > LongSum.LongDepth;
        PtxDouble[] totals = isLong ? [.. sums.Cast<PtxFloat>().Select(_ => writer.Variable(PtxWriter.Number(0d), "total"))] : [];
        PtxInt own = Split is null ? depth : writer.Subtract(depth, from, "ownDepth");
        writer.Loop("k", own, tile.Depth, k =>
        {
            foreach (TileLoad load in loads)
                load.Store(writer);
            unit.Arrive(loads.SelectMany(load => load.Values));
            writer.Comment("The next tile comes while this one is computed.");
            PtxInt next = writer.Add(k, PtxWriter.Number(tile.Depth), "next");
            foreach (TileLoad load in loads)
                load.Reload(writer, next);
            unit.Multiply(next, own);
            if (isLong)
            {
                PtxInt rest = writer.Divide(next, LongSum.PartDepth, "part", "restOfPart").Remainder;
                PtxPredicate isEnd = writer.Or(writer.Compare("eq", rest, PtxWriter.Number(0), "isPart"),
                    writer.Compare("ge", next, depth, "isLast"), "isEnd");
                writer.If(isEnd, () => AddParts(writer, sums, totals));
            }
            writer.Barrier();
        });
        for (int i = 0; i < totals.Length; i++)
            writer.Set(sums[i / tile.ThreadColumns, i % tile.ThreadColumns], writer.Narrow(totals[i], "sum"));
        if (part is not null)
        {
            PtxInt size = writer.Multiply(writer.Multiply(rows, columns, "ofPart"), PtxWriter.Number(Groups), "partSize");
            result = writer.ElementAddress(result, writer.Multiply(part, size, "partStart"), "resultPart");
        }
        Store(writer, unit, new Targets(result, scale, bias, partner), writer.Add(firstRow, unit.OwnRow, "row"),
            writer.Add(firstColumn, unit.OwnColumn, "column"), rows, columns, group);
        return writer.Render();
    }

    /// <summary>Sums so far go into the totals, and begin anew.</summary>
    private void AddParts(PtxWriter writer, PtxFloat[,] sums, PtxDouble[] totals)
    {
        for (int i = 0; i < totals.Length; i++)
        {
            PtxFloat sum = sums[i / tile.ThreadColumns, i % tile.ThreadColumns];
            writer.Set(totals[i], writer.Add(totals[i], writer.Widen(sum, "wide"), "more"));
            writer.Set(sum, PtxWriter.Number(0f));
        }
    }

    private sealed record Targets(PtxLong Result, PtxLong? Scale, PtxLong? Bias, PtxLong? Partner);

    private void Store(
        PtxWriter writer, ProductUnit unit, Targets targets, PtxInt row, PtxInt column, PtxInt rows, PtxInt columns, PtxInt? group)
    {
        for (int j = 0; j < unit.Columns.Count; j++)
        {
            int number = j;
            PtxInt at = j == 0 ? column : writer.Add(column, PtxWriter.Number(unit.Columns[j]), "columnAt");
            writer.If(writer.Compare("lt", at, columns, "isColumn"), () =>
            {
                (Func<PtxInt, PtxInt> places, PtxPredicate? isThere) = Result.Column(writer, at);
                if (isThere is null)
                    StoreColumn(number, at, places);
                else
                    writer.If(isThere, () => StoreColumn(number, at, places));
            });
        }

        void StoreColumn(int j, PtxInt at, Func<PtxInt, PtxInt> places)
        {
            PtxFloat? ofColumn = targets.Bias is null || IsBiasOfRows ? null : LoadOf(writer, targets.Bias, at, "added");
            PtxFloat? factorOfColumn = targets.Scale is null || IsBiasOfRows ? null : LoadOf(writer, targets.Scale, at, "factor");
            for (int i = 0; i < unit.Rows.Count; i++)
            {
                PtxInt line = i == 0 ? row : writer.Add(row, PtxWriter.Number(unit.Rows[i]), "rowAt");
                PtxFloat sum = unit.Sums[i, j];
                writer.If(writer.Compare("lt", line, rows, "isRow"), () =>
                {
                    PtxInt inAll = group is null ? line : writer.MultiplyAdd(group, rows, line, "rowOfAll");
                    PtxFloat? OfRow(PtxLong? numbers, string stem) => numbers is null ? null : LoadOf(writer, numbers, inAll, stem);
                    PtxFloat? added = IsBiasOfRows ? OfRow(targets.Bias, "added") : ofColumn;
                    PtxFloat? factor = IsBiasOfRows ? OfRow(targets.Scale, "factor") : factorOfColumn;
                    PtxInt place = places(inAll);
                    PtxFloat value = (factor, added) switch
                    {
                        ({ } scale, { } shift) => writer.MultiplyAdd(sum, scale, shift, "value"),
                        ({ } scale, null) => writer.Multiply(sum, scale, "value"),
                        (null, { } shift) => writer.Add(sum, shift, "value"),
                        _ => sum,
                    };
                    if (targets.Partner is not null)
                        value = Partner!.Combine(writer, value, LoadOf(writer, targets.Partner, place, "other"));
                    value = Epilogue?.Invoke(writer, value) ?? value;
                    writer.Store(writer.ElementAddress(targets.Result, place, "to"), value);
                });
            }
        }
    }

    private static PtxFloat LoadOf(PtxWriter writer, PtxLong start, PtxInt index, string stem)
        => writer.Load(writer.ElementAddress(start, index, stem + "At"), stem);

    /// <summary>What one thread copies of an operand's tile, several numbers at a time where they lie so that it can.</summary>
    private IEnumerable<TileLoad> Loads(PtxWriter writer, ProductOperand operand, PtxLong start, SharedTile shared, PtxInt thread,
        PtxInt first, PtxInt count, PtxInt from, PtxInt depth, int extent, int? constantCount, string what)
    {
        // Several at once need as many loads for each thread.
        int? length = operand.IsDepthContiguous ? Depth : constantCount;
        int width = ((int[])[4, 2, 1]).First(count => count == 1
            || (operand.CanRead(count, length) && extent * tile.Depth % (count * tile.Threads) == 0));
        int inLine = (operand.IsDepthContiguous ? tile.Depth : extent) / width, all = extent * tile.Depth / width;
        if (all % tile.Threads != 0)
            throw new InvalidOperationException($"{all} loads are no whole number for each of {tile.Threads} threads.");
        // Where all loads of a thread are at one place of their lines, it is found once: the sums of tensor cores leave few registers.
        (PtxInt Line, PtxInt Inside)? firstLoad = null;
        for (int i = 0; i < all / tile.Threads; i++)
        {
            (PtxInt line, PtxInt inside) = firstLoad is { } known
                ? (writer.Add(known.Line, PtxWriter.Number(i * tile.Threads / inLine), "line"), known.Inside) : FindLoad(i);
            if (tile.IsOfTensorCores && tile.Threads % inLine == 0)
                firstLoad ??= (line, inside);
            (PtxInt own, PtxInt k) = operand.IsDepthContiguous ? (line, inside) : (inside, line);
            PtxInt to = writer.MultiplyAdd(shared.Layout.Place(writer, own, k), PtxWriter.Number(4), shared.At, "tileAt");
            PtxInt global = writer.Add(first, own, what);
            PtxPredicate isThere = writer.Compare("lt", global, count, "isThere");
            PtxInt deep = Split is null ? k : writer.Add(k, from, "deep");
            int stride = operand.IsDepthContiguous ? shared.Layout.DepthStride : shared.Layout.LineStride;
            var load = new TileLoad(operand, operand.Begin(writer, start, global, deep), to, deep, depth, isThere, width, stride);
            load.LoadFirst(writer);
            yield return load;
        }

        (PtxInt Line, PtxInt Inside) FindLoad(int i)
        {
            PtxInt index = i == 0 ? thread : writer.Add(thread, PtxWriter.Number(i * tile.Threads), "load");
            (PtxInt line, PtxInt inside) = writer.Divide(index, inLine, "line", "inside");
            return (line, width > 1 ? writer.Multiply(inside, PtxWriter.Number(width), "inside") : inside);
        }
    }

    /// <summary>Some numbers on their way from global to shared memory.</summary>
    /// <param name="stride">From one of them to the next in shared memory, in numbers.</param>
    private sealed class TileLoad(ProductOperand operand, ProductFetch fetch, PtxInt shared, PtxInt k, PtxInt depth, PtxPredicate isThere,
        int width, int stride)
    {
        public PtxFloat[] Values { get; private set; } = [];

        public void LoadFirst(PtxWriter writer)
        {
            PtxPredicate both = writer.And(isThere, writer.Compare("lt", k, depth, "isDeep"), "both");
            (PtxLong address, PtxPredicate isNumber) = fetch.At(writer, PtxWriter.Number(0), both);
            Values = writer.LoadOrZero(isNumber, address, width, operand.Name + "Next");
        }

        public void Reload(PtxWriter writer, PtxInt next)
        {
            PtxInt at = writer.Add(k, next, "kAt");
            PtxPredicate both = writer.And(isThere, writer.Compare("lt", at, depth, "isDeep"), "both");
            (PtxLong address, PtxPredicate isNumber) = fetch.At(writer, next, both);
            writer.Reload(isNumber, address, Values);
        }

        public void Store(PtxWriter writer)
        {
            if (stride == 1)
            {
                writer.StoreShared(shared, 0, Values);
                return;
            }
            for (int i = 0; i < Values.Length; i++)
                writer.StoreShared(shared, 4 * i * stride, Values[i]);
        }
    }
}
