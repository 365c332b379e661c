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
        (PtxInt firstRow, PtxInt endRow) = PoolWindow.Range(writer, _rows, place[0]);
        (PtxInt firstColumn, PtxInt endColumn) = PoolWindow.Range(writer, _columns, place[1]);
        writer.For("row", firstRow, endRow, 1, row => writer.For("column", firstColumn, endColumn, 1, column =>
        {
            PtxInt line = writer.MultiplyAdd(place.Sample, PtxWriter.Number(_rows.Outputs), row, "line");
            PtxInt window = writer.MultiplyAdd(line, PtxWriter.Number(_columns.Outputs), column, "window");
            PtxInt hit = PoolWindow.Hit(writer, windows, pointers[1], plane, row, column,
                writer.Element(pointers[2], window, "largest"));
            writer.If(writer.Compare("eq", hit, element, "isHit"), () => writer.Set(result, writer.Element(pointers[0], window, "value")));
        }));
        return result;
    });

    /// <summary>The way back: each value's gradient is that of the place that it went to.</summary>
    /// <remarks>Its parameters are the gradient, the pooling's input and output, the output, and how many elements that has.</remarks>
    public string WriteGradient(string name, string summary) => EachElementKernel.Write(name, summary, ["gradient", "input", "pooled"],
        (writer, pointers, element) =>
    {
        var place = new ElementPlace(writer, element, [_rows.Outputs, _columns.Outputs]);
        PtxInt plane = writer.Multiply(place.Sample, PtxWriter.Number(_rows.Size * _columns.Size), "plane");
        PtxInt hit = PoolWindow.Hit(writer, windows, pointers[1], plane, place[0], place[1],
            writer.Element(pointers[2], element, "largest"));
        return writer.Element(pointers[0], hit, "dy");
    });
}
