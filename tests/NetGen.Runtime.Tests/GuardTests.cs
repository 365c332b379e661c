using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public class GuardTests
{
    [Fact]
    public void Samples_are_counted_and_checked()
    {
        Assert.Equal(1, Guard.Samples(784, 784, 64, "input"));
        Assert.Equal(64, Guard.Samples(784 * 64, 784, 64, "input"));
        foreach ((int length, string found) in
            new[] { (0, "0, which is no multiple of 784 above zero"), (783, "783"), (785, "785"), (784 * 65, "50960, which are 65 samples")
            })
        {
            var exception = Assert.Throws<ArgumentException>("input", () => Guard.Samples(length, 784, 64, "input"));
            Assert.Contains("Expected 1 to 64 samples of 784 values", exception.Message);
            Assert.Contains(found, exception.Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(102)]
    [InlineData(119)]
    public void Numbers_of_rows_are_checked(int place)
    {
        int[] values = [.. Enumerable.Range(0, 120).Select(i => i % 40)];
        Guard.Indices(values, 20, 40, "tokens");
        Guard.Indices(default, 20, 40, "tokens");
        foreach (int wrong in new[] { -1, 40, int.MinValue, int.MaxValue })
        {
            values[place] = wrong;
            var exception = Assert.Throws<ArgumentOutOfRangeException>("tokens", () => Guard.Indices(values, 20, 40, "tokens"));
            Assert.Equal(wrong, exception.ActualValue);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture,
                $"{wrong} at position {place % 20} of sample {place / 20} is the number of no row: expected 0 to 39."), exception.Message);
        }
    }

    [Fact]
    public void Lengths_are_checked()
    {
        Guard.Length(30, 3, 10, "output");
        Guard.LengthOrEmpty(30, 3, 10, "output");
        Guard.LengthOrEmpty(0, 3, 10, "output");
        foreach (int length in new[] { 0, 29, 31 })
        {
            var exception = Assert.Throws<ArgumentException>("output", () => Guard.Length(length, 3, 10, "output"));
            Assert.Contains($"Expected 30 values for 3 samples, 10 for each sample, but the length is {length}.", exception.Message);
        }
        Assert.Throws<ArgumentException>("output", () => Guard.LengthOrEmpty(31, 3, 10, "output"));
        // The product does not wrap around.
        Assert.Throws<ArgumentException>(() => Guard.Length(0, 1 << 16, 1 << 16, "output"));
    }

    [Fact]
    public void Labels_are_checked_in_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("fi-FI");
            Guard.Labels([0, 9, 5], 3, 1, 10, -100, default, "target");
            Assert.Throws<ArgumentException>("target", () => Guard.Labels([0, 9], 3, 1, 10, -100, default, "target"));
            var exception =
                Assert.Throws<ArgumentOutOfRangeException>("target", () => Guard.Labels([0, 10, -1], 3, 1, 10, -100, default, "target"));
            Assert.StartsWith("Label 10 at index 1 is no class: expected 0 to 9, or -100 to ignore it.", exception.Message);
            exception =
                Assert.Throws<ArgumentOutOfRangeException>("target", () => Guard.Labels([0, 1, -1], 3, 1, 10, -100, default, "target"));
            Assert.StartsWith("Label -1 at index 2 is no class: expected 0 to 9, or -100 to ignore it.", exception.Message);
            Assert.Equal(-1, exception.ActualValue);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Labels_that_are_not_ignored_are_counted_by_weight()
    {
        Assert.Equal(3, Guard.Labels([0, 9, 5], 3, 1, 10, -100, default, "target"));
        Assert.Equal(1, Guard.Labels([0, -1, -1], 3, 1, 10, -1, default, "target"));
        Assert.Equal(0, Guard.Labels([2, 2], 1, 2, 3, 2, [1, 2, 4], "target"));
        Assert.Equal(6, Guard.Labels([0, 1, 2, 2], 4, 1, 4, 1, [1, 2, 2.5f, 8], "target"));
        Assert.Throws<ArgumentOutOfRangeException>("target", () => Guard.Labels([-100], 1, 1, 10, -1, default, "target"));
    }

    [Fact]
    public void Pairs_are_labelled_1_or_minus_1()
    {
        Guard.PairLabels([1, -1, 1], 3, "labels");
        Assert.Throws<ArgumentException>("labels", () => Guard.PairLabels([1, -1], 3, "labels"));
        var exception = Assert.Throws<ArgumentOutOfRangeException>("labels", () => Guard.PairLabels([1, -1, 0], 3, "labels"));
        Assert.StartsWith("Label 0 at index 2 is neither 1 nor -1.", exception.Message);
    }

    [Fact]
    public void Outputs_that_are_refused_are_named()
    {
        Guard.OutputAllowed([1, double.NaN, double.PositiveInfinity], "Rule.");
        Assert.Equal("Rule. The output for sample 3 is not.",
            Assert.Throws<ArithmeticException>(() => Guard.OutputAllowed([1, 2, 3, double.NegativeInfinity], "Rule.")).Message);
    }

    [Fact]
    public void State_is_checked()
    {
        Guard.Order(true, "Backward", "Forward");
        Assert.Equal("Backward needs a Forward before it.",
            Assert.Throws<InvalidOperationException>(() => Guard.Order(false, "Backward", "Forward")).Message);
        Guard.Batch(1, "maxBatch");
        Assert.Throws<ArgumentOutOfRangeException>("maxBatch", () => Guard.Batch(0, "maxBatch"));
    }

    [Fact]
    public void Widths_and_threads_are_resolved()
    {
        Assert.Equal(VectorSupport.Best, VectorSupport.Resolve(VectorWidth.Auto));
        Assert.True(VectorSupport.IsSupported(VectorSupport.Best));
        Assert.True(VectorSupport.IsSupported(VectorWidth.Vector128));
        Assert.False(VectorSupport.IsSupported((VectorWidth)64));
        Assert.Throws<ArgumentOutOfRangeException>("VectorWidth", () => VectorSupport.Resolve((VectorWidth)64));
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            if (width == VectorWidth.Auto)
                continue;
            if (VectorSupport.IsSupported(width))
                Assert.Equal(width, VectorSupport.Resolve(width));
            else
                Assert.Contains("Vector128", Assert.Throws<PlatformNotSupportedException>(() => VectorSupport.Resolve(width)).Message);
        }
        Assert.Equal(Environment.ProcessorCount, VectorSupport.ResolveThreads(0));
        Assert.Equal(7, VectorSupport.ResolveThreads(7));
        Assert.Throws<ArgumentOutOfRangeException>("Threads", () => VectorSupport.ResolveThreads(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorSupport.ResolveThreads(100_000));
    }

    /// <summary>
    /// A network may have kernels for some widths only: the widest that both have is taken, and what is not there is refused.
    /// </summary>
    [Fact]
    public void WidthsThatAreNotCompiledAreRefused()
    {
        Assert.Equal(VectorSupport.Best, VectorSupport.Resolve(VectorWidth.Auto, null));
        Assert.Equal(VectorWidth.Vector128, VectorSupport.Resolve(VectorWidth.Auto, [VectorWidth.Vector128]));
        Assert.Equal(VectorWidth.Vector128, VectorSupport.Resolve(VectorWidth.Vector128, [VectorWidth.Vector512, VectorWidth.Vector128]));
        string refused = Assert.Throws<PlatformNotSupportedException>(
            () => VectorSupport.Resolve(VectorWidth.Vector128, [VectorWidth.Vector512, VectorWidth.Vector256])).Message;
        Assert.Equal(
            "The network was compiled for Vector512 and Vector256 only, not for Vector128: the property NetGenVectorWidths of its project "
            + "says for which.", refused);
        if (VectorSupport.Best != VectorWidth.Vector512)
        {
            Assert.Contains("of which this process supports none", Assert.Throws<PlatformNotSupportedException>(
                () => VectorSupport.Resolve(VectorWidth.Auto, [VectorWidth.Vector512])).Message, StringComparison.Ordinal);
        }
    }
}
