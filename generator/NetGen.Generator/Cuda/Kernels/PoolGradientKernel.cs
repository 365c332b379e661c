using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// What flows back through a pooling: a thread for each pixel looks at the windows that it is in, and adds up what they send to it, in
/// their order.
/// </summary>
internal static class PoolGradientKernel
{
    /// <param name="mask">The derivative of an activation in front; null for none.</param>
    /// <remarks>
    /// Its parameters are the gradient, the pooling's input and output where it is of maxima, what the derivative is found from where there
    /// is one, the output, and how many elements that has.
    /// </remarks>
    public static string Write(string name, string summary, PoolWindows windows, ProductPartner? mask)
    {
        PoolAxis rows = windows.Rows, columns = windows.Columns;
        string[] inputs =
        [
            "gradient", .. windows.IsMax ? new[] { "input", "pooled" } : [], .. mask is null ? [] : new[] { mask.Name },
        ];
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [rows.Size, columns.Size]);
            PtxInt plane = writer.Multiply(place.Sample, PtxWriter.Number(rows.Size * columns.Size), "plane");
            PtxFloat? own = windows.IsMax ? writer.Element(pointers[1], element, "own") : null;
            PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
            (PtxInt firstRow, PtxInt endRow) = PoolWindow.Range(writer, rows, place[0]);
            (PtxInt firstColumn, PtxInt endColumn) = PoolWindow.Range(writer, columns, place[1]);
            bool countsPadding = windows.CountIncludePad && !rows.IsAdaptive && !columns.IsAdaptive;
            writer.For("row", firstRow, endRow, 1, row => writer.For("column", firstColumn, endColumn, 1, column =>
            {
                PtxInt line = writer.MultiplyAdd(place.Sample, PtxWriter.Number(rows.Outputs), row, "line");
                PtxInt window = writer.MultiplyAdd(line, PtxWriter.Number(columns.Outputs), column, "window");
                void Add(PtxFloat value) => writer.Set(sum, writer.Add(sum, value, "total"));
                PtxFloat Gradient() => writer.Element(pointers[0], window, "dy");
                if (windows.IsMax)
                {
                    PtxFloat largest = writer.Element(pointers[2], window, "largest");
                    // Of those that may be it, the first is: most are not.
                    PtxPredicate isNumber = writer.Compare("eq", largest, largest, "isNumber");
                    PtxPredicate mayBe = writer.Or(writer.Compare("eq", own!, largest, "isLargest"), writer.Not(isNumber, "isNone"),
                        "mayBe");
                    writer.If(mayBe, () =>
                    {
                        PtxInt hit = PoolWindow.Hit(writer, windows, pointers[1], plane, row, column, largest);
                        writer.If(writer.Compare("eq", hit, element, "isHit"), () => Add(Gradient()));
                    });
                    return;
                }
                PtxFloat divisor = windows.Divisor is { } known ? PtxWriter.Number((float)known) : writer.Convert(writer.Multiply(
                    PoolWindow.Count(writer, rows, row, countsPadding), PoolWindow.Count(writer, columns, column, countsPadding), "count"),
                    "divisor");
                Add(writer.Divide(Gradient(), divisor, "share"));
            }));
            return mask is null ? sum : mask.Combine(writer, sum, writer.Element(pointers[pointers.Length - 1], element, "saved"));
        });
    }
}
