using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>The windows of a pooling: where each lies, which ones an element is in, and where the maximum of one is.</summary>
internal static class PoolWindow
{
    /// <summary>Where a window begins, and behind which element it ends.</summary>
    public static (PtxInt Start, PtxInt? End) Begin(PtxWriter writer, PoolAxis axis, PtxInt window, string stem)
    {
        if (!axis.IsAdaptive)
            return (writer.MultiplyAdd(window, PtxWriter.Number(axis.Stride), PtxWriter.Number(-axis.Padding), stem), null);
        PtxInt size = PtxWriter.Number(axis.Size), behind = PtxWriter.Number(axis.Size + axis.Outputs - 1);
        PtxInt start = writer.Divide(writer.Multiply(window, size, "share"), axis.Outputs, stem, "rest").Quotient;
        return (start, writer.Divide(writer.MultiplyAdd(window, size, behind, "share"), axis.Outputs, stem + "End", "rest").Quotient);
    }

    /// <summary>How many elements of a direction an average's window counts.</summary>
    /// <param name="countsPadding">What lies beside the image counts, but not what a last window has beyond its padding.</param>
    public static PtxInt Count(PtxWriter writer, PoolAxis axis, PtxInt window, bool countsPadding)
    {
        (PtxInt start, PtxInt? end) = Begin(writer, axis, window, "start");
        if (end is not null)
            return writer.Subtract(end, start, "count");
        PtxInt behind = writer.Minimum(writer.Add(start, PtxWriter.Number(axis.Kernel), "behind"),
            PtxWriter.Number(axis.Size + (countsPadding ? axis.Padding : 0)), "end");
        return writer.Subtract(behind, countsPadding ? start : writer.Maximum(start, PtxWriter.Number(0), "first"), "count");
    }

    /// <summary>The windows that a row or column may be in.</summary>
    public static (PtxInt First, PtxInt End) Range(PtxWriter writer, PoolAxis axis, PtxInt at)
    {
        if (axis.Outputs == 1 && axis.Covers)
            return (PtxWriter.Number(0), PtxWriter.Number(1));
        if (axis.IsAdaptive)
        {
            PtxInt outputs = PtxWriter.Number(axis.Outputs);
            PtxInt start = writer.Divide(writer.Multiply(at, outputs, "share"), axis.Size, "first", "rest").Quotient;
            PtxInt behind = writer.MultiplyAdd(at, outputs, PtxWriter.Number(axis.Outputs + axis.Size - 1), "share");
            return (start, writer.Divide(behind, axis.Size, "end", "rest").Quotient);
        }
        PtxInt padded = writer.Add(at, PtxWriter.Number(axis.Padding), "padded");
        PtxInt before = writer.Add(padded, PtxWriter.Number(axis.Stride - 1 - (axis.Kernel - 1) * axis.Dilation), "before");
        PtxInt first = writer.Divide(writer.Maximum(before, PtxWriter.Number(0), "notBefore"), axis.Stride, "first", "rest").Quotient;
        PtxInt last = writer.Divide(padded, axis.Stride, "last", "rest").Quotient;
        return (first, writer.Minimum(writer.Add(last, PtxWriter.Number(1), "end"), PtxWriter.Number(axis.Outputs), "end"));
    }

    /// <summary>The pixel that a window's maximum is: the first that equals it, or of NaNs the last.</summary>
    /// <param name="plane">Where the image's channel begins.</param>
    public static PtxInt Hit(PtxWriter writer, PoolWindows windows, PtxLong input, PtxInt plane, PtxInt row, PtxInt column,
        PtxFloat largest)
    {
        PoolAxis rows = windows.Rows, columns = windows.Columns;
        PtxInt hit = writer.Variable(PtxWriter.Number(-1), "hit"), notANumber = writer.Variable(PtxWriter.Number(-1), "notANumber");
        (PtxInt top, PtxInt? bottom) = Begin(writer, rows, row, "top");
        (PtxInt left, PtxInt? right) = Begin(writer, columns, column, "left");
        writer.Loop("tap", PtxWriter.Number(rows.Kernel * columns.Kernel), 1, tap =>
        {
            (PtxInt tapRow, PtxInt tapColumn) = writer.Divide(tap, columns.Kernel, "tapRow", "tapColumn");
            PtxInt y = writer.MultiplyAdd(tapRow, PtxWriter.Number(rows.Dilation), top, "y");
            PtxInt x = writer.MultiplyAdd(tapColumn, PtxWriter.Number(columns.Dilation), left, "x");
            PtxPredicate isInside = writer.And(writer.IsWithin(y, rows.Size, "isRow"), writer.IsWithin(x, columns.Size, "isColumn"),
                "isInside");
            if (bottom is not null)
                isInside = writer.And(isInside, writer.Compare("lt", y, bottom, "isOfRows"), "isInside");
            if (right is not null)
                isInside = writer.And(isInside, writer.Compare("lt", x, right, "isOfColumns"), "isInside");
            writer.If(isInside, () =>
            {
                PtxInt at = writer.Add(plane, writer.MultiplyAdd(y, PtxWriter.Number(columns.Size), x, "pixel"), "at");
                PtxFloat value = writer.Element(input, at, "x");
                PtxPredicate isFirst = writer.And(writer.Compare("eq", value, largest, "isLargest"),
                    writer.Compare("lt", hit, PtxWriter.Number(0), "isOpen"), "isFirst");
                writer.Set(hit, writer.Select(isFirst, at, hit, "place"));
                PtxPredicate isNumber = writer.Compare("eq", value, value, "isNumber");
                writer.Set(notANumber, writer.Select(isNumber, notANumber, at, "place"));
            });
        });
        return writer.Select(writer.Compare("lt", hit, PtxWriter.Number(0), "isOpen"), notANumber, hit, "hitAt");
    }
}
