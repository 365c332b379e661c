using NetGen.Generator.Ir;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Elements in other places: a thread for each that moves.</summary>
internal static class MoveKernel
{
    /// <remarks>Its parameters are the input, the output, and how many elements move.</remarks>
    public static string Write(string name, string summary, MoveOp op, IReadOnlyList<int> input, IReadOnlyList<int> output)
        => EachElementKernel.WriteTo(name, summary, ["input"], (writer, pointers, element) =>
        {
            // The innermost loop of the output first: its elements are written side by side.
            MoveLoop[] loops = [.. op.Loops.OrderBy(loop => Stride(output, loop.To) * loop.ToStep)];
            PtxInt rest = element;
            int fromStart = Start(input, op.FromStart), toStart = Start(output, op.ToStart);
            var rounds = new List<(MoveLoop Loop, PtxInt Round)>();
            foreach (MoveLoop loop in loops)
            {
                (rest, PtxInt round) = writer.Divide(rest, loop.Extent, "rest", "round");
                rounds.Add((loop, round));
            }
            PtxInt from = writer.MultiplyAdd(rest, PtxWriter.Number(Size(input)), PtxWriter.Number(fromStart), "from"),
                to = writer.MultiplyAdd(rest, PtxWriter.Number(Size(output)), PtxWriter.Number(toStart), "to");
            foreach ((MoveLoop loop, PtxInt round) in rounds)
            {
                from = writer.MultiplyAdd(round, PtxWriter.Number(Stride(input, loop.From) * loop.FromStep), from, "from");
                to = writer.MultiplyAdd(round, PtxWriter.Number(Stride(output, loop.To) * loop.ToStep), to, "to");
            }
            return (to, writer.Element(pointers[0], from, "x"));
        });

    private static int Size(IReadOnlyList<int> dimensions) => dimensions.Aggregate(1, (product, extent) => product * extent);

    private static int Stride(IReadOnlyList<int> dimensions, int dimension)
        => dimensions.Skip(dimension + 1).Aggregate(1, (product, extent) => product * extent);

    private static int Start(IReadOnlyList<int> dimensions, IEnumerable<int> start)
        => start.Select((index, dimension) => index * Stride(dimensions, dimension)).Sum();
}
