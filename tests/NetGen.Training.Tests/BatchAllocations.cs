namespace NetGen.Training.Tests;

/// <summary>What a training allocates for each batch.</summary>
internal static class BatchAllocations
{
    /// <summary>Nothing: two trainings that differ in their number of batches alone allocate alike.</summary>
    /// <param name="options">Of a training, made anew for each.</param>
    public static void AssertNone(Func<FitOptions> options)
    {
        long few = long.MaxValue, many = long.MaxValue;
        for (int attempt = 0; attempt < 20 && many - few != 0; attempt++)
        {
            few = Math.Min(few, Allocated(options(), batch: 64));
            many = Math.Min(many, Allocated(options(), batch: 2));
        }
        Assert.Equal(few, many);
    }

    private static long Allocated(FitOptions options, int batch)
    {
        float[] input = Samples.Input(512);
        var source = new ArrayBatches(input, Samples.Labels(input), batch, shuffleSeed: 1);
        using Classifier.Trainer trainer = new Classifier().CreateTrainer(64, new Adam());
        trainer.Fit(source, options);
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Fit(source, options);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
