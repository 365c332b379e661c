using NetGen.Generator.Shapes;

namespace NetGen.Generator.Tests.Shapes;

public class WindowArithmeticTests
{
    /// <summary>The cases of PyTorch's documentation and source that implementations get wrong.</summary>
    [Theory]
    [InlineData(28, 7, 1, 3, false, 28)]
    [InlineData(9, 4, 4, 2, true, 3)] // AvgPool(4, stride 4, pad 2, ceil) on 9
    [InlineData(32, 1, 2, 0, true, 16)] // MaxPool(1, stride 2, ceil) on 32
    [InlineData(2, 3, 3, 1, true, 1)] // pool(3, stride 3, pad 1, ceil) on 2 skips the last
    [InlineData(7, 2, 2, 0, false, 3)]
    [InlineData(7, 2, 2, 0, true, 4)]
    [InlineData(5, 7, 1, 0, false, -1)]
    [InlineData(5, 7, 7, 0, false, 0)] // rounds towards −∞
    [InlineData(2, 3, 3, 0, true, 1)] // a window may hang over the end in ceil mode
    [InlineData(8, 3, 1, 2000000000, false, 4000000006)]
    public void Output(int input, int kernel, int stride, int padding, bool ceilMode, long expected)
        => Assert.Equal(expected, new WindowArithmetic(input, kernel, stride, padding, ceilMode).Output);

    /// <summary>Against windows laid one by one over the padded input, with the paddings that pooling allows.</summary>
    [Fact]
    public void AgreesWithCounting()
    {
        foreach (bool ceilMode in (bool[])[false, true])
        {
            for (int input = 1; input <= 12; input++)
            {
                for (int kernel = 1; kernel <= 6; kernel++)
                {
                    for (int stride = 1; stride <= 7; stride++)
                    {
                        for (int padding = 0; padding <= kernel / 2; padding++)
                            Check(new WindowArithmetic(input, kernel, stride, padding, ceilMode));
                    }
                }
            }
        }
    }

    private static void Check(WindowArithmetic axis)
    {
        int padded = axis.Input + 2 * axis.Padding, count = 0, end = 0;
        for (int start = 0; ; start += axis.Stride)
        {
            // Floor mode takes whole windows only; ceil mode goes on until the padded input is covered, but never starts in the right
            // padding.
            bool isWanted = axis.CeilMode
                ? start == 0 || (end < padded && start < axis.Input + axis.Padding) : start + axis.Kernel <= padded;
            if (!isWanted)
                break;
            // PyTorch has no window in ceil mode either where the overhang is a whole stride or more.
            if (axis.CeilMode && start == 0 && axis.Kernel - padded >= axis.Stride)
                break;
            count++;
            end = start + axis.Kernel;
        }
        Assert.Equal(count, Math.Max(0, axis.Output));
        if (count == 0)
            return;

        var isRead = new bool[axis.Input];
        for (int window = 0; window < count; window++)
        {
            for (int tap = 0; tap < axis.Kernel; tap++)
            {
                int position = window * axis.Stride + tap - axis.Padding;
                if (position >= 0 && position < axis.Input)
                    isRead[position] = true;
            }
        }
        int trailing = isRead.Reverse().TakeWhile(read => !read).Count();
        int gap = Math.Max(0, axis.Stride - axis.Kernel);
        Assert.Equal(trailing > gap ? trailing : 0, axis.DroppedInput);
    }
}
