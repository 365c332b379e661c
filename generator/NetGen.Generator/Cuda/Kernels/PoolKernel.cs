using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Maximum or average over windows, one thread for each. Taps come row by row; what lies beside the image takes no part, and NaN passes.
/// </summary>
internal static class PoolKernel
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    /// <remarks>Its parameters are the input, the output, and how many elements the output has.</remarks>
    public static string Write(string name, string summary, PoolWindows windows)
    {
        PoolAxis rows = windows.Rows, columns = windows.Columns;
        var writer = new PtxWriter(name, summary, Threads);
        PtxLong input = writer.Pointer("input"), output = writer.Pointer("output");
        PtxInt count = writer.Count("count");
        PtxInt element = writer.ThreadOfGrid("element");
        writer.ReturnIf(writer.Compare("ge", element, count, "isBehind"));
        (PtxInt plane, PtxInt window) = writer.Divide(element, rows.Outputs * columns.Outputs, "plane", "window");
        (PtxInt row, PtxInt column) = writer.Divide(window, columns.Outputs, "row", "column");
        PtxInt top = writer.MultiplyAdd(row, PtxWriter.Number(rows.Stride), PtxWriter.Number(-rows.Padding), "top");
        PtxInt left = writer.MultiplyAdd(column, PtxWriter.Number(columns.Stride), PtxWriter.Number(-columns.Padding), "left");
        PtxInt first = writer.Multiply(plane, PtxWriter.Number(rows.Size * columns.Size), "first");
        PtxFloat result = writer.Variable(PtxWriter.Number(windows.IsMax ? float.NegativeInfinity : 0f), windows.IsMax ? "largest" : "sum");
        PtxFloat taken = writer.Variable(PtxWriter.Number(0f), "taken");
        bool counts = !windows.IsMax && windows.Divisor is null;
        writer.Loop("tap", PtxWriter.Number(rows.Kernel * columns.Kernel), 1, tap =>
        {
            (PtxInt tapRow, PtxInt tapColumn) = writer.Divide(tap, columns.Kernel, "tapRow", "tapColumn");
            PtxInt y = writer.MultiplyAdd(tapRow, PtxWriter.Number(rows.Dilation), top, "y");
            PtxInt x = writer.MultiplyAdd(tapColumn, PtxWriter.Number(columns.Dilation), left, "x");
            if (counts && windows.CountIncludePad)
            {
                // Padding counts, but not what a last window has beyond it.
                PtxPredicate isCounted = writer.And(writer.Compare("lt", y, PtxWriter.Number(rows.Size + rows.Padding), "isCountedRow"),
                    writer.Compare("lt", x, PtxWriter.Number(columns.Size + columns.Padding), "isCountedColumn"), "isCounted");
                writer.If(isCounted, () => writer.Set(taken, writer.Add(taken, PtxWriter.Number(1f), "more")));
            }
            PtxPredicate isInside = writer.And(writer.IsWithin(y, rows.Size, "isRow"), writer.IsWithin(x, columns.Size, "isColumn"),
                "isInside");
            writer.If(isInside, () =>
            {
                PtxInt line = writer.MultiplyAdd(y, PtxWriter.Number(columns.Size), x, "line");
                PtxFloat value = writer.Load(writer.ElementAddress(input, writer.Add(first, line, "place"), "at"), "value");
                writer.Set(result, windows.IsMax ? writer.MaximumOrNaN(result, value, "larger") : writer.Add(result, value, "total"));
                if (counts && !windows.CountIncludePad)
                    writer.Set(taken, writer.Add(taken, PtxWriter.Number(1f), "more"));
            });
        });
        if (!windows.IsMax)
            result = writer.Divide(result, windows.Divisor is { } divisor ? PtxWriter.Number((float)divisor) : taken, "average");
        writer.Store(writer.ElementAddress(output, element, "to"), result);
        return writer.Render();
    }
}
