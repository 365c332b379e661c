using NetGen.Generator.Specs;

namespace NetGen.Generator.Shapes;

/// <summary>How a convolution's window moves over its input. Rows and columns beyond the input on any side count as zeros.</summary>
/// <param name="Dilation">Input positions from one tap to the next.</param>
/// <param name="Top">Rows by which the first window starts above the input.</param>
/// <param name="Left">Columns by which the first window starts left of the input.</param>
internal sealed record ConvolutionWindow(Pair Kernel, Pair Stride, Pair Dilation, int Top, int Left)
{
    /// <summary>
    /// The same window, with numbers that are no larger than they mean anything: a stride is only taken where there are two windows, a
    /// dilation where there are two taps. So no product of them with an extent exceeds an <c>int</c>.
    /// </summary>
    /// <param name="input">Rows and columns that the window moves over.</param>
    /// <param name="output">Windows.</param>
    public ConvolutionWindow Over(TensorShape input, TensorShape output)
    {
        var dilation = new Pair(Kernel.Height == 1 ? 1 : Dilation.Height, Kernel.Width == 1 ? 1 : Dilation.Width);
        return this with
        {
            Dilation = dilation,
            Stride = new Pair(
                Of(Stride.Height, input.Height, output.Height, Kernel.Height, dilation.Height, Top),
                Of(Stride.Width, input.Width, output.Width, Kernel.Width, dilation.Width, Left)),
        };

        // Beyond the whole input every stride is alike.
        static int Of(int stride, int size, int windows, int taps, int dilation, int padding)
            => windows > 1 ? stride : (int)Math.Min(stride, Math.Max((long)size + padding, (taps - 1L) * dilation + 1));
    }
}
