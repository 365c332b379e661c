using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>A query of a head, going back.</summary>
/// <param name="Start">Where its features begin.</param>
/// <param name="Row">Its number where heads are the innermost.</param>
/// <param name="OfOutput">Where the gradient of its output begins.</param>
/// <param name="Statistic">The logarithm of its sum.</param>
internal sealed record AttentionQuery(AttentionHead Head, PtxInt At, PtxInt Start, PtxInt Row, PtxInt OfOutput, PtxFloat Statistic);

/// <summary>What the backward pass finds again of a query and a key.</summary>
/// <param name="Share">Its probability.</param>
/// <param name="Used">The same as it was used: zero where it was dropped.</param>
/// <param name="Gradient">Of the probability.</param>
internal readonly record struct AttentionPair(PtxFloat Share, PtxFloat Used, PtxFloat Gradient);

/// <summary>
/// What all kernels of attention's backward pass have in common: probabilities, which are computed again, and the gradients of scores.
/// </summary>
/// <remarks>
/// It declares their first parameters: those of <see cref="AttentionPairs"/>, the output's gradient, the statistics and, of dropout, what
/// probabilities were drawn from and the stream.
/// </remarks>
internal sealed class AttentionSlopes
{
    private const int Warp = 32;

    private readonly PtxWriter _writer;
    private readonly AttentionShapes _shapes;
    private readonly PtxLong _statistics;
    private readonly AttentionDropout? _dropout;

    public AttentionSlopes(PtxWriter writer, AttentionShapes shapes)
    {
        (_writer, _shapes) = (writer, shapes);
        Pairs = new AttentionPairs(writer, shapes);
        OutputGradient = writer.Pointer("outputGradient");
        _statistics = writer.Pointer("statistics");
        if (shapes.Op.Drops)
            _dropout = new AttentionDropout(writer, shapes, writer.Pointer("drawn"), isOfSamples: true, writer.Count("stream"));
    }

    private AttentionOp Op => _shapes.Op;

    public AttentionPairs Pairs { get; }

    public PtxLong OutputGradient { get; }

    public AttentionQuery Query(AttentionHead head, PtxInt at)
    {
        PtxInt row = Pairs.Row(head, at);
        return new AttentionQuery(head, at, Pairs.Query(head, at), row, _writer.Multiply(row, PtxWriter.Number(Op.ValueSize), "ofOutput"),
            _writer.Element(_statistics, row, "statistic"));
    }

    public AttentionPair Pair(AttentionQuery query, PtxInt key)
    {
        PtxFloat score = Pairs.Score(query.Head, query.At, query.Start, key, Pairs.Key(query.Head, key));
        PtxFloat share = _writer.Exp(_writer.Subtract(score, query.Statistic, "below"));
        PtxFloat gradient = Pairs.ValueProduct(OutputGradient, query.OfOutput, Pairs.Value(query.Head, key));
        if (_dropout is null)
            return new AttentionPair(share, share, gradient);
        PtxFloat factor = _dropout.Factor(query.Head, query.At, key);
        return new AttentionPair(share, _writer.Multiply(share, factor, "used"), _writer.Multiply(gradient, factor, "ofShare"));
    }

    /// <summary>The mean of a query's gradients, as its probabilities weigh them; all lanes of a warp get it.</summary>
    public PtxFloat Mean(AttentionQuery query, AttentionRange keys, PtxInt lane)
    {
        var sum = new LongSum(_writer, (_shapes.Keys + Warp - 1) / Warp);
        _writer.For("tile", keys.Begin, keys.End, Warp, tile =>
        {
            PtxInt own = _writer.Add(tile, lane, "own");
            _writer.If(_writer.Compare("lt", own, keys.End, "isKey"), () =>
            {
                AttentionPair pair = Pair(query, own);
                sum.Accumulate(pair.Share, pair.Gradient, _writer.Divide(own, Warp, "tiles", "restOfTile").Quotient);
            });
        });
        PtxFloat mean = _writer.Variable(sum.Total, "mean");
        _writer.CombineWarp(mean, (a, b) => _writer.Add(a, b, "more"));
        return mean;
    }

    /// <summary>The gradient of a score: the probability times how far its gradient is from the mean.</summary>
    public PtxFloat Slope(AttentionPair pair, PtxFloat mean)
        => _writer.Multiply(pair.Share, _writer.Subtract(pair.Gradient, mean, "fromMean"), "slope");
}
