using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>An attention's op, and the shapes of what it reads.</summary>
/// <param name="Query">Shape of the value that has the queries; likewise the others.</param>
/// <param name="Mask">What is added to the scores; null for nothing.</param>
internal sealed record AttentionShapes(AttentionOp Op, TensorShape Query, TensorShape Key, TensorShape Value, TensorShape? Mask)
{
    /// <summary>Of a head.</summary>
    public int Queries => Query.Channels;

    public int Keys => Key.Channels;

    /// <summary>Heads of queries that share one of keys and values.</summary>
    public int Group => Op.Heads / Op.KeyValueHeads;

    /// <summary>All that a kernel's text depends on; which inputs bring lengths makes no difference to it.</summary>
    public object Identity
        => (Op with { Stream = 0 }, Query.Dimensions, Key.Dimensions, Value.Dimensions, Query.HasLengths, Key.HasLengths);

    /// <param name="inputs">Of the forward op, its mask included.</param>
    public static AttentionShapes Of(AttentionOp op, List<Value> inputs)
    {
        (Value query, Value key, Value value) = AttentionOp.Three(op.Operands(inputs));
        return new AttentionShapes(op, query.Shape, key.Shape, value.Shape, op.MaskOf(inputs)?.Shape);
    }
}

/// <summary>What probabilities are drawn from: dropout of attention.</summary>
/// <param name="random">Where seed and step lie: for all samples, or for each what its forward pass has kept.</param>
/// <param name="isOfSamples">It is the latter.</param>
/// <param name="stream">Which sequence of the generator.</param>
internal sealed class AttentionDropout(
    PtxWriter writer, AttentionShapes shapes, PtxLong random, bool isOfSamples, PtxInt stream)
{
    private const int Together = 4;

    /// <summary>By what the probability of a query and a key is multiplied.</summary>
    public PtxFloat Factor(AttentionHead head, PtxInt at, PtxInt key) => PtxPhilox.Factor(writer, () =>
    {
        // Each row begins with a counter of its own, of which four keys have a word each: numbers of elements may be too large for an int.
        PtxInt row = writer.MultiplyAdd(head.Head, PtxWriter.Number(shapes.Queries), at, "drawnRow");
        (PtxInt quarter, PtxInt rest) = writer.Divide(key, Together, "quarter", "word");
        PtxInt counter = writer.MultiplyAdd(row, PtxWriter.Number(AttentionOp.NumberPitch(shapes.Keys) / Together), quarter, "counter");
        PtxLong own = isOfSamples ? writer.ElementAddress(
            random, writer.Multiply(head.Sample, PtxWriter.Number(AttentionOp.DrawnFrom), "ofSample"), "drawnFrom") : random;
        return PtxPhilox.WordOf(writer, own, counter, rest, head.Sample, stream);
    }, shapes.Op.Dropout);
}

/// <summary>From one position on, up to the one in front of another; none where the end is not behind the beginning.</summary>
internal readonly record struct AttentionRange(PtxInt Begin, PtxInt End);

/// <summary>A head of the queries in a sample.</summary>
/// <param name="Shared">The head of keys and values that it reads.</param>
/// <param name="Slope">What is taken off a score for each step of the distance; null for nothing.</param>
internal sealed record AttentionHead(PtxInt Sample, PtxInt Head, PtxInt Shared, PtxFloat? Slope);
