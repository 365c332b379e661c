namespace NetGen.Samples;

/// <summary>Dates as the network learns them.</summary>
internal static class DateBatches
{
    /// <summary>Batches of dates: the texts, what the decoder has written before each character, and the characters.</summary>
    /// <param name="dates">The dates.</param>
    /// <param name="batchSize">Dates of a batch.</param>
    /// <param name="shuffleSeed">What their order is drawn from; null keeps it.</param>
    public static SequenceBatches Of(IReadOnlyList<WrittenDate> dates, int batchSize, ulong? shuffleSeed = null)
    {
        int[][] targets = [.. dates.Select(written => IsoDate.Encode(written.Date))];
        SampleValues texts = dates.Select(written => written.Encode()).ToArray();
        SampleValues before = targets.SelectMany(target => IsoDate.Shifted(target)).ToArray();
        return new SequenceBatches([texts, before], [targets.SelectMany(target => target).ToArray()], batchSize, shuffleSeed,
            lengthPool: shuffleSeed is null ? 0 : 8 * batchSize);
    }
}
