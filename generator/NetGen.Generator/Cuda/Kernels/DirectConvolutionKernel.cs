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

    public bool HasResidual { get; init; }

    /// <summary>
    /// Its parameters are the weights, the input, scale, bias and residual where there are such, the output, and how many elements it has.
    /// </summary>
    /// <param name="epilogue">What becomes of an element then; null for nothing.</param>
    public string Write(string name, string summary, Func<PtxWriter, PtxFloat, PtxFloat>? epilogue)
    {
        int taps = Window.Kernel.Height * Window.Kernel.Width, outPer = Output.Channels / Groups, inPer = Input.Channels / Groups;
        string[] inputs =
        [
            "weight", "input", .. HasScale ? new[] { "scale" } : [], .. HasBias ? new[] { "bias" } : [],
            .. HasResidual ? new[] { "residual" } : [],
        ];
        return EachElementKernel.Write(name, summary, inputs, (writer, pointers, element) =>
        {
            var place = new ElementPlace(writer, element, [Output.Channels, Output.Height, Output.Width]);
            (PtxInt group, PtxInt own) = writer.Divide(place[0], outPer, "group", "own");
            PtxInt firstChannel = writer.Multiply(group, PtxWriter.Number(inPer), "firstChannel");
            PtxInt image = writer.MultiplyAdd(place.Sample, PtxWriter.Number(Input.Channels), firstChannel, "image");
            PtxInt weights = IsTransposed
                ? writer.Multiply(writer.MultiplyAdd(firstChannel, PtxWriter.Number(outPer), own, "filter"), PtxWriter.Number(taps),
                    "weights")
                : writer.Multiply(place[0], PtxWriter.Number(inPer * taps), "weights");
            PhaseAxis rows = Axis(Window.Kernel.Height, Window.Stride.Height, Window.Dilation.Height, Window.Top, Input.Height),
                columns = Axis(Window.Kernel.Width, Window.Stride.Width, Window.Dilation.Width, Window.Left, Input.Width);
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
            if (HasResidual)
                value = writer.Add(value, writer.Element(pointers[next], element, "other"), "value");
            return epilogue?.Invoke(writer, value) ?? value;
        });
    }

    private PhaseAxis Axis(int kernel, int stride, int dilation, int before, int size)
        => new(kernel, stride, dilation, before, size, IsTransposed);
}

/// <summary>
/// The taps of one direction that meet an input. Of a transposed convolution these are the ones that are a whole number of strides away:
/// every <see cref="Period"/>th, from one that follows from where the element is.
/// </summary>
/// <param name="before">Rows or columns by which the first window starts in front of the input.</param>
/// <param name="size">Rows or columns of the input.</param>
internal sealed class PhaseAxis(int kernel, int stride, int dilation, int before, int size, bool isTransposed)
{
    private readonly int _common = isTransposed ? CommonDivisor(dilation, stride) : 1;

    /// <summary>From one tap that meets an input to the next.</summary>
    private int Period => isTransposed ? stride / _common : 1;

    /// <summary>The most taps that an element has.</summary>
    public int Taps => (kernel + Period - 1) / Period;

    /// <summary>Where an element begins, and its first tap.</summary>
    public (PtxInt Start, PtxInt Tap) Begin(PtxWriter writer, PtxInt at)
    {
        if (!isTransposed)
            return (writer.MultiplyAdd(at, PtxWriter.Number(stride), PtxWriter.Number(-before), "start"), PtxWriter.Number(0));
        PtxInt start = writer.Add(at, PtxWriter.Number(before), "start");
        if (Period == 1)
            return (start, PtxWriter.Number(0));
        // tap · dilation ≡ start modulo the stride; where that has no solution, no tap meets an input.
        PtxInt rest = writer.Divide(start, stride, "whole", "rest").Remainder;
        PtxInt share = _common == 1 ? rest : writer.Divide(rest, _common, "share", "odd").Quotient;
        int inverse = Inverse(dilation / _common, Period);
        return (start, inverse == 1 ? writer.Divide(share, Period, "turns", "firstTap").Remainder
            : writer.Divide(writer.Multiply(share, PtxWriter.Number(inverse), "turned"), Period, "turns", "firstTap").Remainder);
    }

    /// <summary>One of an element's taps, the input that it meets, and whether there is one.</summary>
    public (PtxInt Tap, PtxInt At, PtxPredicate IsThere) At(PtxWriter writer, PtxInt start, PtxInt firstTap, PtxInt step)
    {
        if (!isTransposed)
        {
            PtxInt at = writer.MultiplyAdd(step, PtxWriter.Number(dilation), start, "under");
            return (step, at, writer.IsWithin(at, size, "isThere"));
        }
        PtxInt tap = writer.MultiplyAdd(step, PtxWriter.Number(Period), firstTap, "tapAlong");
        PtxInt distance = writer.MultiplyAdd(tap, PtxWriter.Number(-dilation), start, "distance");
        (PtxInt index, PtxInt rest) = stride == 1 ? (distance, PtxWriter.Number(0)) : writer.Divide(distance, stride, "under", "rest");
        PtxPredicate isThere = writer.And(writer.IsWithin(index, size, "isThere"), writer.IsWithin(tap, kernel, "isTap"), "isThere");
        // What is in front of the first window is no number for the division.
        if (stride == 1)
            return (tap, index, isThere);
        PtxPredicate isWindow = writer.And(writer.Compare("eq", rest, PtxWriter.Number(0), "isWhole"),
            writer.Compare("ge", distance, PtxWriter.Number(0), "isBehind"), "isWindow");
        return (tap, index, writer.And(isThere, isWindow, "isThere"));
    }

    private static int CommonDivisor(int a, int b) => b == 0 ? a : CommonDivisor(b, a % b);

    /// <summary>The number whose product with another leaves 1 when it is divided by a third, which has no divisor in common.</summary>
    private static int Inverse(int number, int modulus)
    {
        long a = number % modulus, b = modulus, x = 1, y = 0;
        while (a > 1)
        {
            (long quotient, long before) = (a / b, b);
            (b, a) = (a % b, before);
            (x, y) = (y, x - quotient * y);
        }
        return (int)((x % modulus + modulus) % modulus);
    }
}
