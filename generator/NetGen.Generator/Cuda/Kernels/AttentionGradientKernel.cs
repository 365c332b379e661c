using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The backward pass of attention: probabilities are computed again from the scores and the logarithm of their sum. With P the
/// probabilities and dP = dO vᵀ, the scores' gradient is dS = P (dP − Σ P dP); then dq = scale · dS k, and over all queries
/// dk = scale · dSᵀ q and dv = Pᵀ dO.
/// </summary>
/// <remarks>
/// One kernel has a warp for each query, whose lanes take a key each, the other a warp for each key, whose lanes take a query each. Then
/// the lanes take features, and go through the 32 numbers that they have found. Both compute the probabilities, so that none is ever in
/// memory.
/// </remarks>
internal sealed class AttentionGradientKernel(AttentionShapes shapes)
{
    private const int Warp = 32;

    private AttentionOp Op => shapes.Op;

    public static RowTeam Team { get; } = RowTeam.For(1);

    /// <summary>Queries of all heads of a sample.</summary>
    public int QueryRows => Op.Heads * shapes.Queries;

    /// <summary>Keys of all their heads.</summary>
    public int KeyRows => Op.KeyValueHeads * shapes.Keys;

    /// <summary>The means of the gradients of each query's probabilities.</summary>
    /// <remarks>Its parameters are those of <see cref="AttentionSlopes"/>, the means, and how many queries there are.</remarks>
    public string WriteMeans(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        var slopes = new AttentionSlopes(writer, shapes);
        PtxLong means = writer.Pointer("means");
        BeginQuery(writer, slopes, means);
        return writer.Render();
    }

    /// <summary>The same, and the gradients of the queries.</summary>
    /// <remarks>Its parameters are those of <see cref="WriteMeans"/>, with the gradients behind the means.</remarks>
    public string WriteQueries(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        var slopes = new AttentionSlopes(writer, shapes);
        PtxLong means = writer.Pointer("means"), gradients = writer.Pointer("queryGradient");
        (AttentionQuery query, AttentionRange keys, PtxFloat mean, PtxInt lane) = BeginQuery(writer, slopes, means);
        PtxInt firstKey = slopes.Pairs.Key(query.Head, PtxWriter.Number(0));
        LongSum[] sums = Sums(writer, Op.HeadSize, shapes.Keys);
        writer.For("keyTile", keys.Begin, keys.End, Warp, tile =>
        {
            PtxInt own = writer.Add(tile, lane, "own");
            PtxFloat slope = writer.Variable(PtxWriter.Number(0f), "ownSlope");
            writer.If(writer.Compare("lt", own, keys.End, "isKey"), () => writer.Set(slope, slopes.Slope(slopes.Pair(query, own), mean)));
            EachOfTile(writer, tile, keys.End, j =>
            {
                PtxFloat weight = writer.FromLane(slope, j, "weight");
                PtxInt number = writer.Add(tile, j, "number");
                PtxInt row = writer.MultiplyAdd(number, PtxWriter.Number(shapes.Key.Width), firstKey, "keyRow");
                slopes.Pairs.EachOwn(Op.HeadSize, lane, (i, feature) => sums[i].Accumulate(
                    weight, writer.Element(slopes.Pairs.Keys, writer.Add(row, feature, "keyPlace"), "k"), number));
            });
        });
        slopes.Pairs.EachOwn(Op.HeadSize, lane, (i, feature) => Store(writer, gradients, query.Start, feature,
            writer.Multiply(sums[i].Total, PtxWriter.Number(Op.Scale), "dq")));
        return writer.Render();
    }

    /// <summary>The gradients of keys and values, from all queries of all heads that share them.</summary>
    /// <remarks>
    /// Its parameters are those of <see cref="AttentionSlopes"/>, the means, the gradients of keys and of values, and how many keys there
    /// are.
    /// </remarks>
    public string WriteKeys(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        var slopes = new AttentionSlopes(writer, shapes);
        AttentionPairs pairs = slopes.Pairs;
        PtxLong means = writer.Pointer("means"), keyGradients = writer.Pointer("keyGradient"),
            valueGradients = writer.Pointer("valueGradient");
        RowWork work = Team.Begin(writer);
        var place = new ElementPlace(writer, work.Row, [Op.KeyValueHeads, shapes.Keys]);
        (PtxInt sample, PtxInt shared, PtxInt key) = (place.Sample, place[0], place[1]);
        AttentionRange queries = pairs.QueriesOf(sample, key);
        long most = (long)shapes.Group * shapes.Queries;
        LongSum[] ofKey = Sums(writer, Op.HeadSize, most), ofValue = Sums(writer, Op.ValueSize, most);
        PtxInt done = writer.Variable(PtxWriter.Number(0), "done");
        writer.Loop("inGroup", PtxWriter.Number(shapes.Group), 1, inGroup =>
        {
            AttentionHead head = pairs.Head(sample, writer.MultiplyAdd(shared, PtxWriter.Number(shapes.Group), inGroup, "head"), shared);
            writer.For("queryTile", queries.Begin, queries.End, Warp, tile =>
            {
                PtxInt own = writer.Add(tile, work.Lane, "own");
                PtxFloat slope = writer.Variable(PtxWriter.Number(0f), "ownSlope"),
                    used = writer.Variable(PtxWriter.Number(0f), "ownShare");
                writer.If(writer.Compare("lt", own, queries.End, "isQuery"), () =>
                {
                    AttentionQuery query = slopes.Query(head, own);
                    AttentionPair pair = slopes.Pair(query, key);
                    writer.Set(slope, slopes.Slope(pair, writer.Element(means, query.Row, "mean")));
                    writer.Set(used, pair.Used);
                });
                EachOfTile(writer, tile, queries.End, j =>
                {
                    PtxFloat ofScore = writer.FromLane(slope, j, "ofScore"), share = writer.FromLane(used, j, "weight");
                    PtxInt at = writer.Add(tile, j, "number"), query = pairs.Query(head, at);
                    pairs.EachOwn(Op.HeadSize, work.Lane, (i, feature) => ofKey[i].Accumulate(
                        ofScore, writer.Element(pairs.Queries, writer.Add(query, feature, "queryPlace"), "q"), done));
                    PtxInt output = writer.Multiply(pairs.Row(head, at), PtxWriter.Number(Op.ValueSize), "outputRow");
                    pairs.EachOwn(Op.ValueSize, work.Lane, (i, feature) => ofValue[i].Accumulate(
                        share, writer.Element(slopes.OutputGradient, writer.Add(output, feature, "outputPlace"), "dy"), done));
                    writer.Set(done, writer.Add(done, PtxWriter.Number(1), "next"));
                });
            });
        });
        AttentionHead own = pairs.Head(sample, shared, shared);
        PtxInt keyStart = pairs.Key(own, key), valueStart = pairs.Value(own, key);
        pairs.EachOwn(Op.HeadSize, work.Lane, (i, feature) => Store(writer, keyGradients, keyStart, feature,
            writer.Multiply(ofKey[i].Total, PtxWriter.Number(Op.Scale), "dk")));
        pairs.EachOwn(Op.ValueSize, work.Lane, (i, feature) => Store(writer, valueGradients, valueStart, feature, ofValue[i].Total));
        return writer.Render();
    }

    /// <summary>Finds a warp's query, its keys and its mean, which is kept.</summary>
    private (AttentionQuery Query, AttentionRange Keys, PtxFloat Mean, PtxInt Lane) BeginQuery(
        PtxWriter writer, AttentionSlopes slopes, PtxLong means)
    {
        RowWork work = Team.Begin(writer);
        var place = new ElementPlace(writer, work.Row, [Op.Heads, shapes.Queries]);
        AttentionHead head = slopes.Pairs.Head(place.Sample, place[0]);
        AttentionQuery query = slopes.Query(head, place[1]);
        AttentionRange keys = slopes.Pairs.KeysOf(head.Sample, query.At);
        PtxFloat mean = slopes.Mean(query, keys, work.Lane);
        work.IfFirst(() => writer.Store(writer.ElementAddress(means, query.Row, "meanTo"), mean));
        return (query, keys, mean, work.Lane);
    }

    /// <summary>A sum for each feature of a head that a lane has.</summary>
    private static LongSum[] Sums(PtxWriter writer, int features, long most)
        => [.. Enumerable.Range(0, AttentionPairs.PerLane(features)).Select(_ => new LongSum(writer, most))];

    private static void EachOfTile(PtxWriter writer, PtxInt tile, PtxInt end, Action<PtxInt> body)
        => writer.Loop("j", writer.Minimum(writer.Subtract(end, tile, "left"), PtxWriter.Number(Warp), "inTile"), 1, body);

    private static void Store(PtxWriter writer, PtxLong array, PtxInt start, PtxInt feature, PtxFloat value)
        => writer.Store(writer.ElementAddress(array, writer.Add(start, feature, "place"), "to"), value);
}
