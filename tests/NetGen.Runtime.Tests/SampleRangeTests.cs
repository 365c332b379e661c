using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

public class SampleRangeTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 5)]
    [InlineData(7, 1, 3)]
    [InlineData(100, 1, 16)]
    [InlineData(1, 16, 4)]
    [InlineData(16, 16, 3)]
    [InlineData(17, 16, 2)]
    [InlineData(1000, 16, 7)]
    [InlineData(int.MaxValue, 16, 1024)]
    [InlineData(int.MaxValue, 1, 1024)]
    public void Every_sample_belongs_to_one_worker_and_groups_stay_whole(int samples, int group, int workers)
    {
        long next = 0, most = 0;
        for (int worker = 0; worker < workers; worker++)
        {
            SampleRange range = SampleRange.Of(samples, group, worker, workers);
            Assert.Equal(next, range.First);
            Assert.True(range.Count >= 0);
            next += range.Count;
            most = Math.Max(most, range.Count);
            Assert.True(next == samples || next % group == 0);
        }
        Assert.Equal(samples, next);
        // No worker has more than one group above its share.
        Assert.InRange(most, 1, (samples / workers / group + 1L) * group + group - 1);
    }
}
