namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Gradients of the rows of a table. A warp for each int of the batch: where an int before it names the same row, it has nothing to do;
/// otherwise it goes through all behind it, and adds up what flows back to those that name the row. So each row is written once, in the
/// order of the batch, and nothing depends on which warp comes first.
/// </summary>
/// <param name="features">Numbers of a row.</param>
/// <param name="length">Ints of a sample, or the most of them.</param>
/// <param name="hasLengths">Samples bring how many ints they have.</param>
/// <param name="padding">The row that has no gradient; null where all do.</param>
internal sealed class TableGradientKernel(int features, int length, bool hasLengths, int? padding)
{
    /// <summary>Threads of a block, a warp for each int.</summary>
    public const int Threads = 128;

    public const int PerBlock = Threads / Warp;

    private const int Warp = 32;

    /// <remarks>
    /// Its parameters are the ints, the gradient, the lengths where there are such, the table's gradient, and how many ints there are.
    /// </remarks>
    public string WriteEmbedding(string name, string summary, float scale)
        => Write(name, summary, hasWeights: false, (writer, pointers, place, feature) =>
        {
            PtxFloat dy = writer.Element(pointers.Gradient,
                writer.MultiplyAdd(place, PtxWriter.Number(features), feature, "gradientAt"), "dy");
            return scale == 1 ? dy : writer.Multiply(dy, PtxWriter.Number(scale), "scaled");
        });

    /// <remarks>
    /// Its parameters are the ints, the gradient, the ints' weights and the lengths where there are such, the table's gradient, and how
    /// many ints there are.
    /// </remarks>
    public string WriteBag(string name, string summary, bool isMean, bool hasWeights)
        => Write(name, summary, hasWeights, (writer, pointers, place, feature) =>
        {
            PtxInt sample = writer.Divide(place, length, "sample", "inSample").Quotient;
            PtxFloat dy = writer.Element(pointers.Gradient,
                writer.MultiplyAdd(sample, PtxWriter.Number(features), feature, "gradientAt"), "dy");
            if (pointers.Weights is not null)
                dy = writer.Multiply(dy, writer.Element(pointers.Weights, place, "weight"), "weighted");
            return isMean ? writer.Divide(dy, Counted(writer, pointers, sample), "share") : dy;
        });

    private sealed record Pointers(PtxLong Ints, PtxLong Gradient, PtxLong? Weights, PtxLong? Lengths);

    private string Write(string name, string summary, bool hasWeights, Func<PtxWriter, Pointers, PtxInt, PtxInt, PtxFloat> term)
    {
        var writer = new PtxWriter(name, summary, Threads);
        var pointers = new Pointers(writer.Pointer("ints"), writer.Pointer("gradient"), hasWeights ? writer.Pointer("weights") : null,
            hasLengths ? writer.Pointer("lengths") : null);
        PtxLong table = writer.Pointer("table");
        (PtxInt own, PtxInt row, PtxInt lane, PtxInt count) = Begin(writer, pointers);
        int perLane = Math.Min(4, (features + Warp - 1) / Warp);
        for (int start = 0; start < features; start += perLane * Warp)
        {
            PtxDouble[] sums = [.. Enumerable.Range(0, perLane).Select(_ => writer.Variable(PtxWriter.Number(0d), "sum"))];
            PtxInt[] ofLane = [.. sums.Select((_, i) => writer.Add(lane, PtxWriter.Number(start + i * Warp), "feature"))];
            void EachFeature(Action<int> body)
            {
                for (int i = 0; i < perLane; i++)
                {
                    int one = i;
                    writer.If(writer.Compare("lt", ofLane[i], PtxWriter.Number(features), "isFeature"), () => body(one));
                }
            }
            writer.For("later", own, count, 1, later => writer.If(
                writer.Compare("eq", RowOf(writer, pointers, later), row, "isSame"), () => EachFeature(i => writer.Set(sums[i],
                    writer.Add(sums[i], writer.Widen(term(writer, pointers, later, ofLane[i]), "wide"), "more")))));
            EachFeature(i => writer.Store(writer.ElementAddress(table,
                writer.MultiplyAdd(row, PtxWriter.Number(features), ofLane[i], "toAt"), "to"), writer.Narrow(sums[i], "total")));
        }
        return writer.Render();
    }

    /// <summary>Scales the rows that are looked up, each once.</summary>
    /// <remarks>
    /// Its parameters are the ints, the lengths where there are such, each int's factor, the table, and how many ints there are.
    /// </remarks>
    public string WriteBound(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong ints = writer.Pointer("ints");
        var pointers = new Pointers(ints, ints, null, hasLengths ? writer.Pointer("lengths") : null);
        PtxLong factors = writer.Pointer("factors"), table = writer.Pointer("table");
        (PtxInt own, PtxInt row, PtxInt lane, _) = Begin(writer, pointers);
        PtxInt first = writer.Multiply(row, PtxWriter.Number(features), "firstOfRow");
        PtxFloat factor = writer.Element(factors, own, "factor");
        writer.For("feature", lane, PtxWriter.Number(features), Warp, feature =>
        {
            PtxLong at = writer.ElementAddress(table, writer.Add(first, feature, "at"), "valueAt");
            writer.Store(at, writer.Multiply(writer.Load(at, "value"), factor, "bounded"));
        });
        return writer.Render();
    }

    /// <summary>What the rows of ints are multiplied by so that their norms are no larger than they may be.</summary>
    /// <remarks>Its parameters are the ints, the table, the factors, and how many ints there are.</remarks>
    public string WriteFactors(string name, string summary, double most) => EachElementKernel.Write(name, summary, ["ints", "table"],
        (writer, pointers, element) =>
    {
        PtxInt row = writer.LoadInt(writer.ElementAddress(pointers[0], element, "intAt"), "row");
        return TableKernels.NormFactor(writer, pointers[1], writer.Multiply(row, PtxWriter.Number(features), "start"), features, most);
    });

    /// <summary>Ends the warps whose int counts for nothing, or names a row that one before it names.</summary>
    private (PtxInt Own, PtxInt Row, PtxInt Lane, PtxInt Count) Begin(PtxWriter writer, Pointers pointers)
    {
        PtxInt count = writer.Count("count");
        (PtxInt own, PtxInt lane) = writer.Divide(writer.ThreadOfGrid("place"), Warp, "own", "lane");
        writer.ReturnIf(writer.Compare("ge", own, count, "isBehind"));
        PtxInt row = RowOf(writer, pointers, own);
        writer.ReturnIf(writer.Compare("lt", row, PtxWriter.Number(0), "isNone"));
        // 32 at a time.
        PtxFloat before = writer.Variable(PtxWriter.Number(0f), "before");
        writer.For("first", PtxWriter.Number(0), own, Warp, first =>
        {
            PtxInt other = writer.Add(first, lane, "other");
            writer.If(writer.Compare("lt", other, own, "isBefore"), () =>
                writer.If(writer.Compare("eq", RowOf(writer, pointers, other), row, "isSame"),
                    () => writer.Set(before, PtxWriter.Number(1f))));
        });
        writer.CombineWarp(before, (a, b) => writer.Maximum(a, b, "any"), "others");
        writer.ReturnIf(writer.Compare("gt", before, PtxWriter.Number(0f), "isKnown"));
        return (own, row, lane, count);
    }

    /// <summary>The row that an int names; negative where it counts for nothing.</summary>
    private PtxInt RowOf(PtxWriter writer, Pointers pointers, PtxInt place)
    {
        PtxInt none = PtxWriter.Number(-1);
        PtxInt row = writer.LoadInt(writer.ElementAddress(pointers.Ints, place, "intAt"), "row");
        if (padding is { } ignored)
            row = writer.Select(writer.Compare("eq", row, PtxWriter.Number(ignored), "isPadding"), none, row, "row");
        if (pointers.Lengths is null)
            return row;
        (PtxInt sample, PtxInt at) = writer.Divide(place, length, "sample", "inSample");
        PtxInt own = writer.LoadInt(writer.ElementAddress(pointers.Lengths, sample, "lengthAt"), "length");
        return writer.Select(writer.Compare("lt", at, own, "isThere"), row, none, "row");
    }

    /// <summary>How many ints of a sample count.</summary>
    private PtxFloat Counted(PtxWriter writer, Pointers pointers, PtxInt sample)
    {
        PtxInt count = pointers.Lengths is null ? PtxWriter.Number(length)
            : writer.LoadInt(writer.ElementAddress(pointers.Lengths, sample, "lengthAt"), "length");
        if (padding is null)
            return writer.Convert(count, "counted");
        PtxInt first = writer.Multiply(sample, PtxWriter.Number(length), "first");
        PtxInt counted = writer.Variable(PtxWriter.Number(0), "countedInts");
        writer.Loop("i", count, 1, i =>
        {
            PtxInt row = writer.LoadInt(writer.ElementAddress(pointers.Ints, writer.Add(first, i, "at"), "intAt"), "row");
            PtxPredicate isOne = writer.Compare("ne", row, PtxWriter.Number(padding.Value), "counts");
            writer.Set(counted, writer.Add(counted, writer.Select(isOne, PtxWriter.Number(1), PtxWriter.Number(0), "one"), "more"));
        });
        return writer.Convert(writer.Maximum(counted, PtxWriter.Number(1), "divisor"), "counted");
    }

    /// <summary>Of maxima, whose rows differ from feature to feature: a thread for each, in the same manner.</summary>
    /// <remarks>
    /// Its parameters are the rows that maxima are from, the gradient, the table's gradient, and how many maxima there are.
    /// </remarks>
    public static string WriteMaxima(string name, string summary, int features)
    {
        var writer = new PtxWriter(name, summary, EachElementKernel.Threads);
        PtxLong rows = writer.Pointer("rows"), gradient = writer.Pointer("gradient"), table = writer.Pointer("table");
        PtxInt count = writer.Count("count"), own = writer.ThreadOfGrid("element");
        writer.ReturnIf(writer.Compare("ge", own, count, "isBehind"));
        PtxInt RowAt(PtxInt at) => writer.LoadInt(writer.ElementAddress(rows, at, "rowAt"), "row");
        PtxInt row = RowAt(own), feature = writer.Divide(own, features, "sample", "feature").Remainder;
        writer.ReturnIf(writer.Compare("lt", row, PtxWriter.Number(0), "isNone"));
        PtxInt isKnown = writer.Variable(PtxWriter.Number(0), "known");
        writer.For("before", feature, own, features, before => writer.If(writer.Compare("eq", RowAt(before), row, "isSame"),
            () => writer.Set(isKnown, PtxWriter.Number(1))));
        writer.ReturnIf(writer.Compare("gt", isKnown, PtxWriter.Number(0), "isWritten"));
        PtxDouble sum = writer.Variable(PtxWriter.Number(0d), "sum");
        writer.For("later", own, count, features, later => writer.If(writer.Compare("eq", RowAt(later), row, "isSame"), () => writer.Set(
            sum, writer.Add(sum, writer.Widen(writer.Element(gradient, later, "dy"), "wide"), "more"))));
        writer.Store(writer.ElementAddress(table, writer.MultiplyAdd(row, PtxWriter.Number(features), feature, "toAt"), "to"),
            writer.Narrow(sum, "total"));
        return writer.Render();
    }

    /// <summary>The gradients of weights of ints: a team for each.</summary>
    /// <remarks>
    /// Its parameters are the ints, the gradient, the table, the lengths where there are such, the result, and how many ints there are.
    /// </remarks>
    public string WriteWeights(string name, string summary, RowTeam team)
    {
        var writer = new PtxWriter(name, summary, team.Threads);
        PtxLong ints = writer.Pointer("ints"), gradient = writer.Pointer("gradient"), table = writer.Pointer("table");
        var pointers = new Pointers(ints, gradient, null, hasLengths ? writer.Pointer("lengths") : null);
        PtxLong output = writer.Pointer("output");
        RowWork work = team.Begin(writer);
        PtxInt row = RowOf(writer, pointers, work.Row), sample = writer.Divide(work.Row, length, "ofSample", "rest").Quotient;
        PtxPredicate counts = writer.Compare("ge", row, PtxWriter.Number(0), "counts");
        PtxInt first = writer.Multiply(writer.Maximum(row, PtxWriter.Number(0), "known"), PtxWriter.Number(features), "firstOfRow");
        PtxInt flow = writer.Multiply(sample, PtxWriter.Number(features), "firstOfFlow");
        PtxFloat product = work.Sum(PtxWriter.Number(features), features, place => writer.Multiply(
            writer.Element(table, writer.Add(first, place, "at"), "value"),
            writer.Element(gradient, writer.Add(flow, place, "flowAt"), "dy"), "product"));
        work.IfFirst(() => writer.Store(
            writer.ElementAddress(output, work.Row, "to"), writer.Select(counts, product, PtxWriter.Number(0f), "dw")));
        return writer.Render();
    }
}
