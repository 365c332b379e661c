using NetGen.Generator.Text;

namespace NetGen.Generator.Shapes;

/// <summary>
/// The one place with the formula of convolution and pooling windows along one axis, as PyTorch defines it:
/// out = floor((in + 2p − d·(k − 1) − 1) / s) + 1; with ceil mode the quotient is rounded up, and a last window that would start in the
/// right padding is left out. Computed in 64 bits, so that no declared size overflows.
/// </summary>
internal readonly record struct WindowArithmetic(int Input, int Kernel, int Stride, int Padding, bool CeilMode, int Dilation = 1)
{
    /// <summary>Inputs from the window's first tap to its last, both included.</summary>
    public long Extent => (Kernel - 1L) * Dilation + 1;

    /// <summary>Size of the input with the padding on both sides.</summary>
    public long PaddedInput => Input + 2L * Padding;

    /// <summary>Number of windows; below 1 if not even one fits.</summary>
    public long Output => RoundedOutput - (SkipsLastWindow ? 1 : 0);

    /// <summary>
    /// Trailing elements of the input that no window reads although the stride alone would not skip them. Padding that is
    /// not read does not count, nor do the gaps which a stride larger than the kernel leaves on purpose.
    /// </summary>
    public long DroppedInput
    {
        get
        {
            if (Output < 1)
                return 0;
            long end = (Output - 1) * Stride + Extent - Padding;
            long gap = Math.Max(0, Stride - Extent);
            long unread = Math.Max(0, Input - end);
            return unread > gap ? unread : 0;
        }
    }

    /// <summary>
    /// How many of every <see cref="Stride"/> elements no window reads, in the midst of the input: those whose distance from a window's
    /// start no tap has, counted modulo the stride. Taps d apart meet s / gcd(d, s) of the s remainders, and no more than there are taps.
    /// </summary>
    public int SkippedOfEveryStride => Output < 2 ? 0 : Stride - Math.Min(Kernel, Stride / GreatestCommonDivisor(Dilation, Stride));

    /// <summary>The formula with its numbers, e.g. <c>out = floor((28 + 2·3 − 7) / 1) + 1</c>.</summary>
    public string Formula
        => $"out = {(CeilMode ? "ceil" : "floor")}(({MessageText.Number(Input)} + 2·{MessageText.Number(Padding)} − {ExtentText}) / "
            + $"{MessageText.Number(Stride)}) + 1";

    /// <summary>The formula with its result.</summary>
    public string Explanation => SkipsLastWindow
        ? $"{Formula} = {MessageText.Number(RoundedOutput)}, less the last window, which would start in the padding, = "
            + $"{MessageText.Number(Output)}"
        : $"{Formula} = {MessageText.Number(Output)}";

    /// <summary>How far into the input the windows reach, e.g. <c>(3 − 1)·2 + 2 − 0 = 6 of 7</c>.</summary>
    public string Coverage
        => $"({MessageText.Number(Output)} − 1)·{MessageText.Number(Stride)} + {MessageText.Number(Extent)} − {MessageText.Number(Padding)}"
            + $" = {MessageText.Number(Input - DroppedInput)} of {MessageText.Number(Input)}";

    /// <summary>The extent as the formula subtracts it.</summary>
    private string ExtentText
        => Dilation == 1 ? MessageText.Number(Kernel) : $"{MessageText.Number(Dilation)}·({MessageText.Number(Kernel)} − 1) − 1";

    private long RoundedOutput => FloorDivide(PaddedInput - Extent + (CeilMode ? Stride - 1L : 0), Stride) + 1;

    private bool SkipsLastWindow => CeilMode && RoundedOutput > 1 && (RoundedOutput - 1) * Stride >= (long)Input + Padding;

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>Rounds towards −∞, unlike C#'s division: a window that is too large must give 0 or less.</summary>
    private static long FloorDivide(long dividend, long divisor)
    {
        long quotient = dividend / divisor;
        return dividend % divisor < 0 ? quotient - 1 : quotient;
    }
}
