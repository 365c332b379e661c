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
        PtxFloat[] sums = work.Sums(PtxWriter.Number(features), features, 3, place =>
        {
            PtxInt at = writer.Add(start, place, "at");
            PtxFloat a = writer.Element(first, at, "a"), b = writer.Element(second, at, "b");
            return [writer.Multiply(a, b, "product"), writer.Multiply(a, a, "square"), writer.Multiply(b, b, "otherSquare")];
        });
        // In doubles, since the product of small norms is too small for a float.
        PtxDouble Norm(PtxFloat squares) => writer.Maximum(writer.SquareRoot(writer.Widen(squares, "wide"), "root"),
            PtxWriter.Number((double)eps), "norm");
        PtxDouble norms = writer.Multiply(Norm(sums[1]), Norm(sums[2]), "norms");
        PtxFloat cosine = writer.Narrow(writer.Divide(writer.Widen(sums[0], "products"), norms, "quotient"), "cosine");
        writer.If(writer.Compare("eq", work.Lane, PtxWriter.Number(0), "isFirst"),
            () => writer.Store(writer.ElementAddress(output, work.Row, "to"), cosine));
        return writer.Render();
    }
}
