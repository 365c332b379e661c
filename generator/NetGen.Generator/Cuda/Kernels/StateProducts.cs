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
        var sum = new LongSum(writer, length);
        PtxInt first = writer.Multiply(row, PtxWriter.Number(length), "weightRow");
        writer.Loop("k", PtxWriter.Number(length), 1, k =>
        {
            PtxFloat element = writer.LoadShared(writer.SharedAddress(vector, k, "elementAt"), 0, 1, "element")[0];
            sum.Accumulate(writer.Element(weights, writer.Add(first, k, "weightPlace"), "weight"), element, k);
        });
        return bias is null ? sum.Total : writer.Add(sum.Total, writer.Element(bias, row, "bias"), "withBias");
    }

    /// <summary>A column of a matrix times a vector in shared memory.</summary>
    public static PtxFloat Back(PtxWriter writer, PtxLong weights, PtxInt column, int columns, PtxInt vector, int rows)
    {
        var sum = new LongSum(writer, rows);
        writer.Loop("k", PtxWriter.Number(rows), 1, k =>
        {
            PtxFloat element = writer.LoadShared(writer.SharedAddress(vector, k, "elementAt"), 0, 1, "element")[0];
            PtxInt place = writer.MultiplyAdd(k, PtxWriter.Number(columns), column, "weightPlace");
            sum.Accumulate(writer.Element(weights, place, "weight"), element, k);
        });
        return sum.Total;
    }

    /// <summary>An element of an array in shared memory.</summary>
    public static PtxFloat At(PtxWriter writer, PtxInt array, PtxInt index, string stem)
        => writer.LoadShared(writer.SharedAddress(array, index, stem + "At"), 0, 1, stem)[0];

    /// <summary>Sets an element of an array in shared memory.</summary>
    public static void Put(PtxWriter writer, PtxInt array, PtxInt index, PtxFloat value)
        => writer.StoreShared(writer.SharedAddress(array, index, "putAt"), 0, value);

    /// <summary>An element of a row of so many numbers.</summary>
    public static PtxFloat OfRow(PtxWriter writer, PtxLong rows, PtxInt row, int length, PtxInt index, string stem)
        => writer.Element(rows, writer.MultiplyAdd(row, PtxWriter.Number(length), index, stem + "Place"), stem);

    /// <summary>Sets an element of a row of so many numbers.</summary>
    public static void ToRow(PtxWriter writer, PtxLong rows, PtxInt row, int length, PtxInt index, PtxFloat value)
        => writer.Store(writer.ElementAddress(rows, writer.MultiplyAdd(row, PtxWriter.Number(length), index, "rowPlace"), "rowTo"), value);
}
