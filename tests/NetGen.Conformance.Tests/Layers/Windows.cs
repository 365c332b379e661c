using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>What layers with windows have in common.</summary>
internal static class Windows
{
    /// <summary>Over a sequence a window has one row.</summary>
    public static Pair Over(Shape input, Pair pair, int rows) => input.IsSequence ? new Pair(rows, pair.Width) : pair;

    /// <summary>A word's option for a pair, empty where it is the usual one; over sequences the columns say it all.</summary>
    public static string Option(char letter, Pair pair, int dimensions, int? usual = null)
    {
        Pair shown = dimensions == 1 ? Pair.Both(pair.Width) : pair;
        return usual is int value && shown == Pair.Both(value) ? "" : letter + shown.Word;
    }

    /// <summary>floor((in + 2p − d(k − 1) − 1)/s + 1), from torch.nn.Conv2d's documentation.</summary>
    public static int ConvolutionExtent(int extent, int kernel, int stride, int padding, int dilation) =>
        (extent + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;

    /// <summary>Kernel, stride and padding of one dimension, such that at least one window fits.</summary>
    public static Gen<(int Kernel, int Stride, int Padding)> Draw(int extent, Func<int, int> largestPadding) =>
        from kernel in Gen.Frequency((1, Gen.Constant(1)), (3, Gen.Choose(1, Math.Min(5, extent + 2))))
        from drawn in Gen.Choose(0, largestPadding(kernel))
        let needed = Math.Max(0, (kernel - extent + 1) / 2)
        let fits = needed <= largestPadding(kernel)
        from stride in Gen.Frequency((2, Gen.Constant(1)), (2, Gen.Choose(1, 3)))
        select fits ? (kernel, stride, Math.Max(drawn, needed)) : (Math.Min(kernel, extent), stride, 0);

    /// <summary>Groups that the channels can be divided into.</summary>
    public static Gen<int> DrawDivisor(int size) => Gen.Elements(Enumerable.Range(1, size).Where(n => size % n == 0).ToArray());
}
