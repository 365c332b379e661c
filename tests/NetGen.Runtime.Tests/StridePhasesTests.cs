using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>The phases of a stride, against a search through all taps.</summary>
public sealed class StridePhasesTests
{
    [Fact]
    public void Phases_hold_the_taps_that_meet_their_positions()
    {
        foreach (int positions in new[] { 1, 2, 5, 13 })
        foreach (int taps in new[] { 1, 2, 3, 7, 12 })
        foreach (int stride in new[] { 1, 2, 3, 4, 6, 9, 20 })
        foreach (int dilation in new[] { 1, 2, 3, 4, 6, 25 })
        foreach (int padding in new[] { -3, 0, 1, 8 })
            Check(positions, taps, stride, padding, dilation);
    }

    [Theory]
    [InlineData(9, 3, int.MaxValue, 0, 1)]
    [InlineData(9, 3, int.MaxValue, 1, int.MaxValue - 1)]
    [InlineData(9, 2, 1 << 30, 7, 1 << 29)]
    [InlineData(9, 2, 6, 7, int.MaxValue)]
    public void Large_numbers_do_not_overflow(int positions, int taps, int stride, int padding, int dilation)
        => Check(positions, taps, stride, padding, dilation);

    private static void Check(int positions, int taps, int stride, int padding, int dilation)
    {
        var phases = new StridePhases(positions, taps, stride, padding, dilation);
        string what = $"{positions} positions, {taps} taps, stride {stride}, padding {padding}, dilation {dilation}";
        Assert.Equal(Math.Min(positions, stride), phases.Count);
        var copies = new HashSet<int>();
        for (int start = 0; start < phases.Count; start++)
        {
            StridePhase phase = phases[start];
            List<int> met = Enumerable.Range(0, taps).Where(tap => ((long)start + padding - (long)tap * dilation) % stride == 0).ToList();
            Assert.True(phase.Start == start && phase.Count == Enumerable.Range(0, positions).Count(p => p % stride == start), what);
            Assert.True(phase.Taps == met.Count, what);
            if (met.Count == 0)
                continue;
            Assert.True(phases.StartOf(met[0]) == start, what);
            Assert.True(phase.LastTap == met[^1], what);
            Assert.True(met.Zip(met.Skip(1), (a, b) => b - a).All(step => step == phases.TapStep), what);
            // Reversed, the first tap reads output position (start + padding − dilation · last tap) / stride at the phase's first position.
            Assert.True(-phase.Before == (start + padding - (long)met[^1] * dilation) / stride, what);
            Assert.True(Enumerable.Range(phase.TapsBefore, phase.Taps).All(copy => copy < taps && copies.Add(copy)), what);
        }
    }
}
