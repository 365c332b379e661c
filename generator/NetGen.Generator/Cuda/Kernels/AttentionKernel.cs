using NetGen.Generator.Functions;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// softmax(scale · q kᵀ) v: a warp for each query of each head. It takes 32 keys at a time, a lane for the score of each, and keeps the
/// largest score so far, the sum of the powers and of the values that they weigh; where a larger score comes, all before is scaled down.
/// </summary>
/// <param name="keepsStatistics">A backward pass reads the logarithm of each query's sum.</param>
internal sealed class AttentionKernel(AttentionShapes shapes, bool keepsStatistics)
{
    private const int Warp = 32;

    private AttentionOp Op => shapes.Op;

    public static RowTeam Team { get; } = RowTeam.For(1);

    /// <summary>Rows of a sample.</summary>
    public int Rows => Op.Heads * shapes.Queries;

    /// <remarks>
    /// Its parameters are those of <see cref="AttentionPairs"/>, the logarithms where they are kept, of dropout what probabilities are
    /// drawn from, the stream and where the former is kept, the output, and how many queries there are.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        var pairs = new AttentionPairs(writer, shapes);
        PtxLong? statistics = keepsStatistics ? writer.Pointer("statistics") : null;
        PtxLong? random = Op.Drops ? writer.Pointer("random") : null;
        AttentionDropout? dropout = random is null ? null
            : new AttentionDropout(writer, shapes, random, isOfSamples: false, writer.Count("stream"));
        PtxLong? drawn = Op.Drops ? writer.Pointer("drawn") : null;
        PtxLong output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        var place = new ElementPlace(writer, work.Row, [Op.Heads, shapes.Queries]);
        PtxInt at = place[1];
        AttentionHead head = pairs.Head(place.Sample, place[0]);
        PtxInt query = pairs.Query(head, at), firstValue = pairs.Value(head, PtxWriter.Number(0));
        AttentionRange keys = pairs.KeysOf(head.Sample, at);

        PtxFloat largest = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "largest");
        PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
        PtxFloat[] results =
            [.. Enumerable.Range(0, AttentionPairs.PerLane(Op.ValueSize)).Select(_ => writer.Variable(PtxWriter.Number(0f), "result"))];
        // A query all of whose keys are masked so far has no score yet.
        PtxFloat Shift(PtxFloat most) => writer.Select(writer.Compare("eq", most, PtxWriter.Number(float.NegativeInfinity), "isNone"),
            PtxWriter.Number(0f), most, "shift");
        writer.For("tile", keys.Begin, keys.End, Warp, tile =>
        {
            PtxInt own = writer.Add(tile, work.Lane, "own");
            PtxFloat score = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "score");
            writer.If(writer.Compare("lt", own, keys.End, "isKey"),
                () => writer.Set(score, pairs.Score(head, at, query, own, pairs.Key(head, own))));
            PtxFloat most = writer.Variable(score, "most");
            writer.CombineWarp(most, (a, b) => writer.Maximum(a, b, "larger"));
            PtxFloat next = writer.Maximum(largest, most, "next"), shift = Shift(next);
            PtxFloat before = writer.Exp(writer.Subtract(largest, shift, "below")),
                power = writer.Exp(writer.Subtract(score, shift, "below"));
            writer.Set(sum, writer.MultiplyAdd(sum, before, power, "total"));
            // A tile's values by themselves first: a sum of many keys keeps more digits so.
            PtxFloat[] ofTile = [.. results.Select(_ => writer.Variable(PtxWriter.Number(0f), "ofTile"))];
            PtxFloat used = dropout is null ? power : writer.Multiply(power, dropout.Factor(head, at, own), "used");
            PtxInt inTile = writer.Minimum(writer.Subtract(keys.End, tile, "left"), PtxWriter.Number(Warp), "inTile");
            writer.Loop("j", inTile, 1, j =>
            {
                PtxFloat weight = writer.FromLane(used, j, "weight");
                PtxInt number = writer.Add(tile, j, "number");
                PtxInt row = writer.MultiplyAdd(number, PtxWriter.Number(shapes.Value.Width), firstValue, "valueRow");
                pairs.EachOwn(Op.ValueSize, work.Lane, (i, feature) =>
                    writer.Accumulate(ofTile[i], weight, writer.Element(pairs.Values, writer.Add(row, feature, "valueAt"), "v")));
            });
            foreach ((PtxFloat result, PtxFloat more) in results.Zip(ofTile, (result, more) => (result, more)))
                writer.Set(result, writer.MultiplyAdd(result, before, more, "scaledDown"));
            writer.Set(largest, next);
        });
        PtxFloat total = writer.Variable(sum, "total");
        writer.CombineWarp(total, (a, b) => writer.Add(a, b, "all"));
        PtxPredicate isEmpty = writer.Compare("eq", total, PtxWriter.Number(0f), "isEmpty");
        PtxFloat inverse = writer.Divide(PtxWriter.Number(1f), total, "inverse");
        inverse = writer.Select(isEmpty, PtxWriter.Number(0f), inverse, "inverse");
        PtxInt headRow = pairs.Row(head, at);
        if (statistics is not null)
        {
            PtxFloat logarithm = writer.Log(total);
            logarithm = writer.Select(isEmpty, PtxWriter.Number(0f), logarithm, "logarithm");
            PtxFloat statistic = writer.Add(Shift(largest), logarithm, "statistic");
            work.IfFirst(() => writer.Store(writer.ElementAddress(statistics, headRow, "statisticTo"), statistic));
        }
        if (drawn is not null)
            KeepDrawn(writer, random!, drawn, head, at, work.Lane);
        PtxInt to = writer.Multiply(headRow, PtxWriter.Number(Op.ValueSize), "outputRow");
        pairs.EachOwn(Op.ValueSize, work.Lane, (i, feature) => writer.Store(
            writer.ElementAddress(output, writer.Add(to, feature, "outputAt"), "to"), writer.Multiply(results[i], inverse, "y")));
        return writer.Render();
    }

    /// <summary>The warp of a sample's first query keeps what is drawn from: the backward pass draws the same again.</summary>
    private static void KeepDrawn(PtxWriter writer, PtxLong random, PtxLong drawn, AttentionHead head, PtxInt at, PtxInt lane)
    {
        PtxPredicate isFirst = writer.Compare("eq", writer.Add(head.Head, at, "sumOfPlaces"), PtxWriter.Number(0), "isFirstQuery"),
            hasWord = writer.Compare("lt", lane, PtxWriter.Number(AttentionOp.DrawnFrom), "hasWord");
        writer.If(writer.And(isFirst, hasWord, "keeps"), () =>
        {
            PtxInt place = writer.MultiplyAdd(head.Sample, PtxWriter.Number(AttentionOp.DrawnFrom), lane, "drawnPlace");
            writer.Store(
                writer.ElementAddress(drawn, place, "drawnTo"), writer.LoadInt(writer.ElementAddress(random, lane, "wordAt"), "word"));
        });
    }
}
