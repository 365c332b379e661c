using System.Diagnostics;
using NetGen.Serving;

namespace NetGen.Serve.Tests.Serving;

/// <summary>Nothing is lost at the end: every request is answered, or told that it was not computed.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Under_load_every_request_is_answered_or_refused(int delay)
    {
        var network = new GatedNetwork();
        await using var predictor = new Predictor<GatedNetwork>(network,
            new() { Workers = 2, MaxBatch = 8, QueueLimit = 256, MaxDelay = TimeSpan.FromMilliseconds(delay) });
        int answered = 0, refused = 0;
        Task[] callers = [.. Enumerable.Range(1, 64).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; ; i++)
            {
                float value = caller * 1000 + i % 1000;
                var output = new float[2];
                try
                {
                    await predictor.ForwardAsync(new[] { value, 0 }, output);
                }
                catch (RequestRejectedException e)
                {
                    Assert.Equal(RejectionReason.Stopped, e.Reason);
                    Assert.Equal("GatedNetwork is stopped and takes no further requests; this one was not computed.", e.Message);
                    Assert.Equal([0, 0], output);
                    Interlocked.Increment(ref refused);
                    return;
                }
                Assert.Equal([2 * value, 0], output);
                Interlocked.Increment(ref answered);
            }
        }))];
        var patience = Stopwatch.StartNew();
        while (Volatile.Read(ref answered) < 1000 && patience.Elapsed < s_patience)
            await Task.Delay(10);
        await predictor.StopAsync().WaitAsync(s_patience);
        Assert.True(predictor.IsStopped);
        Assert.Equal(0, predictor.QueueLength);
        await Task.WhenAll(callers).WaitAsync(s_patience);
        Assert.Equal(64, refused);
        Assert.Equal(answered, network.Batches.Sum());
        Assert.InRange(answered, 1000, int.MaxValue);
    }

    [Fact]
    public async Task What_waits_is_computed_before_the_end()
    {
        var network = new GatedNetwork();
        var predictor = new Predictor<GatedNetwork>(network, new() { Workers = 1, MaxBatch = 2 });
        using IDisposable closed = network.Close();
        Task<float[]>[] requests = [Send(predictor, 1)];
        await network.Entered();
        requests = [.. requests, .. Enumerable.Range(2, 4).Select(i => Send(predictor, i))];
        Task end = predictor.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<RequestRejectedException>(() => Send(predictor, 6));
        Assert.False(end.IsCompleted);
        network.Open();
        await end.WaitAsync(s_patience);
        float[][] answers = await Task.WhenAll(requests).WaitAsync(s_patience);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => new float[] { 2 * i, -2 * i }), answers);
        Assert.Equal([1, 2, 2], network.Batches);
        // Again does nothing.
        await predictor.DisposeAsync();
        predictor.Dispose();
    }

    [Fact]
    public async Task When_the_time_is_up_those_who_wait_are_told()
    {
        var network = new GatedNetwork();
        await using var predictor = new Predictor<GatedNetwork>(network, new() { Workers = 1, MaxBatch = 2 });
        using IDisposable closed = network.Close();
        Task<float[]> computed = Send(predictor, 1);
        await network.Entered();
        Task<float[]>[] waiting = [.. Enumerable.Range(2, 5).Select(i => Send(predictor, i))];
        using var time = new CancellationTokenSource(50);
        await predictor.StopAsync(time.Token).WaitAsync(s_patience);
        foreach (Task<float[]> request in waiting)
        {
            var told = await Assert.ThrowsAsync<RequestRejectedException>(() => request.WaitAsync(s_patience));
            Assert.Equal(RejectionReason.Stopped, told.Reason);
            Assert.Equal("GatedNetwork was stopped, and the time for its end ran out before this request's turn came; it was not computed.",
                told.Message);
        }
        Assert.False(computed.IsCompleted);
        network.Open();
        Assert.Equal((float[])[2f, -2f], await computed.WaitAsync(s_patience));
        Assert.Equal([1], network.Batches);
    }

    private static Task<float[]> Send(IPredictor predictor, float value) => predictor.PredictAsync(new[] { value, -value }).AsTask();
}
