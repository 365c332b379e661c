using NetGen.Generator.Cuda.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Ops;

/// <summary>Launches of sums over a batch.</summary>
internal static class BatchSums
{
    /// <summary>Sums that are gradients of parameters.</summary>
    /// <param name="key">All that the terms depend on, but for the sizes of the sum.</param>
    /// <param name="inputs">Names of what the terms read, with where it is.</param>
    /// <param name="results">Where each kind of sum goes; as many as there are kinds.</param>
    /// <param name="what">Behind the node's name, where it has several sums.</param>
    public static void Launch(CudaSelection selection, Node node, BatchSum sum, object key, (string Name, CudaArgument Place)[] inputs,
        IReadOnlyList<CudaArgument> results, Func<PtxWriter, PtxLong[], PtxInt, PtxInt, PtxInt, PtxFloat[]> terms, string what = "")
    {
        LaunchParts(selection, node, sum, key, inputs, terms, what);
        LaunchTotals(selection, node, sum.Outputs, CudaCount.OfSamples(1), sum.Chunk, results);
    }

    /// <summary>The first half: sums of some samples each.</summary>
    /// <inheritdoc cref="Launch"/>
    public static void LaunchParts(CudaSelection selection, Node node, BatchSum sum, object key, (string Name, CudaArgument Place)[] inputs,
        Func<PtxWriter, PtxLong[], PtxInt, PtxInt, PtxInt, PtxFloat[]> terms, string what)
    {
        CudaKernel kernel = selection.Kernel(node, ("parts", sum, key), sum.Threads,
            name => sum.WriteParts(name, $"{node.Title}: sums of some samples.", [.. inputs.Select(input => input.Name)], terms),
            what + "Parts");
        (long constant, long perSample) = sum.Parts;
        selection.Launch(kernel, new CudaExtent(CudaCount.Of(sum.Outputs), sum.PerBlock), new CudaExtent(CudaCount.OfSamples(1), sum.Chunk),
        [
            .. inputs.Select(input => input.Place), selection.ScratchOf(new CudaCount(constant, perSample)),
            CudaSelection.Of(CudaCount.OfSamples(1)), CudaSelection.Of(CudaCount.Of(sum.Outputs)),
        ]);
    }

    /// <summary>The second: the sums of the parts.</summary>
    /// <param name="depth">What was divided among parts.</param>
    /// <param name="perPart">How much of it a part has.</param>
    public static void LaunchTotals(CudaSelection selection, Node node, int outputs, CudaCount depth, int perPart,
        IReadOnlyList<CudaArgument> results)
    {
        string[] names = [.. results.Select((_, i) => results.Count == 1 ? "result" : $"result{i}")];
        CudaKernel kernel = selection.Kernel(node, ("totals", outputs, names.Length), BatchSum.TotalThreads,
            name => BatchSum.WriteTotals(name, "Sums of what parts of a batch gave, in their order.", outputs, names), "Totals");
        Totals(selection, kernel, outputs, depth, perPart, results);
    }

    /// <summary>The same where a kernel makes more of the sums.</summary>
    /// <param name="counts">Numbers that the kernel takes besides, behind the others.</param>
    public static void Totals(CudaSelection selection, CudaKernel kernel, int outputs, CudaCount depth, int perPart,
        IReadOnlyList<CudaArgument> others, params CudaCount[] counts) => selection.Launch(
        kernel, new CudaExtent(CudaCount.Of(outputs), kernel.Threads), CudaExtent.One,
        [
            selection.ScratchOf(default), .. others, new CudaArgument.OfGroups(depth, perPart), CudaSelection.Of(CudaCount.Of(outputs)),
            .. counts.Select(CudaSelection.Of),
        ]);
}
