using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>What is made of the positions of samples that have as many as they bring: a thread for each feature of a sample.</summary>
/// <param name="positions">The most that a sample has.</param>
/// <param name="features">Of each.</param>
internal sealed class PositionsKernel(int positions, int features)
{
    /// <summary>The first or last position.</summary>
    /// <remarks>Its parameters are the input, the lengths, the output, and how many numbers that has.</remarks>
    public string WritePick(string name, string summary, bool isLast) => Write(name, summary, (writer, input, first, count) =>
    {
        PtxInt last = isLast ? writer.Add(count, PtxWriter.Number(-1), "last") : PtxWriter.Number(0);
        return At(writer, input, first, last);
    });

    /// <summary>Sum, mean, largest or smallest.</summary>
    /// <inheritdoc cref="WritePick" path="/remarks"/>
    public string WriteReduce(string name, string summary, ReduceFunction function) => Write(name, summary, (writer, input, first, count) =>
    {
        bool isSum = function is ReduceFunction.Sum or ReduceFunction.Mean;
        float start = isSum ? 0 : function == ReduceFunction.Amax ? float.NegativeInfinity : float.PositiveInfinity;
        PtxFloat result = writer.Variable(PtxWriter.Number(start), "result");
        // As other long sums, those of more terms than a float holds well are of doubles.
        PtxDouble? wide = isSum && positions > LongSum.PartDepth ? writer.Variable(PtxWriter.Number(0d), "wide") : null;
        writer.Loop("i", count, 1, i =>
        {
            PtxFloat x = At(writer, input, first, i);
            if (wide is not null)
                writer.Set(wide, writer.Add(wide, writer.Widen(x, "wideX"), "total"));
            else
                writer.Set(result, isSum ? writer.Add(result, x, "total") : function == ReduceFunction.Amax
                    ? writer.MaximumOrNaN(result, x, "larger") : writer.MinimumOrNaN(result, x, "smaller"));
        });
        if (wide is not null)
            result = writer.Narrow(wide, "sum");
        return function == ReduceFunction.Mean ? writer.Divide(result, writer.Convert(count, "number"), "mean") : result;
    });

    /// <param name="value">A feature's result, from where its first position is and how many there are.</param>
    private string Write(string name, string summary, Func<PtxWriter, PtxLong, PtxInt, PtxInt, PtxFloat> value)
        => EachElementKernel.Write(name, summary, ["input", "lengths"], (writer, pointers, element) =>
        {
            (PtxInt sample, PtxInt feature) = writer.Divide(element, features, "sample", "feature");
            PtxInt count = writer.LoadInt(writer.ElementAddress(pointers[1], sample, "lengthAt"), "length");
            return value(writer, pointers[0], writer.MultiplyAdd(sample, PtxWriter.Number(positions * features), feature, "first"), count);
        });

    private PtxFloat At(PtxWriter writer, PtxLong input, PtxInt first, PtxInt position)
        => writer.Element(input, writer.MultiplyAdd(position, PtxWriter.Number(features), first, "place"), "x");
}
