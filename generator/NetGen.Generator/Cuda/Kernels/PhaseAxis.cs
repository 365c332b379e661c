using NetGen.Generator.Shapes;

namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The taps of one direction that meet an input. Of a transposed convolution these are the ones that are a whole number of strides away:
/// every <see cref="Period"/>th, from one that follows from where the element is.
/// </summary>
/// <param name="before">Rows or columns by which the first window starts in front of the input.</param>
/// <param name="size">Rows or columns of the input.</param>
internal sealed class PhaseAxis(int kernel, int stride, int dilation, int before, int size, bool isTransposed)
{
    public static PhaseAxis Rows(ConvolutionWindow window, TensorShape input, bool isTransposed)
        => new(window.Kernel.Height, window.Stride.Height, window.Dilation.Height, window.Top, input.Height, isTransposed);

    public static PhaseAxis Columns(ConvolutionWindow window, TensorShape input, bool isTransposed)
        => new(window.Kernel.Width, window.Stride.Width, window.Dilation.Width, window.Left, input.Width, isTransposed);

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
        (PtxInt tap, PtxPredicate isTap) = TapOf(writer, firstTap, step);
        PtxInt distance = writer.MultiplyAdd(tap, PtxWriter.Number(-dilation), start, "distance");
        (PtxInt index, PtxInt rest) = stride == 1 ? (distance, PtxWriter.Number(0)) : writer.Divide(distance, stride, "under", "rest");
        PtxPredicate isThere = writer.And(writer.IsWithin(index, size, "isThere"), isTap, "isThere");
        // What is in front of the first window is no number for the division.
        if (stride == 1)
            return (tap, index, isThere);
        PtxPredicate isWindow = writer.And(writer.Compare("eq", rest, PtxWriter.Number(0), "isWhole"),
            writer.Compare("ge", distance, PtxWriter.Number(0), "isBehind"), "isWindow");
        return (tap, index, writer.And(isThere, isWindow, "isThere"));
    }

    /// <summary>One of an element's taps, and whether the window has it.</summary>
    public (PtxInt Tap, PtxPredicate IsTap) TapOf(PtxWriter writer, PtxInt firstTap, PtxInt step)
    {
        PtxInt tap = writer.MultiplyAdd(step, PtxWriter.Number(Period), firstTap, "tapAlong");
        return (tap, writer.IsWithin(tap, kernel, "isTap"));
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
