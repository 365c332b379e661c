namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// A sum of products in one thread. One of more than 8,192 is cut into parts of 1,024, and the parts are summed in doubles: see
/// docs/numerics.md.
/// </summary>
internal sealed class LongSum
{
    /// <summary>Products beyond which a sum is cut, and those of a part.</summary>
    public const int LongDepth = 8192, PartDepth = 1024;

    private readonly PtxWriter _writer;
    private readonly PtxFloat _part;
    private readonly PtxDouble? _total;

    /// <param name="count">The most products that there are.</param>
    public LongSum(PtxWriter writer, long count)
    {
        _writer = writer;
        _part = writer.Variable(PtxWriter.Number(0f), "sum");
        _total = count > LongDepth ? writer.Variable(PtxWriter.Number(0d), "total") : null;
    }

    /// <summary>The sum, once all is added.</summary>
    public PtxFloat Total => _total is null ? _part
        : _writer.Narrow(_writer.Add(_total, _writer.Widen(_part, "last"), "whole"), "all");

    /// <summary>Adds a product.</summary>
    /// <param name="number">How many were added before.</param>
    public void Accumulate(PtxFloat a, PtxFloat b, PtxInt number)
    {
        _writer.Accumulate(_part, a, b);
        if (_total is not { } total)
            return;
        PtxInt rest = _writer.Divide(number, PartDepth, "parts", "restOfPart").Remainder;
        _writer.If(_writer.Compare("eq", rest, PtxWriter.Number(PartDepth - 1), "isPart"), () =>
        {
            _writer.Set(total, _writer.Add(total, _writer.Widen(_part, "wide"), "more"));
            _writer.Set(_part, PtxWriter.Number(0f));
        });
    }
}
