using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// softmax(scale · q kᵀ) v: a warp for each query of each head. It takes 32 keys at a time, a lane for the score of each, and keeps the
/// largest score so far, the sum of the powers and of the values that they weigh; where a larger score comes, all before is scaled down.
/// </summary>
/// <param name="query">Shape of the value that has the queries; likewise the others.</param>
/// <param name="mask">What is added to the scores; null for nothing.</param>
internal sealed class AttentionKernel(AttentionOp op, TensorShape query, TensorShape key, TensorShape value, TensorShape? mask)
{
    private const int Warp = 32;

    /// <summary>Of a head.</summary>
    private int Queries => query.Channels;

    private int Keys => key.Channels;

    /// <summary>Numbers of a head's result that a lane has.</summary>
    private int PerLane => (op.ValueSize + Warp - 1) / Warp;

    public static RowTeam Team { get; } = RowTeam.For(1);

    /// <summary>Rows of a sample.</summary>
    public int Rows => op.Heads * Queries;

    /// <remarks>
    /// Its parameters are query, key, value, the mask and the samples' numbers of keys where there are such, the output, and how many
    /// queries there are.
    /// </remarks>
    public string Write(string name, string summary, IEnumerable<float> slopes)
    {
        var writer = new PtxWriter(name, summary, Team.Threads);
        PtxLong queries = writer.Pointer("query"), keys = writer.Pointer("key"), values = writer.Pointer("value");
        PtxLong? added = mask is null ? null : writer.Pointer("mask"), lengths = key.HasLengths ? writer.Pointer("lengths") : null;
        PtxLong output = writer.Pointer("output");
        RowWork work = Team.Begin(writer);
        var place = new ElementPlace(writer, work.Row, [op.Heads, Queries]);
        (PtxInt sample, PtxInt head, PtxInt at) = (place.Sample, place[0], place[1]);
        int group = op.Heads / op.KeyValueHeads;
        PtxInt keyHead = group == 1 ? head : writer.Divide(head, group, "keyHead", "rest").Quotient;
        PtxInt ofQuery = Start(writer, query, sample, at, op.QueryStart, head, op.HeadSize);
        PtxInt ofKeys = Start(writer, key, sample, PtxWriter.Number(0), op.KeyStart, keyHead, op.HeadSize);
        PtxInt ofValues = Start(writer, value, sample, PtxWriter.Number(0), op.ValueStart, keyHead, op.ValueSize);
        PtxInt end = lengths is null ? PtxWriter.Number(Keys)
            : writer.LoadInt(writer.ElementAddress(lengths, sample, "lengthAt"), "length");
        if (op.IsCausal)
            end = writer.Minimum(end, writer.Add(at, PtxWriter.Number(1), "behind"), "end");
        PtxInt begin = PtxWriter.Number(0);
        if (op.Window is int window)
            begin = writer.Maximum(writer.Add(at, PtxWriter.Number(1 - window), "windowStart"), begin, "begin");
        PtxFloat? slope = op.IsAlibi ? Slope(writer, head, [.. slopes]) : null;

        PtxFloat largest = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "largest");
        PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
        PtxFloat[] results = [.. Enumerable.Range(0, PerLane).Select(_ => writer.Variable(PtxWriter.Number(0f), "result"))];
        writer.For("tile", begin, end, Warp, tile =>
        {
            PtxInt own = writer.Add(tile, work.Lane, "own");
            PtxFloat score = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "score");
            writer.If(writer.Compare("lt", own, end, "isKey"), () =>
            {
                PtxInt keyAt = writer.MultiplyAdd(own, PtxWriter.Number(key.Width), ofKeys, "keyAt");
                PtxFloat product = Product(writer, queries, ofQuery, keys, keyAt);
                PtxFloat scaled = writer.Multiply(product, PtxWriter.Number(op.Scale), "scaled");
                if (slope is not null)
                {
                    PtxFloat distance = writer.Absolute(writer.Convert(writer.Subtract(at, own, "steps"), "steps"), "distance");
                    scaled = writer.Subtract(scaled, writer.Multiply(distance, slope, "less"), "biased");
                }
                if (added is not null)
                    scaled = writer.Add(scaled, writer.Element(added, MaskPlace(writer, sample, head, at, own), "mask"), "masked");
                writer.Set(score, scaled);
            });
            PtxFloat most = writer.Variable(score, "most");
            for (int distance = Warp / 2; distance > 0; distance /= 2)
                writer.Set(most, writer.Maximum(most, writer.Shuffle("bfly", most, distance, "other"), "larger"));
            PtxFloat next = writer.Maximum(largest, most, "next");
            // A query all of whose keys are masked so far has no score yet.
            PtxPredicate isNone = writer.Compare("eq", next, PtxWriter.Number(float.NegativeInfinity), "isNone");
            PtxFloat shift = writer.Select(isNone, PtxWriter.Number(0f), next, "shift");
            PtxFloat before = Exp(writer, writer.Subtract(largest, shift, "below")),
                power = Exp(writer, writer.Subtract(score, shift, "below"));
            writer.Set(sum, writer.MultiplyAdd(sum, before, power, "total"));
            foreach (PtxFloat result in results)
                writer.Set(result, writer.Multiply(result, before, "scaledDown"));
            PtxInt inTile = writer.Minimum(writer.Subtract(end, tile, "left"), PtxWriter.Number(Warp), "inTile");
            writer.Loop("j", inTile, 1, j =>
            {
                PtxFloat weight = writer.FromLane(power, j, "weight");
                PtxInt row = writer.MultiplyAdd(writer.Add(tile, j, "number"), PtxWriter.Number(value.Width), ofValues, "valueRow");
                EachOwn(writer, work.Lane, (i, feature) =>
                    writer.Accumulate(results[i], weight, writer.Element(values, writer.Add(row, feature, "valueAt"), "v")));
            });
            writer.Set(largest, next);
        });
        PtxFloat total = writer.Variable(sum, "total");
        for (int distance = Warp / 2; distance > 0; distance /= 2)
            writer.Set(total, writer.Add(total, writer.Shuffle("bfly", total, distance, "other"), "all"));
        PtxFloat inverse = writer.Divide(PtxWriter.Number(1f), total, "inverse");
        inverse = writer.Select(writer.Compare("eq", total, PtxWriter.Number(0f), "isEmpty"), PtxWriter.Number(0f), inverse, "inverse");
        PtxInt to = writer.MultiplyAdd(sample, PtxWriter.Number(Queries), at, "position");
        to = writer.MultiplyAdd(writer.MultiplyAdd(to, PtxWriter.Number(op.Heads), head, "headAt"), PtxWriter.Number(op.ValueSize),
            PtxWriter.Number(0), "outputRow");
        EachOwn(writer, work.Lane, (i, feature) => writer.Store(
            writer.ElementAddress(output, writer.Add(to, feature, "outputAt"), "to"), writer.Multiply(results[i], inverse, "y")));
        return writer.Render();
    }

    /// <summary>Where the features of a head begin at a position.</summary>
    private static PtxInt Start(PtxWriter writer, TensorShape shape, PtxInt sample, PtxInt position, int start, PtxInt head, int size)
    {
        PtxInt row = writer.MultiplyAdd(sample, PtxWriter.Number(shape.Channels), position, "row");
        PtxInt first = writer.MultiplyAdd(row, PtxWriter.Number(shape.Width), PtxWriter.Number(start), "first");
        return writer.MultiplyAdd(head, PtxWriter.Number(size), first, "headStart");
    }

    private PtxFloat Product(PtxWriter writer, PtxLong queries, PtxInt query, PtxLong keys, PtxInt key)
    {
        PtxFloat product = writer.Variable(PtxWriter.Number(0f), "product");
        writer.Loop("d", PtxWriter.Number(op.HeadSize), 1, d => writer.Accumulate(product,
            writer.Element(queries, writer.Add(query, d, "queryPlace"), "q"), writer.Element(keys, writer.Add(key, d, "keyPlace"), "k")));
        return product;
    }

    private PtxInt MaskPlace(PtxWriter writer, PtxInt sample, PtxInt head, PtxInt at, PtxInt key)
    {
        int[] dimensions = [.. mask!.Value.Dimensions];
        PtxInt place = sample;
        for (int i = 0; i < dimensions.Length; i++)
        {
            PtxInt along = i == dimensions.Length - 1 ? key : i == dimensions.Length - 2 ? at : head;
            if (dimensions[i] > 1)
                place = writer.MultiplyAdd(place, PtxWriter.Number(dimensions[i]), along, "maskPlace");
        }
        return place;
    }

    private static PtxFloat Slope(PtxWriter writer, PtxInt head, float[] slopes)
    {
        PtxFloat slope = PtxWriter.Number(slopes[0]);
        for (int i = 1; i < slopes.Length; i++)
            slope = writer.Select(writer.Compare("eq", head, PtxWriter.Number(i), "isHead"), PtxWriter.Number(slopes[i]), slope, "slope");
        return slope;
    }

    /// <summary>What a lane does for each number of the result that it has.</summary>
    private void EachOwn(PtxWriter writer, PtxInt lane, Action<int, PtxInt> body)
    {
        for (int i = 0; i < PerLane; i++)
        {
            int own = i;
            PtxInt feature = i == 0 ? lane : writer.Add(lane, PtxWriter.Number(i * Warp), "feature");
            if ((i + 1) * Warp <= op.ValueSize)
                body(own, feature);
            else
                writer.If(writer.Compare("lt", feature, PtxWriter.Number(op.ValueSize), "isFeature"), () => body(own, feature));
        }
    }

    private static PtxFloat Exp(PtxWriter writer, PtxFloat x)
        => new PtxCode(writer).With("x", x).Float(Exponential.Exp.Of(ElementValue.Named("x")), "power");
}
