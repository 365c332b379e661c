namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Products that the threads of a block compute of a vector in shared memory.</summary>
internal static class StateProducts
{
    /// <summary>Bytes of shared memory that a block has without asking for more.</summary>
    public const int SharedLimit = 48 * 1024;

    /// <summary>What each thread does for the elements that it has of so many.</summary>
    public static void EachOf(PtxWriter writer, int count, PtxInt thread, int threads, Action<PtxInt> body)
    {
        if (count == threads)
            body(thread);
        else if (count < threads)
            writer.If(writer.Compare("lt", thread, PtxWriter.Number(count), "isOwn"), () => body(thread));
        else
            writer.For("own", thread, PtxWriter.Number(count), threads, body);
    }

    /// <summary>A row of a matrix times a vector in shared memory, and the row's bias where there is one.</summary>
    public static PtxFloat Product(PtxWriter writer, PtxLong weights, PtxLong? bias, PtxInt row, PtxInt vector, int length)
    {
        PtxFloat sum = writer.Variable(bias is null ? PtxWriter.Number(0f) : writer.Element(bias, row, "bias"), "sum");
        PtxInt first = writer.Multiply(row, PtxWriter.Number(length), "weightRow");
        writer.Loop("k", PtxWriter.Number(length), 1, k =>
        {
            PtxFloat element = writer.LoadShared(writer.SharedAddress(vector, k, "elementAt"), 0, 1, "element")[0];
            writer.Accumulate(sum, writer.Element(weights, writer.Add(first, k, "weightPlace"), "weight"), element);
        });
        return sum;
    }
}
