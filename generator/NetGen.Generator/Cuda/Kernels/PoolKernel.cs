using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Maximum or average over windows, one thread for each. Taps come row by row; what lies beside the image takes no part, and NaN passes.
/// </summary>
internal static class PoolKernel
{
    /// <remarks>Its parameters are the input, the output, and how many elements the output has.</remarks>
    public static string Write(string name, string summary, PoolWindows windows)
    {
        PoolAxis rows = windows.Rows, columns = windows.Columns;
        return EachElementKernel.Write(name, summary, ["input"], (writer, pointers, element) =>
        {
            (PtxInt plane, PtxInt window) = writer.Divide(element, rows.Outputs * columns.Outputs, "plane", "window");
            (PtxInt row, PtxInt column) = writer.Divide(window, columns.Outputs, "row", "column");
            (PtxInt top, PtxInt? bottom) = PoolWindow.Begin(writer, rows, row, "top");
            (PtxInt left, PtxInt? right) = PoolWindow.Begin(writer, columns, column, "left");
            PtxInt first = writer.Multiply(plane, PtxWriter.Number(rows.Size * columns.Size), "first");
            PtxFloat start = PtxWriter.Number(windows.IsMax ? float.NegativeInfinity : 0f);
            PtxFloat result = writer.Variable(start, windows.IsMax ? "largest" : "sum");
            PtxFloat taken = writer.Variable(PtxWriter.Number(0f), "taken");
            // As other long sums, those of more elements than a float holds well are of doubles.
            PtxDouble? wide = !windows.IsMax && (long)rows.Kernel * columns.Kernel > LongSum.PartDepth
                ? writer.Variable(PtxWriter.Number(0d), "wide") : null;
            bool counts = !windows.IsMax && windows.Divisor is null;
            bool countsPadding = windows.CountIncludePad && !rows.IsAdaptive && !columns.IsAdaptive;
            writer.Loop("tap", PtxWriter.Number(rows.Kernel * columns.Kernel), 1, tap =>
            {
                (PtxInt tapRow, PtxInt tapColumn) = writer.Divide(tap, columns.Kernel, "tapRow", "tapColumn");
                PtxInt y = writer.MultiplyAdd(tapRow, PtxWriter.Number(rows.Dilation), top, "y");
                PtxInt x = writer.MultiplyAdd(tapColumn, PtxWriter.Number(columns.Dilation), left, "x");
                if (counts && countsPadding)
                {
                    // Padding counts, but not what a last window has beyond it.
                    PtxPredicate isCounted = writer.And(writer.Compare("lt", y, PtxWriter.Number(rows.Size + rows.Padding), "isCountedRow"),
                        writer.Compare("lt", x, PtxWriter.Number(columns.Size + columns.Padding), "isCountedColumn"), "isCounted");
                    writer.If(isCounted, () => writer.Set(taken, writer.Add(taken, PtxWriter.Number(1f), "more")));
                }
                PtxPredicate isInside = writer.And(writer.IsWithin(y, rows.Size, "isRow"), writer.IsWithin(x, columns.Size, "isColumn"),
                    "isInside");
                if (bottom is not null)
                    isInside = writer.And(isInside, writer.Compare("lt", y, bottom, "isOfRows"), "isInside");
                if (right is not null)
                    isInside = writer.And(isInside, writer.Compare("lt", x, right, "isOfColumns"), "isInside");
                writer.If(isInside, () =>
                {
                    PtxInt line = writer.MultiplyAdd(y, PtxWriter.Number(columns.Size), x, "line");
                    PtxFloat value = writer.Load(writer.ElementAddress(pointers[0], writer.Add(first, line, "place"), "at"), "value");
                    if (windows.IsMax)
                        writer.Set(result, writer.MaximumOrNaN(result, value, "larger"));
                    else if (wide is not null)
                        writer.Set(wide, writer.Add(wide, writer.Widen(value, "wideValue"), "total"));
                    else
                        writer.Set(result, writer.Add(result, value, "total"));
                    if (counts && !countsPadding)
                        writer.Set(taken, writer.Add(taken, PtxWriter.Number(1f), "more"));
                });
            });
            if (wide is not null)
                result = writer.Narrow(wide, "sum");
            if (!windows.IsMax)
                result = writer.Divide(result, windows.Divisor is { } divisor ? PtxWriter.Number((float)divisor) : taken, "average");
            return result;
        });
    }
}
