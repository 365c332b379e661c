using NetGen.Serving;

namespace NetGen.Serve.Tests.Serving;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class Undisturbed;

/// <summary>What requests allocate, while nothing else does.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Requests = 4_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(16, true)]
    public async Task Requests_allocate_nothing_in_the_steady_state(int callers, bool cancellable)
    {
        await using var predictor = new Predictor<WordNet>(new WordNet(), new() { Workers = 2 });
        using var source = new CancellationTokenSource();
        CancellationToken token = cancellable ? source.Token : default;
        await Run();
        long fewest = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await Run();
            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        // The loops themselves allocate some hundred bytes each. An object for each request would be at least 24 × 4,000.
        Assert.InRange(fewest, 0, 4 * Requests);

        // On the pool's threads, without the context of the test, which allocates at each turn.
        Task Run() => Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            int[] words = [1, 2, 3, 4];
            var output = new float[3];
            for (int i = 0; i < Requests / callers; i++)
                await predictor.ForwardAsync(words, output, token);
        })));
    }
}
