namespace NetGen.Data.Tests;

/// <summary>Counts what the whole process allocates, so no other test may run beside these.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationTests
{
    private const string Name = "allocation";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_loader_in_its_steady_state_allocates_nothing_on_any_thread(int workers)
    {
        var pixels = new byte[640 * 60];
        new Random(5).NextBytes(pixels);
        var images = new InMemoryImages(pixels, new ImageShape(2, 6, 5), PixelLayout.Planar, new int[640]);
        using var loader = new DataLoader(images, 8, new DataLoaderOptions
        {
            Shuffle = true,
            Workers = workers,
            Transform = new Compose(new RandomCrop(5, padding: 1), new RandomHorizontalFlip(), new ToTensor(), new Normalize(0.5f, 0.25f)),
        });
        for (int epoch = 1; epoch <= 5; epoch++)
            Consume(epoch);

        // The test host wakes up now and then, so the least of several epochs counts; an allocation for each batch would be in all of them.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Consume(6 + attempt);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);

        void Consume(int epoch)
        {
            float sum = 0;
            foreach (Batch batch in loader.Epoch(epoch))
                sum += batch.Input[0];
            Assert.True(float.IsFinite(sum));
        }
    }
}
