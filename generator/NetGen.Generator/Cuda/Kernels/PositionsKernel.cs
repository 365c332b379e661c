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

    /// <summary>What flows back from the first or last position: zero at all others.</summary>
    /// <remarks>Its parameters are the gradient, the lengths, the output, and how many numbers that has.</remarks>
    public string WritePickGradient(string name, string summary, bool isLast)
        => WriteBack(name, summary, ["gradient"], (writer, pointers, place, count, feature) =>
        {
            PtxInt at = isLast ? writer.Add(count, PtxWriter.Number(-1), "last") : PtxWriter.Number(0);
            PtxFloat dy = writer.Element(pointers[0], feature, "dy");
            return writer.Select(writer.Compare("eq", place[0], at, "isPicked"), dy, PtxWriter.Number(0f), "dx");
        });

    /// <summary>What flows back from one of all positions; to equal extremes alike, and nothing behind the last position.</summary>
    /// <remarks>
    /// Its parameters are the gradient, for extremes input and output, the lengths, the output, and how many numbers that has.
    /// </remarks>
    public string WriteReduceGradient(string name, string summary, ReduceFunction function)
    {
        bool isExtreme = function is ReduceFunction.Amax or ReduceFunction.Amin;
        string[] inputs = ["gradient", .. isExtreme ? new[] { "input", "extremes" } : []];
        return WriteBack(name, summary, inputs, (writer, pointers, place, count, feature) =>
        {
            PtxFloat dy = writer.Element(pointers[0], feature, "dy"), zero = PtxWriter.Number(0f);
            PtxPredicate isPosition = writer.Compare("lt", place[0], count, "isPosition");
            if (function == ReduceFunction.Mean)
                dy = writer.Divide(dy, writer.Convert(count, "number"), "share");
            if (isExtreme)
            {
                PtxFloat extreme = writer.Element(pointers[2], feature, "extreme");
                PtxInt first = writer.MultiplyAdd(place.Sample, PtxWriter.Number(positions * features), place[1], "first");
                PtxFloat equals = writer.Variable(zero, "equals");
                writer.Loop("i", count, 1, i =>
                {
                    PtxPredicate isEqual = writer.Compare("eq", At(writer, pointers[1], first, i), extreme, "isEqual");
                    writer.Set(equals, writer.Add(equals, writer.Select(isEqual, PtxWriter.Number(1f), zero, "one"), "more"));
                });
                PtxPredicate isOne = writer.Compare("eq", At(writer, pointers[1], first, place[0]), extreme, "isOne");
                dy = writer.Select(isOne, writer.Divide(dy, equals, "share"), zero, "share");
            }
            return writer.Select(isPosition, dy, zero, "dx");
        });
    }

    /// <summary>
    /// exp(x) over the sum of all positions. The largest is taken off first, so that no exponential is beyond the numbers there are.
    /// </summary>
    /// <remarks>
    /// Its parameters are the input, the lengths where there are such, the output, and how many features all samples have.
    /// </remarks>
    public string WriteSoftmax(string name, string summary, bool hasLengths)
        => WriteAll(name, summary, ["input"], hasLengths, (writer, pointers, first, count) =>
        {
            PtxFloat largest = writer.Variable(PtxWriter.Number(float.NegativeInfinity), "largest");
            writer.Loop("i", count, 1, i => writer.Set(
                largest, writer.MaximumOrNaN(largest, At(writer, pointers[0], first, i), "larger")));
            PtxFloat Power(PtxInt i) => writer.Exp(writer.Subtract(At(writer, pointers[0], first, i), largest, "distance"));
            PtxFloat sum = Sum(writer, count, Power);
            return i => writer.Divide(Power(i), sum, "y");
        });

    /// <summary>What flows back through that: y (dy − Σ y dy).</summary>
    /// <remarks>
    /// Its parameters are the gradient, the output, the lengths where there are such, the result, and how many features all samples have.
    /// </remarks>
    public string WriteSoftmaxGradient(string name, string summary, bool hasLengths)
        => WriteAll(name, summary, ["gradient", "saved"], hasLengths, (writer, pointers, first, count) =>
        {
            PtxFloat sum = Sum(writer, count,
                i => writer.Multiply(At(writer, pointers[0], first, i), At(writer, pointers[1], first, i), "product"));
            return i => writer.Multiply(At(writer, pointers[1], first, i),
                writer.Subtract(At(writer, pointers[0], first, i), sum, "difference"), "dx");
        });

    private static PtxFloat Sum(PtxWriter writer, PtxInt count, Func<PtxInt, PtxFloat> term)
    {
        PtxDouble sum = writer.Variable(PtxWriter.Number(0d), "sum");
        writer.Loop("i", count, 1, i => writer.Set(sum, writer.Add(sum, writer.Widen(term(i), "wide"), "total")));
        return writer.Narrow(sum, "sum");
    }

    /// <summary>A thread for each feature of a sample, which writes all of its positions, and zeros behind the sample's own.</summary>
    /// <param name="value">What a position gets, from where the feature's first one is and how many there are.</param>
    private string WriteAll(string name, string summary, string[] inputs, bool hasLengths,
        Func<PtxWriter, PtxLong[], PtxInt, PtxInt, Func<PtxInt, PtxFloat>> value)
    {
        var writer = new PtxWriter(name, summary, EachElementKernel.Threads);
        PtxLong[] pointers = [.. inputs.Select(input => writer.Pointer(input))];
        PtxLong? lengths = hasLengths ? writer.Pointer("lengths") : null;
        PtxLong output = writer.Pointer("output");
        PtxInt all = writer.Count("count"), own = writer.ThreadOfGrid("element");
        writer.ReturnIf(writer.Compare("ge", own, all, "isBehind"));
        (PtxInt sample, PtxInt feature) = writer.Divide(own, features, "sample", "feature");
        PtxInt count = lengths is null ? PtxWriter.Number(positions)
            : writer.LoadInt(writer.ElementAddress(lengths, sample, "lengthAt"), "length");
        PtxInt first = writer.MultiplyAdd(sample, PtxWriter.Number(positions * features), feature, "first");
        PtxLong To(PtxInt position)
            => writer.ElementAddress(output, writer.MultiplyAdd(position, PtxWriter.Number(features), first, "place"), "to");
        Func<PtxInt, PtxFloat> at = value(writer, pointers, first, count);
        writer.Loop("i", count, 1, i => writer.Store(To(i), at(i)));
        if (lengths is not null)
            writer.For("rest", count, PtxWriter.Number(positions), 1, i => writer.Store(To(i), PtxWriter.Number(0f)));
        return writer.Render();
    }

    /// <param name="value">
    /// What flows to an element, from its place, its sample's positions, and its feature among those of all samples.
    /// </param>
    private string WriteBack(string name, string summary, string[] inputs,
        Func<PtxWriter, PtxLong[], ElementPlace, PtxInt, PtxInt, PtxFloat> value)
        => EachElementKernel.Write(name, summary, [.. inputs, "lengths"], (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [positions, features]);
            PtxInt count = writer.LoadInt(writer.ElementAddress(pointers[inputs.Length], place.Sample, "lengthAt"), "length");
            PtxInt feature = writer.MultiplyAdd(place.Sample, PtxWriter.Number(features), place[1], "featureAt");
            return value(writer, pointers, place, count, feature);
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
