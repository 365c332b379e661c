using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// A convolution, or a transposed one, whose groups have so few channels that a tile of a product would be all but empty: a thread for each
/// element goes through the channels of its group and the taps.
/// </summary>
/// <param name="IsTransposed">The window is of the convolution from the output to the input.</param>
internal sealed record DirectConvolutionKernel(
    ConvolutionWindow Window, int Groups, TensorShape Input, TensorShape Output, bool IsTransposed)
{
    public bool HasScale { get; init; }

    public bool HasBias { get; init; }

    public ProductPartner? Partner { get; init; }

    /// <summary>
    /// Its parameters are the weights, the input, scale, bias and partner where there are such, the output, and how many elements it has.
    /// </summary>
    /// <param name="epilogue">What becomes of an element then; null for nothing.</param>
    public string Write(string name, string summary, Func<PtxWriter, PtxFloat, PtxFloat>? epilogue)
    {
        int taps = Window.Kernel.Height * Window.Kernel.Width, outPer = Output.Channels / Groups, inPer = Input.Channels / Groups;
        string[] inputs =
        [
            "weight", "input", .. HasScale ? new[] { "scale" } : [], .. HasBias ? new[] { "bias" } : [],
            .. Partner is null ? [] : new[] { Partner.Name },
        ];
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [Output.Channels, Output.Height, Output.Width]);
            (PtxInt group, PtxInt own) = writer.Divide(place[0], outPer, "group", "own");
            PtxInt firstChannel = writer.Multiply(group, PtxWriter.Number(inPer), "firstChannel");
            PtxInt image = writer.MultiplyAdd(place.Sample, PtxWriter.Number(Input.Channels), firstChannel, "image");
            PtxInt filter = IsTransposed ? writer.MultiplyAdd(firstChannel, PtxWriter.Number(outPer), own, "filter")
                : writer.Multiply(place[0], PtxWriter.Number(inPer), "filter");
            PtxInt weights = writer.Multiply(filter, PtxWriter.Number(taps), "weights");
            PhaseAxis rows = PhaseAxis.Rows(Window, Input, IsTransposed), columns = PhaseAxis.Columns(Window, Input, IsTransposed);
            (PtxInt top, PtxInt firstRow) = rows.Begin(writer, place[1]);
            (PtxInt left, PtxInt firstColumn) = columns.Begin(writer, place[2]);
            PtxFloat sum = writer.Variable(PtxWriter.Number(0f), "sum");
            writer.Loop("step", PtxWriter.Number(rows.Taps * columns.Taps), 1, step =>
            {
                (PtxInt stepRow, PtxInt stepColumn) = writer.Divide(step, columns.Taps, "stepRow", "stepColumn");
                (PtxInt tapRow, PtxInt y, PtxPredicate isRow) = rows.At(writer, top, firstRow, stepRow);
                (PtxInt tapColumn, PtxInt x, PtxPredicate isColumn) = columns.At(writer, left, firstColumn, stepColumn);
                PtxInt tap = writer.MultiplyAdd(tapRow, PtxWriter.Number(Window.Kernel.Width), tapColumn, "tap");
                PtxInt pixel = writer.MultiplyAdd(y, PtxWriter.Number(Input.Width), x, "pixel");
                writer.If(writer.And(isRow, isColumn, "isInside"), () => writer.Loop("channel", PtxWriter.Number(inPer), 1, channel =>
                {
                    PtxInt plane = writer.Add(image, channel, "plane");
                    PtxInt at = writer.MultiplyAdd(plane, PtxWriter.Number(Input.Height * Input.Width), pixel, "place");
                    PtxInt weight = writer.MultiplyAdd(channel, PtxWriter.Number(IsTransposed ? outPer * taps : taps),
                        writer.Add(weights, tap, "weightOfTap"), "weightPlace");
                    writer.Accumulate(sum, writer.Element(pointers[0], weight, "w"), writer.Element(pointers[1], at, "x"));
                }));
            });
            int next = 2;
            PtxFloat? scale = HasScale ? writer.Element(pointers[next++], place[0], "factor") : null,
                bias = HasBias ? writer.Element(pointers[next++], place[0], "added") : null;
            PtxFloat value = (scale, bias) switch
            {
                ({ } factor, { } shift) => writer.MultiplyAdd(sum, factor, shift, "value"),
                ({ } factor, null) => writer.Multiply(sum, factor, "value"),
                (null, { } shift) => writer.Add(sum, shift, "value"),
                _ => sum,
            };
            if (Partner is not null)
                value = Partner.Combine(writer, value, writer.Element(pointers[next], element, "other"));
            return epilogue?.Invoke(writer, value) ?? value;
        });
    }
}
