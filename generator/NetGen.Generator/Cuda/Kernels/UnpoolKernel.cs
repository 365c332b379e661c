using NetGen.Generator.Ir;
using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// Values back to where the maxima of a pooling came from: a thread for each pixel looks at the windows that it is in, and takes the value
/// of the last of them whose maximum it is. So nothing depends on which thread comes first.
/// </summary>
internal sealed class UnpoolKernel(PoolWindows windows)
{
    private readonly PoolAxis _rows = windows.Rows, _columns = windows.Columns;

    /// <remarks>Its parameters are the values, the pooling's input and output, the output, and how many elements that has.</remarks>
    public string Write(string name, string summary) => EachElementKernel.Write(name, summary, ["values", "input", "pooled"],
        (writer, pointers, element) =>
    {
        var place = new ElementPlace(writer, element, [_rows.Size, _columns.Size]);
        PtxInt plane = writer.Multiply(place.Sample, PtxWriter.Number(_rows.Size * _columns.Size), "plane");
        PtxFloat result = writer.Variable(PtxWriter.Number(0f), "result");
        (PtxInt firstRow, PtxInt endRow) = Range(writer, _rows, place[0]);
        (PtxInt firstColumn, PtxInt endColumn) = Range(writer, _columns, place[1]);
        writer.For("row", firstRow, endRow, 1, row => writer.For("column", firstColumn, endColumn, 1, column =>
        {
            PtxInt line = writer.MultiplyAdd(place.Sample, PtxWriter.Number(_rows.Outputs), row, "line");
            PtxInt window = writer.MultiplyAdd(line, PtxWriter.Number(_columns.Outputs), column, "window");
            PtxInt hit = Hit(writer, pointers[1], plane, row, column, writer.Element(pointers[2], window, "largest"));
            writer.If(writer.Compare("eq", hit, element, "isHit"), () => writer.Set(result, writer.Element(pointers[0], window, "value")));
        }));
        return result;
    });

    /// <summary>The windows that a row or column may be in.</summary>
    private static (PtxInt First, PtxInt End) Range(PtxWriter writer, PoolAxis axis, PtxInt at)
    {
        if (axis.Outputs == 1)
            return (PtxWriter.Number(0), PtxWriter.Number(1));
        PtxInt padded = writer.Add(at, PtxWriter.Number(axis.Padding), "padded");
        PtxInt before = writer.Add(padded, PtxWriter.Number(axis.Stride - 1 - (axis.Kernel - 1) * axis.Dilation), "before");
        PtxInt first = writer.Divide(writer.Maximum(before, PtxWriter.Number(0), "notBefore"), axis.Stride, "first", "rest").Quotient;
        PtxInt last = writer.Divide(padded, axis.Stride, "last", "rest").Quotient;
        return (first, writer.Minimum(writer.Add(last, PtxWriter.Number(1), "end"), PtxWriter.Number(axis.Outputs), "end"));
    }

    /// <summary>The pixel that a window's maximum is: the first that equals it, or of NaNs the last.</summary>
    private PtxInt Hit(PtxWriter writer, PtxLong input, PtxInt plane, PtxInt row, PtxInt column, PtxFloat largest)
    {
        PtxInt hit = writer.Variable(PtxWriter.Number(-1), "hit"), notANumber = writer.Variable(PtxWriter.Number(-1), "notANumber");
        PtxInt top = writer.MultiplyAdd(row, PtxWriter.Number(_rows.Stride), PtxWriter.Number(-_rows.Padding), "top");
        PtxInt left = writer.MultiplyAdd(column, PtxWriter.Number(_columns.Stride), PtxWriter.Number(-_columns.Padding), "left");
        writer.Loop("tap", PtxWriter.Number(_rows.Kernel * _columns.Kernel), 1, tap =>
        {
            (PtxInt tapRow, PtxInt tapColumn) = writer.Divide(tap, _columns.Kernel, "tapRow", "tapColumn");
            PtxInt y = writer.MultiplyAdd(tapRow, PtxWriter.Number(_rows.Dilation), top, "y");
            PtxInt x = writer.MultiplyAdd(tapColumn, PtxWriter.Number(_columns.Dilation), left, "x");
            PtxPredicate isInside = writer.And(writer.IsWithin(y, _rows.Size, "isRow"), writer.IsWithin(x, _columns.Size, "isColumn"),
                "isInside");
            writer.If(isInside, () =>
            {
                PtxInt at = writer.Add(plane, writer.MultiplyAdd(y, PtxWriter.Number(_columns.Size), x, "pixel"), "at");
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
