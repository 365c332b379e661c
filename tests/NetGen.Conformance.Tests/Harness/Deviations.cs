using System.Numerics;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>What a float32 program computed beside what it should have.</summary>
internal static class Deviations
{
    /// <summary>Fails where an element is further off than its estimated error allows.</summary>
    /// <param name="sampleSize">Elements of a sample, for the message; 0 where there are no samples.</param>
    public static void Compare<T>(ReadOnlySpan<T> actual, Estimate expected, string what, int sampleSize)
        where T : INumberBase<T>
    {
        Assert.True(actual.Length == expected.Length, $"{what}: {actual.Length} elements, expected {expected.Length}.");
        int wrong = 0, first = -1, worst = -1;
        double worstExcess = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            // Below float32's normal numbers rounding is absolute.
            double tolerance = Estimate.Tolerance * expected.Errors[i] + Estimate.Unit * Math.Abs(expected.Values[i]) + 1e-36;
            double difference = Math.Abs(double.CreateChecked(actual[i]) - expected.Values[i]);
            if (difference <= tolerance)
                continue;
            wrong++;
            if (first < 0)
                first = i;
            double excess = double.IsNaN(difference) ? double.PositiveInfinity : difference / tolerance;
            if (excess > worstExcess || worst < 0)
                (worst, worstExcess) = (i, excess);
        }
        if (wrong == 0)
            return;
        string Element(int i, T value)
        {
            string place = sampleSize > 0 ? $" (sample {i / sampleSize}, element {i % sampleSize})" : "";
            return $"[{i}]{place} is {value:R}, expected {expected.Values[i]:R} ± {Estimate.Tolerance * expected.Errors[i]:G3}";
        }
        Assert.Fail($"{what}: {wrong} of {actual.Length} elements wrong; first {Element(first, actual[first])}; worst, {worstExcess:G3} times the tolerance, {Element(worst, actual[worst])}.");
    }
}
