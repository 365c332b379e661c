namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Threads that do one row together: a warp, or where rows are long a whole block.</summary>
/// <param name="Size">Threads of a row.</param>
/// <param name="Threads">Threads of a block.</param>
internal sealed record RowTeam(int Size, int Threads)
{
    /// <summary>Elements of a row beyond which it takes a block.</summary>
    private const int OfWarp = 1024;

    private const int WarpSize = 32;

    /// <summary>Rows of a block.</summary>
    public int PerBlock => Threads / Size;

    /// <param name="elements">Elements of a row.</param>
    public static RowTeam For(long elements) => elements > OfWarp ? new RowTeam(256, 256) : new RowTeam(WarpSize, 4 * WarpSize);

    /// <summary>
    /// Declares the number of rows, the last parameter, and ends threads without a row. All threads of a row's warps go on together.
    /// </summary>
    public RowWork Begin(PtxWriter writer)
    {
        PtxInt rows = writer.Count("rows");
        (PtxInt row, PtxInt lane) = writer.Divide(writer.ThreadOfGrid("place"), Size, "row", "lane");
        writer.ReturnIf(writer.Compare("ge", row, rows, "isBehind"));
        return new RowWork(writer, this, row, lane);
    }
}

/// <summary>One thread's part of a row.</summary>
/// <param name="row">The row's number.</param>
/// <param name="lane">The thread's number among those of the row.</param>
internal sealed class RowWork(PtxWriter writer, RowTeam team, PtxInt row, PtxInt lane)
{
    private const int Warp = 32;

    private PtxInt? _partials;

    public PtxInt Row => row;

    public PtxInt Lane => lane;

    /// <summary>What a thread does for each of its elements; all threads go through the loop, so that they stay together.</summary>
    /// <param name="count">Elements of the row, one at least.</param>
    public void ForEach(PtxInt count, Action<PtxInt> body) => writer.Loop("step", count, team.Size, step =>
    {
        PtxInt place = writer.Add(step, lane, "placeInRow");
        writer.If(writer.Compare("lt", place, count, "isThere"), () => body(place));
    });

    /// <summary>What the first of the row's threads alone does: the others have the same sums.</summary>
    public void IfFirst(Action body) => writer.If(writer.Compare("eq", lane, PtxWriter.Number(0), "isFirst"), body);

    /// <summary>Sums over the row, which all its threads get.</summary>
    /// <param name="most">The most elements that a row has.</param>
    /// <param name="terms">What an element adds to each sum.</param>
    public PtxFloat[] Sums(PtxInt count, long most, int sums, Func<PtxInt, PtxFloat[]> terms)
    {
        // A thread sums more terms than a float holds well in doubles.
        if (most / team.Size <= LongSum.PartDepth)
        {
            PtxFloat[] parts = [.. Enumerable.Range(0, sums).Select(_ => writer.Variable(PtxWriter.Number(0f), "part"))];
            ForEach(count, element =>
            {
                foreach ((PtxFloat part, PtxFloat term) in parts.Zip(terms(element), (part, term) => (part, term)))
                    writer.Set(part, writer.Add(part, term, "total"));
            });
            return [.. parts.Select(part => Together(part, (a, b) => writer.Add(a, b, "total")))];
        }
        PtxDouble[] wide = [.. Enumerable.Range(0, sums).Select(_ => writer.Variable(PtxWriter.Number(0d), "wide"))];
        ForEach(count, element =>
        {
            foreach ((PtxDouble part, PtxFloat term) in wide.Zip(terms(element), (part, term) => (part, term)))
                writer.Set(part, writer.Add(part, writer.Widen(term, "wideTerm"), "wideTotal"));
        });
        return [.. wide.Select(part => Together(writer.Narrow(part, "part"), (a, b) => writer.Add(a, b, "total")))];
    }

    /// <summary>The sum of one term of each element.</summary>
    public PtxFloat Sum(PtxInt count, long most, Func<PtxInt, PtxFloat> term) => Sums(count, most, 1, element => [term(element)])[0];

    /// <summary>The largest or smallest element, which all threads of the row get; NaN where one is.</summary>
    /// <param name="first">What no element is beyond.</param>
    public PtxFloat Extreme(PtxInt count, float first, Func<PtxFloat, PtxFloat, PtxFloat> choose, Func<PtxInt, PtxFloat> element)
    {
        PtxFloat extreme = writer.Variable(PtxWriter.Number(first), "extreme");
        ForEach(count, place => writer.Set(extreme, choose(extreme, element(place))));
        return Together(extreme, choose);
    }

    /// <summary>
    /// Puts together what all threads have: halves of a warp in turn, then warps in their order, so that the bits depend on sizes alone.
    /// </summary>
    private PtxFloat Together(PtxFloat part, Func<PtxFloat, PtxFloat, PtxFloat> combine)
    {
        PtxFloat all = writer.Variable(part, "all");
        writer.CombineWarp(all, combine);
        int warps = team.Size / Warp;
        if (warps == 1)
            return all;
        PtxInt partials = _partials ??= writer.Shared("partials", warps);
        (PtxInt warp, PtxInt inWarp) = writer.Divide(lane, Warp, "warp", "laneOfWarp");
        writer.If(writer.Compare("eq", inWarp, PtxWriter.Number(0), "isFirst"),
            () => writer.StoreShared(writer.SharedAddress(partials, warp, "partialAt"), 0, all));
        writer.Barrier();
        PtxFloat result = writer.LoadShared(partials, 0, 1, "partial")[0];
        for (int i = 1; i < warps; i++)
            result = combine(result, writer.LoadShared(partials, 4 * i, 1, "partial")[0]);
        // Nobody writes the next ones before all have read these.
        writer.Barrier();
        return result;
    }
}
