namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Sums over a batch, for each of some outputs: of elements of all samples. Blocks sum the elements of some samples each, and then a thread
/// for each output puts the parts together in their order, in doubles: the bits depend on nothing but the number of samples.
/// </summary>
/// <param name="Outputs">How many sums there are of a kind.</param>
/// <param name="Inner">Elements of a sample in each of them.</param>
/// <param name="Sums">Kinds of sums, which are computed together.</param>
/// <param name="IsOutputInnermost">
/// Neighbouring outputs are neighbours in memory, so that a thread for each is best; otherwise a team of threads takes an output's
/// elements.
/// </param>
internal sealed record BatchSum(int Outputs, int Inner, int Sums, bool IsOutputInnermost)
{
    /// <summary>Elements of a part, about: few enough for floats.</summary>
    private const int OfThread = 256, OfTeam = 4096;

    /// <summary>Threads of a block that puts parts together.</summary>
    public const int TotalThreads = 128;

    /// <summary>Samples of a part.</summary>
    public int Chunk => Math.Max(1, (IsOutputInnermost ? OfThread : OfTeam) / Inner);

    private RowTeam Team => RowTeam.For((long)Chunk * Inner);

    /// <summary>Threads of a block that sums parts.</summary>
    public int Threads => IsOutputInnermost ? EachElementKernel.Threads : Team.Threads;

    /// <summary>Outputs of a block.</summary>
    public int PerBlock => IsOutputInnermost ? EachElementKernel.Threads : Team.PerBlock;

    /// <summary>Numbers of all parts together.</summary>
    public (long Constant, long PerSample) Parts
        => ((long)Outputs * Sums, ((long)Outputs * Sums + Chunk - 1) / Chunk);

    /// <param name="inputs">Names of what it reads.</param>
    /// <param name="terms">What an element adds to each sum: from the sample, the output, and the number of the element in both.</param>
    /// <remarks>Its parameters are the inputs, the parts, the number of samples and that of outputs.</remarks>
    public string WriteParts(string name, string summary, IReadOnlyList<string> inputs,
        Func<PtxWriter, PtxLong[], PtxInt, PtxInt, PtxInt, PtxFloat[]> terms)
    {
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong[] pointers = [.. inputs.Select(writer.Pointer)];
        PtxLong parts = writer.Pointer("parts");
        PtxInt samples = writer.Count("samples"), chunk = writer.Block("y", "chunk");
        PtxInt first = writer.Multiply(chunk, PtxWriter.Number(Chunk), "firstSample");
        PtxInt count = writer.Minimum(writer.Subtract(samples, first, "left"), PtxWriter.Number(Chunk), "ofChunk");
        if (IsOutputInnermost)
        {
            PtxInt outputs = writer.Count("outputs"), own = writer.ThreadOfGrid("output");
            writer.ReturnIf(writer.Compare("ge", own, outputs, "isBehind"));
            // A sample of many elements gives more terms than a float holds well.
            bool isWide = (long)Chunk * Inner > LongSum.PartDepth;
            PtxFloat[] sums = [.. Enumerable.Range(0, Sums).Select(_ => writer.Variable(PtxWriter.Number(0f), "sum"))];
            PtxDouble[] wide = isWide ? [.. sums.Select(_ => writer.Variable(PtxWriter.Number(0d), "wide"))] : [];
            writer.Loop("sample", count, 1, sample => writer.Loop("inner", PtxWriter.Number(Inner), 1, inner =>
            {
                PtxFloat[] all = terms(writer, pointers, writer.Add(first, sample, "sampleAt"), own, inner);
                for (int i = 0; i < Sums; i++)
                {
                    if (isWide)
                        writer.Set(wide[i], writer.Add(wide[i], writer.Widen(all[i], "wideTerm"), "wideTotal"));
                    else
                        writer.Set(sums[i], writer.Add(sums[i], all[i], "total"));
                }
            }));
            Store(writer, parts, chunk, own, isWide ? [.. wide.Select(sum => writer.Narrow(sum, "part"))] : sums);
            return writer.Render();
        }
        RowWork work = Team.Begin(writer);
        PtxInt all = writer.Multiply(count, PtxWriter.Number(Inner), "elements");
        PtxFloat[] results = work.Sums(all, (long)Chunk * Inner, Sums, element =>
        {
            (PtxInt sample, PtxInt inner) = Inner == 1 ? (element, PtxWriter.Number(0))
                : writer.Divide(element, Inner, "sample", "inner");
            return terms(writer, pointers, writer.Add(first, sample, "sampleAt"), work.Row, inner);
        });
        work.IfFirst(() => Store(writer, parts, chunk, work.Row, results));
        return writer.Render();
    }

    private void Store(PtxWriter writer, PtxLong parts, PtxInt chunk, PtxInt output, PtxFloat[] sums)
    {
        PtxInt number = writer.MultiplyAdd(chunk, PtxWriter.Number(Outputs), output, "number");
        for (int i = 0; i < Sums; i++)
        {
            PtxInt at = Sums == 1 ? number : writer.MultiplyAdd(number, PtxWriter.Number(Sums), PtxWriter.Number(i), "partAt");
            writer.Store(writer.ElementAddress(parts, at, "to"), sums[i]);
        }
    }

    /// <param name="others">Names of what else it reads and writes.</param>
    /// <param name="finish">What is made of an output's sums.</param>
    /// <remarks>Its parameters are the parts, the others, and how many parts and outputs there are.</remarks>
    public static string WriteTotals(string name, string summary, int outputs, int sums, IReadOnlyList<string> others,
        Action<PtxWriter, PtxLong[], PtxInt, PtxDouble[]> finish)
    {
        var writer = new PtxWriter(name, summary, TotalThreads);
        PtxLong parts = writer.Pointer("parts");
        PtxLong[] pointers = [.. others.Select(writer.Pointer)];
        PtxInt chunks = writer.Count("chunks"), count = writer.Count("outputs"), own = writer.ThreadOfGrid("output");
        writer.ReturnIf(writer.Compare("ge", own, count, "isBehind"));
        PtxDouble[] totals = [.. Enumerable.Range(0, sums).Select(_ => writer.Variable(PtxWriter.Number(0d), "total"))];
        writer.Loop("chunk", chunks, 1, chunk =>
        {
            PtxInt number = writer.MultiplyAdd(chunk, PtxWriter.Number(outputs), own, "number");
            for (int i = 0; i < sums; i++)
            {
                PtxInt at = sums == 1 ? number : writer.MultiplyAdd(number, PtxWriter.Number(sums), PtxWriter.Number(i), "partAt");
                PtxDouble part = writer.Widen(writer.Element(parts, at, "part"), "wide");
                writer.Set(totals[i], writer.Add(totals[i], part, "more"));
            }
        });
        finish(writer, pointers, own, totals);
        return writer.Render();
    }

    /// <summary>Totals that are results as they are: each is stored for its kind.</summary>
    /// <param name="results">Names of where they go.</param>
    public static string WriteTotals(string name, string summary, int outputs, IReadOnlyList<string> results)
        => WriteTotals(name, summary, outputs, results.Count, results, (writer, pointers, own, totals) =>
        {
            for (int i = 0; i < totals.Length; i++)
                writer.Store(writer.ElementAddress(pointers[i], own, "to"), writer.Narrow(totals[i], "result"));
        });
}
