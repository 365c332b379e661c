namespace NetGen.Generator.Cuda.Kernels;

/// <summary>The cosine of the angle between two vectors: a team for each pair.</summary>
internal static class CosineKernel
{
    /// <remarks>Its parameters are both, the output, and how many samples there are.</remarks>
    public static string Write(string name, string summary, int features, float eps)
    {
        RowTeam team = RowTeam.For(features);
        var writer = new PtxWriter(name, summary, team.Threads);
        PtxLong first = writer.Pointer("x"), second = writer.Pointer("y"), output = writer.Pointer("output");
        RowWork work = team.Begin(writer);
        PtxInt start = writer.Multiply(work.Row, PtxWriter.Number(features), "start");
        (PtxFloat products, PtxFloat squares, PtxFloat others) = Sums(writer, work, start, first, second, features);
        // In doubles, since the product of small norms is too small for a float.
        PtxDouble Norm(PtxFloat sum) => writer.Maximum(writer.SquareRoot(writer.Widen(sum, "wide"), "root"),
            PtxWriter.Number((double)eps), "norm");
        PtxDouble norms = writer.Multiply(Norm(squares), Norm(others), "norms");
        PtxFloat cosine = writer.Narrow(writer.Divide(writer.Widen(products, "products"), norms, "quotient"), "cosine");
        work.IfFirst(() => writer.Store(writer.ElementAddress(output, work.Row, "to"), cosine));
        return writer.Render();
    }

    /// <summary>dx = dcos (y / (‖x‖ ‖y‖) − cos x / ‖x‖²); the second term is missing where ‖x‖ counts as eps.</summary>
    /// <remarks>Its parameters are the cosine's gradient, x, y, the result, and how many samples there are.</remarks>
    public static string WriteGradient(string name, string summary, int features, float eps)
    {
        RowTeam team = RowTeam.For(features);
        var writer = new PtxWriter(name, summary, team.Threads);
        PtxLong gradient = writer.Pointer("gradient"), own = writer.Pointer("x"), other = writer.Pointer("y"),
            output = writer.Pointer("output");
        RowWork work = team.Begin(writer);
        PtxInt start = writer.Multiply(work.Row, PtxWriter.Number(features), "start");
        (PtxFloat products, PtxFloat squares, PtxFloat others) = Sums(writer, work, start, own, other, features);
        PtxDouble root = writer.SquareRoot(writer.Widen(squares, "wide"), "root"), least = PtxWriter.Number((double)eps);
        PtxDouble norm = writer.Maximum(root, least, "norm"),
            otherNorm = writer.Maximum(writer.SquareRoot(writer.Widen(others, "wide"), "root"), least, "otherNorm");
        PtxDouble flow = writer.Widen(writer.Element(gradient, work.Row, "dy"), "flow");
        PtxDouble ofOther = writer.Divide(flow, writer.Multiply(norm, otherNorm, "norms"), "ofOther");
        PtxDouble ofOwn = writer.Divide(writer.Multiply(ofOther, writer.Widen(products, "wide"), "ofCosine"),
            writer.Multiply(norm, norm, "squared"), "ofOwn");
        ofOwn = writer.Select(writer.Compare("gt", root, least, "isNorm"), ofOwn, PtxWriter.Number(0d), "ofOwn");
        PtxFloat across = writer.Narrow(ofOther, "across"), along = writer.Narrow(ofOwn, "along");
        work.ForEach(PtxWriter.Number(features), place =>
        {
            PtxInt at = writer.Add(start, place, "at");
            PtxFloat less = writer.Multiply(writer.Element(own, at, "a"), along, "less");
            writer.Store(writer.ElementAddress(output, at, "to"),
                writer.Subtract(writer.Multiply(writer.Element(other, at, "b"), across, "more"), less, "dx"));
        });
        return writer.Render();
    }

    /// <summary>x · y, x · x and y · y of a row.</summary>
    public static (PtxFloat Products, PtxFloat Squares, PtxFloat OtherSquares) Sums(PtxWriter writer, RowWork work, PtxInt start,
        PtxLong first, PtxLong second, int features)
    {
        PtxFloat[] sums = work.Sums(PtxWriter.Number(features), features, 3, place =>
        {
            PtxInt at = writer.Add(start, place, "at");
            PtxFloat a = writer.Element(first, at, "a"), b = writer.Element(second, at, "b");
            return [writer.Multiply(a, b, "product"), writer.Multiply(a, a, "square"), writer.Multiply(b, b, "otherSquare")];
        });
        return (sums[0], sums[1], sums[2]);
    }
}
