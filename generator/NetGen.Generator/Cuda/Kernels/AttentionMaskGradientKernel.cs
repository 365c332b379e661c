using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The gradient of what is added to the scores of attention: that of the scores, summed over the heads and queries that share an element. A
/// thread has an element where few do, a team of threads where many do.
/// </summary>
internal sealed class AttentionMaskGradientKernel
{
    /// <summary>Terms from which on a team shares them.</summary>
    private const int OfTeam = 32;

    private readonly AttentionShapes _shapes;
    private readonly int[] _mask;
    private readonly bool _sharesHeads, _sharesQueries;

    public AttentionMaskGradientKernel(AttentionShapes shapes)
    {
        _shapes = shapes;
        _mask = [.. shapes.Mask!.Value.Dimensions];
        _sharesHeads = _mask.Length < 3 || _mask[0] == 1;
        _sharesQueries = _mask[_mask.Length - 2] == 1;
    }

    /// <summary>Scores to which an element is added.</summary>
    private int Terms => (_sharesHeads ? _shapes.Op.Heads : 1) * (_sharesQueries ? _shapes.Queries : 1);

    private RowTeam? Team => Terms < OfTeam ? null : RowTeam.For(Terms);

    /// <summary>Of a block.</summary>
    public int Threads => Team?.Threads ?? EachElementKernel.Threads;

    /// <summary>Elements of a block.</summary>
    public int PerBlock => Team?.PerBlock ?? EachElementKernel.Threads;

    /// <remarks>
    /// Its parameters are those of <see cref="AttentionSlopes"/>, the means of each query, the gradient, and how many elements it has.
    /// </remarks>
    public string Write(string name, string summary)
    {
        var writer = new PtxWriter(name, summary, Threads);
        var slopes = new AttentionSlopes(writer, _shapes);
        PtxLong means = writer.Pointer("means"), gradient = writer.Pointer("maskGradient");
        if (Team is { } team)
        {
            RowWork work = team.Begin(writer);
            var place = new ElementPlace(writer, work.Row, _mask);
            PtxFloat total = work.Sum(PtxWriter.Number(Terms), Terms, term => Term(writer, slopes, means, place, term));
            work.IfFirst(() => writer.Store(writer.ElementAddress(gradient, work.Row, "to"), total));
            return writer.Render();
        }
        PtxInt count = writer.Count("count"), element = writer.ThreadOfGrid("element");
        writer.ReturnIf(writer.Compare("ge", element, count, "isBehind"));
        var own = new ElementPlace(writer, element, _mask);
        PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
        writer.Loop("term", PtxWriter.Number(Terms), 1,
            term => writer.Set(sum, writer.Add(sum, Term(writer, slopes, means, own, term), "total")));
        writer.Store(writer.ElementAddress(gradient, element, "to"), sum);
        return writer.Render();
    }

    /// <summary>The gradient of one of the scores to which an element is added; zero where the query does not have the key.</summary>
    private PtxFloat Term(PtxWriter writer, AttentionSlopes slopes, PtxLong means, ElementPlace place, PtxInt term)
    {
        PtxInt key = place[_mask.Length - 1];
        (PtxInt head, PtxInt at) = (_sharesHeads, _sharesQueries) switch
        {
            (true, true) => writer.Divide(term, _shapes.Queries, "head", "at"),
            (true, false) => (term, place[_mask.Length - 2]),
            (false, true) => (place[0], term),
            (false, false) => (place[0], place[_mask.Length - 2]),
        };
        PtxFloat slope = writer.Variable(PtxWriter.Number(0f), "ofScore");
        AttentionRange keys = slopes.Pairs.KeysOf(place.Sample, at);
        PtxPredicate isSeen = writer.And(writer.Compare("ge", key, keys.Begin, "isBehindBegin"),
            writer.Compare("lt", key, keys.End, "isBeforeEnd"), "isSeen");
        writer.If(isSeen, () =>
        {
            AttentionQuery query = slopes.Query(slopes.Pairs.Head(place.Sample, head), at);
            writer.Set(slope, slopes.Slope(slopes.Pair(query, key), writer.Element(means, query.Row, "mean")));
        });
        return slope;
    }
}
