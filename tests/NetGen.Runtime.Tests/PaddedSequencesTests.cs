namespace NetGen.Runtime.Tests;

public sealed class PaddedSequencesTests
{
    [Fact]
    public void Padding_on_either_side_goes_by_the_mask()
    {
        int[] padded = [1, 2, 0, 0, 0, 3, 4, 5, 6, 7, 8, 9], mask = [1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1];
        int[] values = new int[9], lengths = new int[3];
        Assert.Equal(9, PaddedSequences.Remove<int>(padded, mask, 4, values, lengths));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], values);
        Assert.Equal([2, 3, 4], lengths);
    }

    [Fact]
    public void Positions_may_have_several_values()
    {
        float[] padded = [1, 2, 3, 4, 0, 0, 5, 6, 0, 0, 0, 0], values = new float[6], again = new float[12];
        int[] lengths = new int[2];
        Assert.Equal(6, PaddedSequences.Remove<float>(padded, [1, 1, 0, 1, 0, 0], 3, values, lengths));
        Assert.Equal([1, 2, 3, 4, 5, 6], values);
        Assert.Equal([2, 1], lengths);
        PaddedSequences.Pad(values, lengths, 3, -1f, again);
        Assert.Equal([1, 2, 3, 4, -1, -1, 5, 6, -1, -1, -1, -1], again);
        Array.Clear(values);
        Assert.Equal(6, PaddedSequences.Remove<float>(again, lengths, 3, values));
        Assert.Equal([1, 2, 3, 4, 5, 6], values);
    }

    [Theory]
    [InlineData(new[] { 1, 0, 1 }, "Sample 0 has padding at position 1, between positions that exist.")]
    [InlineData(new[] { 0, 0, 0 }, "Sample 0 has no position: its mask is 0.")]
    [InlineData(new[] { 1, 2, 0 }, "The mask of sample 0 has a 2 at position 1; expected 1, or 0 for padding.")]
    [InlineData(new[] { 1, 1 }, "Expected a multiple of 3 numbers, one for each position of a sample, got 2.")]
    public void Masks_that_are_none_are_refused(int[] mask, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => PaddedSequences.Remove<int>(new int[3], mask, 3, new int[3], new int[1]));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_anything_is_written()
    {
        int[] values = [7, 7];
        Assert.Throws<ArgumentException>(() => PaddedSequences.Remove<int>([1, 2, 3], [3], 3, values));
        Assert.Throws<ArgumentOutOfRangeException>(() => PaddedSequences.Remove<int>([1, 2, 3], [4], 3, values));
        Assert.Throws<ArgumentException>(() => PaddedSequences.Remove<int>([1, 2, 3, 4], [1], 3, values));
        Assert.Throws<ArgumentException>(() => PaddedSequences.Pad<int>([1, 2, 3], [2], 3, 0, values));
        Assert.Equal([7, 7], values);
    }

    [Fact]
    public void Offsets_say_how_long_samples_are()
    {
        int[] lengths = new int[3];
        PaddedSequences.LengthsOfOffsets([0, 2, 3], 7, lengths);
        Assert.Equal([2, 1, 4], lengths);
        PaddedSequences.LengthsOfOffsets([0, 1, 6, 7], 7, lengths, includeLastOffset: true);
        Assert.Equal([1, 5, 1], lengths);
        PaddedSequences.LengthsOfOffsets([], 0, []);
        PaddedSequences.LengthsOfOffsets([0], 0, [], includeLastOffset: true);
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, false, "The offset of sample 0 is 1: expected 0.")]
    [InlineData(new[] { 0, 0 }, false, "Sample 0 has no position: it begins and ends at 0.")]
    [InlineData(new[] { 0, 5 }, false, "Sample 1 has no position: it begins and ends at 5.")]
    [InlineData(new[] { 0, 6 }, false, "The offset of sample 1 is 6, and there are 5 positions.")]
    [InlineData(new[] { 0, 4, 5 }, false, "Expected room for 3 lengths, got 2.")]
    [InlineData(new[] { 0, 3, 4 }, true, "The last offset is 4: expected 5, the positions of all samples.")]
    [InlineData(new[] { 0, 7, 5 }, true, "The offset of sample 1 is 7, and there are 5 positions.")]
    public void Offsets_that_are_none_are_refused(int[] offsets, bool includeLastOffset, string message)
    {
        int[] lengths = [7, 7];
        var error = Assert.Throws<ArgumentException>(() => PaddedSequences.LengthsOfOffsets(offsets, 5, lengths, includeLastOffset));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal([7, 7], lengths);
    }

    [Fact]
    public void Offsets_that_fall_or_are_missing_are_refused()
    {
        var falling = Assert.Throws<ArgumentException>(() => PaddedSequences.LengthsOfOffsets([0, 4, 3], 5, new int[3]));
        Assert.StartsWith("The offset of sample 1 is 4, and that of sample 2 3.", falling.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ArgumentException>(() => PaddedSequences.LengthsOfOffsets([], 5, []));
        Assert.StartsWith("There are 5 positions and no sample for them.", missing.Message, StringComparison.Ordinal);
        var none = Assert.Throws<ArgumentException>(() => PaddedSequences.LengthsOfOffsets([], 0, [], includeLastOffset: true));
        Assert.StartsWith("Expected the end of the last sample", none.Message, StringComparison.Ordinal);
    }
}
