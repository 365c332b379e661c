namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Softmax and its logarithm of rows: a warp for each row, whose lanes take every 32nd element and then put together what they have. The
/// row's largest element is taken off first, so that no exponential is beyond the numbers there are.
/// </summary>
/// <remarks>Lanes are put together in halves, in an order that nothing changes: a row has the same bits in any grid.</remarks>
internal static class SoftmaxKernel
{
    /// <summary>Threads of a block: four rows.</summary>
    public const int Threads = 128;

    private const int Lanes = 32;

    /// <remarks>Its parameters are the input, the output, and how many rows each has.</remarks>
    public static string Write(string name, string summary, int features, bool isLogarithm)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong input = writer.Pointer("input"), output = writer.Pointer("output");
        PtxInt rows = writer.Count("rows");
        (PtxInt row, PtxInt lane) = writer.Divide(writer.ThreadOfGrid("place"), Lanes, "row", "lane");
        writer.Comment("All lanes of a warp have the same row, so that they end together or not at all.");
        writer.ReturnIf(writer.Compare("ge", row, rows, "isBehind"));
        PtxInt first = writer.MultiplyAdd(row, PtxWriter.Number(features), lane, "first");
        PtxFloat largest = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "largest");
        ForEachOfLane(writer, features, lane, step =>
        {
            PtxFloat x = writer.Load(writer.ElementAddress(input, writer.Add(first, step, "index"), "at"), "x");
            writer.Set(largest, writer.Maximum(largest, x, "larger"));
        });
        writer.CombineWarp(largest, (a, b) => writer.Maximum(a, b, "larger"));

        PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
        ForEachOfLane(writer, features, lane, step =>
        {
            PtxFloat x = writer.Load(writer.ElementAddress(input, writer.Add(first, step, "index"), "at"), "x");
            writer.Set(sum, writer.Add(sum, writer.Exp(writer.Subtract(x, largest, "distance")), "total"));
        });
        writer.CombineWarp(sum, (a, b) => writer.Add(a, b, "total"));
        PtxFloat logarithm = isLogarithm ? writer.Log(sum) : sum;
        ForEachOfLane(writer, features, lane, step =>
        {
            PtxInt index = writer.Add(first, step, "index");
            PtxFloat x = writer.Load(writer.ElementAddress(input, index, "at"), "x");
            PtxFloat distance = writer.Subtract(x, largest, "distance");
            PtxFloat y = isLogarithm ? writer.Subtract(distance, logarithm, "y") : writer.Divide(writer.Exp(distance), sum, "y");
            writer.Store(writer.ElementAddress(output, index, "to"), y);
        });
        return writer.Render();
    }

    /// <summary>What flows back: y (dy − y · dy), or of the logarithm dy − exp(y) Σ dy.</summary>
    /// <remarks>Its parameters are the output's gradient, the output, the result, and how many rows each has.</remarks>
    public static string WriteGradient(string name, string summary, int features, bool isLogarithm)
    {
        RowTeam team = RowTeam.For(features);
        var writer = new PtxWriter(name, summary, team.Threads);
        PtxLong gradient = writer.Pointer("gradient"), saved = writer.Pointer("saved"), output = writer.Pointer("output");
        RowWork work = team.Begin(writer);
        PtxInt first = writer.Multiply(work.Row, PtxWriter.Number(features), "first"), count = PtxWriter.Number(features);
        PtxFloat sum = work.Sum(count, features, place =>
        {
            PtxInt at = writer.Add(first, place, "at");
            PtxFloat dy = writer.Element(gradient, at, "dy");
            return isLogarithm ? dy : writer.Multiply(dy, writer.Element(saved, at, "y"), "product");
        });
        work.ForEach(count, place =>
        {
            PtxInt at = writer.Add(first, place, "at");
            PtxFloat dy = writer.Element(gradient, at, "dy"), y = writer.Element(saved, at, "y");
            PtxFloat dx = isLogarithm ? writer.Subtract(dy, writer.Multiply(writer.Exp(y), sum, "share"), "dx")
                : writer.Multiply(y, writer.Subtract(dy, sum, "difference"), "dx");
            writer.Store(writer.ElementAddress(output, at, "to"), dx);
        });
        return writer.Render();
    }

    /// <summary>What a lane does for each of its elements; all lanes go through the loop, so that they stay together.</summary>
    private static void ForEachOfLane(PtxWriter writer, int features, PtxInt lane, Action<PtxInt> body)
        => writer.Loop("step", PtxWriter.Number(features), Lanes, step =>
        {
            PtxInt place = writer.Add(step, lane, "placeInRow");
            writer.If(writer.Compare("lt", place, PtxWriter.Number(features), "isThere"), () => body(step));
        });
}
