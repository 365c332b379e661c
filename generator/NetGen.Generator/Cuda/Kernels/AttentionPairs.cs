using NetGen.Generator.Functions;
using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Queries, keys and values, and the score of a query and a key: what all kernels of attention have in common.</summary>
/// <remarks>
/// It declares their first parameters: query, key, value, the mask and the lengths of queries and of keys where there are such.
/// </remarks>
internal sealed class AttentionPairs
{
    /// <summary>Numbers that are read at once where all begins at multiples of so many.</summary>
    private const int Together = 4;

    private const int Warp = 32;

    private readonly PtxWriter _writer;
    private readonly AttentionShapes _shapes;
    private readonly PtxLong? _mask, _queryLengths, _keyLengths;

    public AttentionPairs(PtxWriter writer, AttentionShapes shapes)
    {
        (_writer, _shapes) = (writer, shapes);
        (Queries, Keys, Values) = (writer.Pointer("query"), writer.Pointer("key"), writer.Pointer("value"));
        _mask = shapes.Mask is null ? null : writer.Pointer("mask");
        _queryLengths = shapes.Query.HasLengths ? writer.Pointer("queryLengths") : null;
        _keyLengths = shapes.Key.HasLengths ? writer.Pointer("keyLengths") : null;
    }

    private AttentionOp Op => _shapes.Op;

    public PtxLong Queries { get; }

    public PtxLong Keys { get; }

    public PtxLong Values { get; }

    public AttentionHead Head(PtxInt sample, PtxInt head)
        => Head(sample, head, _shapes.Group == 1 ? head : _writer.Divide(head, _shapes.Group, "keyHead", "rest").Quotient);

    /// <param name="shared">The head of keys and values that it reads.</param>
    public AttentionHead Head(PtxInt sample, PtxInt head, PtxInt shared) => new(sample, head, shared, Op.IsAlibi ? Slope(head) : null);

    /// <summary>Where the features of a head's query begin.</summary>
    public PtxInt Query(AttentionHead head, PtxInt at) => Start(_shapes.Query, head.Sample, at, Op.QueryStart, head.Head, Op.HeadSize);

    public PtxInt Key(AttentionHead head, PtxInt key) => Start(_shapes.Key, head.Sample, key, Op.KeyStart, head.Shared, Op.HeadSize);

    public PtxInt Value(AttentionHead head, PtxInt key) => Start(_shapes.Value, head.Sample, key, Op.ValueStart, head.Shared, Op.ValueSize);

    /// <summary>The number of a query of a head where heads are the innermost: in outputs and what is kept of each query.</summary>
    public PtxInt Row(AttentionHead head, PtxInt at)
    {
        PtxInt position = _writer.MultiplyAdd(head.Sample, PtxWriter.Number(_shapes.Queries), at, "position");
        return _writer.MultiplyAdd(position, PtxWriter.Number(Op.Heads), head.Head, "headRow");
    }

    /// <summary>The keys that a query has; none where its sample does not have it.</summary>
    public AttentionRange KeysOf(PtxInt sample, PtxInt at)
    {
        PtxInt begin = PtxWriter.Number(0), end = Length(_keyLengths, sample, _shapes.Keys);
        if (Op.IsCausal)
            end = _writer.Minimum(end, _writer.Add(at, PtxWriter.Number(1), "behind"), "end");
        if (Op.Window is int window)
            begin = _writer.Maximum(_writer.Add(at, PtxWriter.Number(1 - window), "windowStart"), begin, "begin");
        return new AttentionRange(begin, OrNone(_queryLengths, sample, at, end));
    }

    /// <summary>The queries that have a key; none where the sample does not have it.</summary>
    public AttentionRange QueriesOf(PtxInt sample, PtxInt key)
    {
        PtxInt begin = Op.IsCausal ? key : PtxWriter.Number(0), end = Length(_queryLengths, sample, _shapes.Queries);
        if (Op.Window is int window)
            end = _writer.Minimum(_writer.Add(key, PtxWriter.Number(window), "windowEnd"), end, "end");
        return new AttentionRange(begin, OrNone(_keyLengths, sample, key, end));
    }

    /// <summary>What a query has a key's value by, before the softmax.</summary>
    /// <param name="query">Where the query's features begin; likewise <paramref name="key"/>.</param>
    public PtxFloat Score(AttentionHead head, PtxInt at, PtxInt query, PtxInt number, PtxInt key)
    {
        bool isAligned = AreAligned(Op.HeadSize, _shapes.Query.Width, Op.QueryStart, _shapes.Key.Width, Op.KeyStart);
        PtxFloat score = Product(Queries, query, Keys, key, Op.HeadSize, isAligned);
        score = _writer.Multiply(score, PtxWriter.Number(Op.Scale), "scaled");
        if (head.Slope is { } slope)
        {
            PtxFloat steps = _writer.Absolute(_writer.Convert(_writer.Subtract(at, number, "steps"), "steps"), "distance");
            score = _writer.Subtract(score, _writer.Multiply(steps, slope, "less"), "biased");
        }
        return _mask is null ? score : _writer.Add(score, _writer.Element(_mask, MaskPlace(head, at, number), "mask"), "masked");
    }

    /// <summary>The product of what belongs to a head's output with a key's value.</summary>
    /// <param name="row">Where it begins among the outputs; likewise <paramref name="value"/> among the values.</param>
    public PtxFloat ValueProduct(PtxLong outputs, PtxInt row, PtxInt value)
        => Product(outputs, row, Values, value, Op.ValueSize, AreAligned(Op.ValueSize, _shapes.Value.Width, Op.ValueStart));

    /// <summary>The product of a head's features in two values.</summary>
    /// <param name="isAligned">Both begin where four can be read at once.</param>
    private PtxFloat Product(PtxLong left, PtxInt leftStart, PtxLong right, PtxInt rightStart, int features, bool isAligned)
    {
        int together = isAligned ? Together : 1;
        PtxFloat product = _writer.Variable(PtxWriter.Number(0f), "product");
        PtxLong ofLeft = _writer.ElementAddress(left, leftStart, "leftFirst"),
            ofRight = _writer.ElementAddress(right, rightStart, "rightFirst");
        _writer.Loop("d", PtxWriter.Number(features), together, d =>
        {
            PtxFloat[] lefts = _writer.Load(_writer.ElementAddress(ofLeft, d, "leftAt"), together, "left"),
                rights = _writer.Load(_writer.ElementAddress(ofRight, d, "rightAt"), together, "right");
            for (int i = 0; i < together; i++)
                _writer.Accumulate(product, lefts[i], rights[i]);
        });
        return product;
    }

    private static bool AreAligned(params int[] numbers) => numbers.All(number => number % Together == 0);

    /// <summary>How many of a head's features a lane has.</summary>
    public static int PerLane(int features) => (features + Warp - 1) / Warp;

    /// <summary>What a lane does for each of a head's features that it has: every 32nd.</summary>
    public void EachOwn(int features, PtxInt lane, Action<int, PtxInt> body)
    {
        for (int i = 0; i < PerLane(features); i++)
        {
            int own = i;
            PtxInt feature = i == 0 ? lane : _writer.Add(lane, PtxWriter.Number(i * Warp), "feature");
            if ((i + 1) * Warp <= features)
                body(own, feature);
            else
                _writer.If(_writer.Compare("lt", feature, PtxWriter.Number(features), "isFeature"), () => body(own, feature));
        }
    }

    private PtxInt Length(PtxLong? lengths, PtxInt sample, int most) => lengths is null ? PtxWriter.Number(most)
        : _writer.LoadInt(_writer.ElementAddress(lengths, sample, "lengthAt"), "length");

    private PtxInt OrNone(PtxLong? lengths, PtxInt sample, PtxInt at, PtxInt end)
    {
        if (lengths is null)
            return end;
        PtxPredicate isThere = _writer.Compare("lt", at, Length(lengths, sample, 0), "isThere");
        return _writer.Select(isThere, end, PtxWriter.Number(0), "end");
    }

    /// <summary>Where the features of a head begin at a position.</summary>
    private PtxInt Start(TensorShape shape, PtxInt sample, PtxInt position, int start, PtxInt head, int size)
    {
        PtxInt row = _writer.MultiplyAdd(sample, PtxWriter.Number(shape.Channels), position, "row");
        PtxInt first = _writer.MultiplyAdd(row, PtxWriter.Number(shape.Width), PtxWriter.Number(start), "first");
        return _writer.MultiplyAdd(head, PtxWriter.Number(size), first, "headStart");
    }

    private PtxInt MaskPlace(AttentionHead head, PtxInt at, PtxInt key)
    {
        int[] dimensions = [.. _shapes.Mask!.Value.Dimensions];
        PtxInt place = head.Sample;
        for (int i = 0; i < dimensions.Length; i++)
        {
            PtxInt along = i == dimensions.Length - 1 ? key : i == dimensions.Length - 2 ? at : head.Head;
            if (dimensions[i] > 1)
                place = _writer.MultiplyAdd(place, PtxWriter.Number(dimensions[i]), along, "maskPlace");
        }
        return place;
    }

    private PtxFloat Slope(PtxInt head)
    {
        float[] slopes = [.. AttentionOp.AlibiSlopes(Op.Heads).Select(slope => (float)slope)];
        PtxFloat slope = PtxWriter.Number(slopes[0]);
        for (int i = 1; i < slopes.Length; i++)
        {
            PtxPredicate isHead = _writer.Compare("eq", head, PtxWriter.Number(i), "isHead");
            slope = _writer.Select(isHead, PtxWriter.Number(slopes[i]), slope, "slope");
        }
        return slope;
    }
}
