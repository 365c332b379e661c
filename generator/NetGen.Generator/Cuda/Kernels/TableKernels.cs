using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Rows of tables, looked up by ints or by positions: a thread for each number.</summary>
internal static class TableKernels
{
    /// <remarks>Its parameters are the ints, the table, the output, and how many numbers that has.</remarks>
    public static string WriteEmbedding(string name, string summary, EmbeddingOp op)
        => EachElementKernel.Write(name, summary, ["ints", "table"], (writer, pointers, element) =>
        {
            (PtxInt index, PtxInt feature) = writer.Divide(element, op.Features, "index", "feature");
            PtxInt start = writer.Multiply(writer.LoadInt(writer.ElementAddress(pointers[0], index, "intAt"), "row"),
                PtxWriter.Number(op.Features), "start");
            PtxFloat value = writer.Element(pointers[1], writer.Add(start, feature, "at"), "value");
            if (op is { MaxNorm: { } most, Renormalizes: false })
                value = writer.Multiply(value, NormFactor(writer, pointers[1], start, op.Features, most), "bounded");
            return op.Scale == 1 ? value : writer.Multiply(value, PtxWriter.Number(op.Scale), "scaled");
        });

    /// <summary>What a row is multiplied by so that its norm is no larger than it may be.</summary>
    public static PtxFloat NormFactor(PtxWriter writer, PtxLong table, PtxInt start, int features, double most)
    {
        PtxDouble squares = writer.Variable(PtxWriter.Number(0d), "squares");
        writer.Loop("i", PtxWriter.Number(features), 1, i =>
        {
            PtxDouble x = writer.Widen(writer.Element(table, writer.Add(start, i, "place"), "x"), "wide");
            writer.Set(squares, writer.Add(squares, writer.Multiply(x, x, "square"), "total"));
        });
        PtxDouble norm = writer.SquareRoot(squares, "norm");
        PtxDouble factor = writer.Divide(PtxWriter.Number(most), writer.Add(norm, PtxWriter.Number(1e-7), "divisor"), "quotient");
        return writer.Select(writer.Compare("gt", norm, PtxWriter.Number(most), "isLong"), writer.Narrow(factor, "factor"),
            PtxWriter.Number(1f), "factor");
    }

    /// <param name="hasLengths">Samples bring how many ints they have.</param>
    /// <param name="keepsRows">Of each maximum it is kept which row it is from; −1 where no row counts.</param>
    /// <remarks>
    /// Its parameters are the ints, the table, the ints' weights, the samples' lengths and the rows that are kept where there are such, the
    /// output, and how many numbers that has.
    /// </remarks>
    public static string WriteBag(string name, string summary, EmbeddingBagOp op, bool hasLengths, bool keepsRows)
    {
        string[] inputs =
        [
            "ints", "table", .. op.HasWeights ? new[] { "weights" } : [], .. hasLengths ? new[] { "lengths" } : [],
            .. keepsRows ? new[] { "rows" } : [],
        ];
        int lengthsAt = op.HasWeights ? 3 : 2;
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            (PtxInt sample, PtxInt feature) = writer.Divide(element, op.Features, "sample", "feature");
            PtxInt count = hasLengths ? writer.LoadInt(writer.ElementAddress(pointers[lengthsAt], sample, "lengthAt"), "length")
                : PtxWriter.Number(op.Length);
            PtxInt first = writer.Multiply(sample, PtxWriter.Number(op.Length), "first");
            PtxFloat counted = writer.Variable(PtxWriter.Number(0f), "counted"), result = writer.Variable(PtxWriter.Number(0f), "result");
            PtxInt? kept = keepsRows ? writer.Variable(PtxWriter.Number(-1), "kept") : null;
            bool isCut = op.Mode != BagMode.Max && op.Length > LongSum.PartDepth;
            PtxDouble? wide = isCut ? writer.Variable(PtxWriter.Number(0d), "wide") : null;
            writer.Loop("i", count, 1, i =>
            {
                PtxInt at = writer.Add(first, i, "at"), row = writer.LoadInt(writer.ElementAddress(pointers[0], at, "intAt"), "row");
                void Take()
                {
                    PtxInt place = writer.MultiplyAdd(row, PtxWriter.Number(op.Features), feature, "place");
                    PtxFloat value = writer.Element(pointers[1], place, "value");
                    if (op.HasWeights)
                        value = writer.Multiply(value, writer.Element(pointers[2], at, "weight"), "weighted");
                    if (op.Mode == BagMode.Max)
                    {
                        // As in PyTorch, the first of those that are not below all others; NaN only where the first is.
                        PtxPredicate isFirst = writer.Compare("eq", counted, PtxWriter.Number(0f), "isFirst");
                        PtxPredicate isNew = writer.Or(isFirst, writer.Compare("gt", value, result, "isLarger"), "isNew");
                        writer.Set(result, writer.Select(isNew, value, result, "largest"));
                        if (kept is not null)
                            writer.Set(kept, writer.Select(isNew, row, kept, "ofLargest"));
                    }
                    else if (wide is not null)
                    {
                        writer.Set(wide, writer.Add(wide, writer.Widen(value, "wideValue"), "total"));
                    }
                    else
                    {
                        writer.Set(result, writer.Add(result, value, "total"));
                    }
                    writer.Set(counted, writer.Add(counted, PtxWriter.Number(1f), "more"));
                }
                if (op.PaddingRow is { } padding)
                    writer.If(writer.Compare("ne", row, PtxWriter.Number(padding), "counts"), Take);
                else
                    Take();
            });
            if (kept is not null)
                writer.Store(writer.ElementAddress(pointers[pointers.Length - 1], element, "keptAt"), kept);
            if (wide is not null)
                result = writer.Narrow(wide, "sum");
            return op.Mode != BagMode.Mean ? result
                : writer.Divide(result, writer.MaximumOrNaN(counted, PtxWriter.Number(1f), "divisor"), "mean");
        });
    }

    /// <summary>Adds to each position its row.</summary>
    /// <remarks>Its parameters are the input, the table, the output, and how many numbers that has.</remarks>
    public static string WritePositions(string name, string summary, int positions, int features)
        => EachElementKernel.Write(name, summary, ["input", "table"], (writer, pointers, element) =>
        {
            PtxInt at = writer.Divide(element, positions * features, "sample", "inSample").Remainder;
            return writer.Add(writer.Element(pointers[0], element, "x"), writer.Element(pointers[1], at, "own"), "y");
        });

    /// <summary>Turns pairs of features: (a, b) → (a cos − b sin, b cos + a sin).</summary>
    /// <remarks>Its parameters are the input, the table of cosines and sines, the output, and how many numbers that has.</remarks>
    public static string WriteRotary(string name, string summary, RotaryOp op, int positions)
        => EachElementKernel.Write(name, summary, ["input", "table"], (writer, pointers, element) =>
        {
            int pairs = op.HeadSize / 2;
            var place = new ElementPlace(writer, element, [positions, op.Heads, op.HeadSize]);
            (PtxInt outer, PtxInt inner) = writer.Divide(place[2], op.Interleaved ? 2 : pairs, "outer", "inner");
            (PtxInt pair, PtxInt half) = op.Interleaved ? (outer, inner) : (inner, outer);
            PtxPredicate isFirst = writer.Compare("eq", half, PtxWriter.Number(0), "isFirst");
            int distance = op.Interleaved ? 1 : pairs;
            PtxInt step = writer.Select(isFirst, PtxWriter.Number(distance), PtxWriter.Number(-distance), "distance");
            PtxFloat own = writer.Element(pointers[0], element, "own"),
                partner = writer.Element(pointers[0], writer.Add(element, step, "partnerPlace"), "partner");
            PtxInt row = writer.MultiplyAdd(place[0], PtxWriter.Number(2 * pairs), pair, "row");
            PtxFloat cosine = writer.Element(pointers[1], row, "cosine"),
                sine = writer.Element(pointers[1], writer.Add(row, PtxWriter.Number(pairs), "sineAt"), "sine");
            PtxFloat minus = writer.Negate(sine, "minus");
            // The way back is by the angle the other way.
            PtxFloat signed = op.IsGradient ? writer.Select(isFirst, sine, minus, "signed") : writer.Select(isFirst, minus, sine, "signed");
            return writer.Add(writer.Multiply(own, cosine, "kept"), writer.Multiply(partner, signed, "turned"), "y");
        });
}
