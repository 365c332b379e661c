using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>Images as an operand of a product over samples and pixels: a line is a channel, a depth a pixel of a sample.</summary>
/// <param name="Channels">Of an image.</param>
/// <param name="Pixels">Of a channel.</param>
internal sealed record ImageDepthOperand(string Name, int Channels, int Pixels) : ProductOperand(Name, IsDepthContiguous: true)
{
    public override bool CanRead(int count, int? length) => count == 1;

    public override ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k) => new Fetch(this, start, line, k);

    private sealed class Fetch(ImageDepthOperand operand, PtxLong start, PtxInt line, PtxInt k) : ProductFetch
    {
        public override (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere)
        {
            (PtxInt sample, PtxInt pixel) = writer.Divide(writer.Add(k, next, "depthAt"), operand.Pixels, "sample", "pixel");
            PtxInt channel = writer.MultiplyAdd(sample, PtxWriter.Number(operand.Channels), line, "channel");
            PtxInt place = writer.MultiplyAdd(channel, PtxWriter.Number(operand.Pixels), pixel, "place");
            return (writer.ElementAddress(start, place, "at"), isThere);
        }
    }
}

/// <summary>
/// The pixels under the windows of a convolution: a line is a channel with a tap, a depth a window of a sample. What lies beside the image
/// is zero.
/// </summary>
/// <param name="Input">The shape of a sample.</param>
/// <param name="Output">The shape of its result.</param>
internal sealed record WindowDepthOperand(string Name, ConvolutionWindow Window, TensorShape Input, TensorShape Output)
    : ProductOperand(Name, IsDepthContiguous: true)
{
    public override bool CanRead(int count, int? length) => count == 1;

    public override ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k)
    {
        (PtxInt channel, PtxInt tap) = writer.Divide(line, Window.Kernel.Height * Window.Kernel.Width, "channel", "tap");
        return new Fetch(this, start, channel, tap, k);
    }

    private sealed class Fetch(WindowDepthOperand operand, PtxLong start, PtxInt channel, PtxInt tap, PtxInt k) : ProductFetch
    {
        public override (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere)
        {
            int windows = operand.Output.Height * operand.Output.Width;
            (PtxInt sample, PtxInt window) = writer.Divide(writer.Add(k, next, "depthAt"), windows, "sample", "window");
            PtxInt plane = writer.MultiplyAdd(sample, PtxWriter.Number(operand.Input.Channels), channel, "plane");
            (PtxInt at, PtxPredicate isInside) = WindowPixel.Of(writer, operand.Window, operand.Input, operand.Output, plane, tap, window);
            return (writer.ElementAddress(start, at, "at"), writer.And(isThere, isInside, "isThere"));
        }
    }
}

/// <summary>The pixel that a tap of a window lies on.</summary>
internal static class WindowPixel
{
    /// <param name="plane">The channel, counted from the first of the first sample.</param>
    /// <returns>Its number, and whether it is one of the image.</returns>
    public static (PtxInt Place, PtxPredicate IsInside) Of(PtxWriter writer, ConvolutionWindow window, TensorShape input,
        TensorShape output, PtxInt plane, PtxInt tap, PtxInt place)
    {
        (PtxInt row, PtxInt column) = writer.Divide(place, output.Width, "windowRow", "windowColumn");
        (PtxInt tapRow, PtxInt tapColumn) = writer.Divide(tap, window.Kernel.Width, "tapRow", "tapColumn");
        PtxInt top = writer.MultiplyAdd(row, PtxWriter.Number(window.Stride.Height), PtxWriter.Number(-window.Top), "top");
        PtxInt left = writer.MultiplyAdd(column, PtxWriter.Number(window.Stride.Width), PtxWriter.Number(-window.Left), "left");
        PtxInt y = writer.MultiplyAdd(tapRow, PtxWriter.Number(window.Dilation.Height), top, "y");
        PtxInt x = writer.MultiplyAdd(tapColumn, PtxWriter.Number(window.Dilation.Width), left, "x");
        PtxPredicate isInside = writer.And(writer.IsWithin(y, input.Height, "isRow"), writer.IsWithin(x, input.Width, "isColumn"),
            "isInside");
        PtxInt line = writer.MultiplyAdd(plane, PtxWriter.Number(input.Height), y, "line");
        return (writer.MultiplyAdd(line, PtxWriter.Number(input.Width), x, "pixel"), isInside);
    }
}
