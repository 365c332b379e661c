namespace NetGen.CompilerServices;

/// <summary>
/// The samples of one worker: the batch is divided once and for all by the number of workers, so that results do not depend on who is
/// quicker.
/// </summary>
internal readonly struct SampleRange
{
    private SampleRange(int first, int end)
    {
        First = first;
        Count = end - first;
    }

    /// <summary>The first.</summary>
    public int First { get; }

    /// <summary>How many: 0 where there are fewer groups than workers.</summary>
    public int Count { get; }

    /// <summary>One worker's samples, in whole groups; the last group of the batch may be short.</summary>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="group">Samples that are computed side by side.</param>
    /// <param name="worker">The worker's number.</param>
    /// <param name="workers">Number of workers.</param>
    public static SampleRange Of(int samples, int group, int worker, int workers)
    {
        if (workers == 1)
            return new SampleRange(0, samples);
        long groups = ((long)samples + group - 1) / group;
        return new SampleRange(Bound(worker), Bound(worker + 1));

        int Bound(int number) => (int)Math.Min(samples, groups * number / workers * group);
    }
}
