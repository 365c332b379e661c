using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>An operand of a product: rows of the left one, columns of the right one, as deep as the product; lines are both.</summary>
/// <param name="Name">What it is, for the text.</param>
/// <param name="IsDepthContiguous">Whether the numbers of one line lie behind one another; otherwise those of one depth do.</param>
internal abstract record ProductOperand(string Name, bool IsDepthContiguous)
{
    /// <summary>Whether so many numbers along what is contiguous can be read at once.</summary>
    /// <param name="length">How many there are along it; null where the launch says.</param>
    public abstract bool CanRead(int count, int? length);

    /// <summary>Finds where a thread's numbers of all tiles are.</summary>
    /// <param name="line">The line, counted in the whole operand.</param>
    /// <param name="k">The depth in the first tile.</param>
    public abstract ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k);
}

/// <summary>One thread's way through an operand.</summary>
internal abstract class ProductFetch
{
    /// <summary>Where the number is that lies so much deeper than the first.</summary>
    /// <param name="next">How much deeper: 0 or a register.</param>
    /// <param name="isThere">Whether line and depth are those of the product.</param>
    /// <returns>The address, and whether there is a number; a zero is read where not.</returns>
    public abstract (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere);
}

/// <summary>An operand that is a matrix in memory.</summary>
/// <param name="Stride">From one line to the next, or from one depth to the next, in numbers.</param>
internal sealed record MatrixOperand(string Name, bool IsDepthContiguous, int Stride) : ProductOperand(Name, IsDepthContiguous)
{
    public override bool CanRead(int count, int? length) => Stride % count == 0 && length is { } known && known % count == 0;

    public override ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k)
    {
        PtxInt from = IsDepthContiguous
            ? writer.MultiplyAdd(line, PtxWriter.Number(Stride), k, "from") : writer.MultiplyAdd(k, PtxWriter.Number(Stride), line, "from");
        return new Fetch(writer.ElementAddress(start, from, "at"), IsDepthContiguous ? 4 : 4 * Stride);
    }

    private sealed class Fetch(PtxLong first, int bytesPerDepth) : ProductFetch
    {
        public override (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere)
            => (writer.Offset(first, writer.Multiply(next, PtxWriter.Number(bytesPerDepth), "bytes"), "at"), isThere);
    }
}

/// <summary>
/// The pixels under the windows of a convolution, without being written out: a line is a window of a sample, a depth a channel with a tap.
/// What lies beside the image is zero.
/// </summary>
/// <param name="Input">The shape of a sample.</param>
/// <param name="Output">The shape of its result.</param>
internal sealed record WindowOperand(string Name, ConvolutionWindow Window, TensorShape Input, TensorShape Output)
    : ProductOperand(Name, IsDepthContiguous: false)
{
    public override bool CanRead(int count, int? length) => count == 1;

    public override ProductFetch Begin(PtxWriter writer, PtxLong start, PtxInt line, PtxInt k)
    {
        (PtxInt sample, PtxInt window) = writer.Divide(line, Output.Height * Output.Width, "sample", "window");
        (PtxInt row, PtxInt column) = writer.Divide(window, Output.Width, "windowRow", "windowColumn");
        PtxInt y = writer.MultiplyAdd(row, PtxWriter.Number(Window.Stride.Height), PtxWriter.Number(-Window.Top), "top");
        PtxInt x = writer.MultiplyAdd(column, PtxWriter.Number(Window.Stride.Width), PtxWriter.Number(-Window.Left), "left");
        PtxInt image = writer.Multiply(sample, PtxWriter.Number(Input.Channels * Input.Height * Input.Width), "image");
        return new Fetch(this, start, image, y, x, k);
    }

    private sealed class Fetch(WindowOperand operand, PtxLong start, PtxInt image, PtxInt top, PtxInt left, PtxInt k) : ProductFetch
    {
        public override (PtxLong Address, PtxPredicate IsThere) At(PtxWriter writer, PtxInt next, PtxPredicate isThere)
        {
            ConvolutionWindow window = operand.Window;
            TensorShape input = operand.Input;
            PtxInt depth = writer.Add(k, next, "depthAt");
            (PtxInt channel, PtxInt tap) = writer.Divide(depth, window.Kernel.Height * window.Kernel.Width, "channel", "tap");
            (PtxInt tapRow, PtxInt tapColumn) = writer.Divide(tap, window.Kernel.Width, "tapRow", "tapColumn");
            PtxInt y = writer.MultiplyAdd(tapRow, PtxWriter.Number(window.Dilation.Height), top, "y");
            PtxInt x = writer.MultiplyAdd(tapColumn, PtxWriter.Number(window.Dilation.Width), left, "x");
            PtxPredicate isInside = writer.And(writer.IsWithin(y, input.Height, "isRow"), writer.IsWithin(x, input.Width, "isColumn"),
                "isInside");
            PtxInt line = writer.MultiplyAdd(channel, PtxWriter.Number(input.Height), y, "line");
            PtxInt pixel = writer.MultiplyAdd(line, PtxWriter.Number(input.Width), x, "pixel");
            return (writer.ElementAddress(start, writer.Add(image, pixel, "pixelAt"), "at"), writer.And(isThere, isInside, "isThere"));
        }
    }
}
