using NetGen.Serving;

namespace NetGen.Serve.Tests.Serving;

/// <summary>What waits, what is computed together, and what every caller gets.</summary>
public sealed class BatchingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_waits_is_computed_together()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 1, MaxBatch = 4 });
        using IDisposable closed = network.Close();
        Task<float[]>[] requests = [Send(predictor, 1)];
        await network.Entered();
        requests = [.. requests, .. Enumerable.Range(2, 6).Select(i => Send(predictor, i))];
        Assert.Equal(6, predictor.QueueLength);
        network.Open();
        float[][] answers = await Task.WhenAll(requests).WaitAsync(s_patience);
        Assert.Equal(Enumerable.Range(1, 7).Select(i => new float[] { 2 * i, -2 * i }), answers);
        Assert.Equal([1, 4, 2], network.Batches);
        Assert.Equal(1, network.Most);
    }

    [Fact]
    public async Task Requests_of_several_samples_stay_together()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 1, MaxBatch = 4 });
        using IDisposable closed = network.Close();
        Task<float[]> first = Send(predictor, 1);
        await network.Entered();
        // 3, then 2 do not fit beside it, then 2 more do, then 4 fill a batch.
        int[] counts = [3, 2, 2, 4];
        float[][] inputs = [.. counts.Select((count, i) => Enumerable.Range(100 * i, 2 * count).Select(n => (float)n).ToArray())];
        Task<float[]>[] requests = [.. inputs.Select(input => predictor.PredictAsync(input).AsTask())];
        network.Open();
        float[][] answers = await Task.WhenAll(requests).WaitAsync(s_patience);
        Assert.Equal(inputs.Select(input => input.Select(x => 2 * x)), answers);
        Assert.Equal((float[])[2f, -2f], await first);
        Assert.Equal([1, 3, 4, 4], network.Batches);
    }

    [Fact]
    public async Task As_many_workers_as_asked_for_compute_at_the_same_time()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 3, MaxBatch = 2 });
        using IDisposable closed = network.Close();
        var requests = new List<Task<float[]>>();
        for (int i = 0; i < 3; i++)
        {
            requests.Add(Send(predictor, i));
            await network.Entered();
        }
        requests.AddRange(Enumerable.Range(3, 5).Select(i => Send(predictor, i)));
        network.Open();
        float[][] answers = await Task.WhenAll(requests).WaitAsync(s_patience);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => new float[] { 2 * i, -2 * i }), answers);
        Assert.Equal(3, network.Most);
    }

    [Fact]
    public async Task A_full_queue_rejects_and_goes_on()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 1, MaxBatch = 2, QueueLimit = 2 });
        using IDisposable closed = network.Close();
        Task<float[]> first = Send(predictor, 1);
        await network.Entered();
        Task<float[]> second = Send(predictor, 2), third = Send(predictor, 3);
        float[] untouched = [7, 7];
        RequestRejectedException refused = await Assert.ThrowsAsync<RequestRejectedException>(
            async () => await predictor.ForwardAsync(new float[] { 4, 4 }, untouched));
        Assert.Equal(RejectionReason.QueueFull, refused.Reason);
        Assert.Equal("GatedNetwork is busy: 2 requests wait, as ServingOptions.QueueLimit allows; this one was not computed. "
            + "Try again later.", refused.Message);
        network.Open();
        Assert.Equal([[2f, -2f], [4f, -4f], [6f, -6f]], await Task.WhenAll(first, second, third).WaitAsync(s_patience));
        Assert.Equal((float[])[8f, -8f], await Send(predictor, 4).WaitAsync(s_patience));
        Assert.Equal([7f, 7f], untouched);
    }

    [Fact]
    public async Task A_request_that_waits_can_be_cancelled_and_one_that_is_computed_is_finished()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 1, MaxBatch = 8 });
        using IDisposable closed = network.Close();
        using CancellationTokenSource ofFirst = new(), ofSecond = new();
        float[] output = [7, 7];
        Task first = predictor.ForwardAsync(new float[] { 1, -1 }, new float[2], ofFirst.Token).AsTask();
        await network.Entered();
        Task second = predictor.ForwardAsync(new float[] { 2, -2 }, output, ofSecond.Token).AsTask();
        Task<float[]> third = Send(predictor, 3);
        await ofFirst.CancelAsync();
        await ofSecond.CancelAsync();
        // At once, while the gate is closed.
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(s_patience));
        Assert.Equal(ofSecond.Token, cancelled.CancellationToken);
        Assert.False(first.IsCompleted);
        network.Open();
        await first.WaitAsync(s_patience);
        Assert.Equal((float[])[6f, -6f], await third.WaitAsync(s_patience));
        Assert.Equal([7f, 7f], output);
        Assert.Equal([1, 1], network.Batches);

        // A token that is cancelled before takes no place in the queue.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await predictor.ForwardAsync(new float[2], output, ofFirst.Token));
        Assert.Equal([1, 1], network.Batches);
    }

    /// <summary>Requests are used again: cancelled and computed ones in a mixture must not get each other's answers.</summary>
    [Fact]
    public async Task Cancellations_under_load_reach_those_whom_they_are_for()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 2, MaxBatch = 4, QueueLimit = 64 });
        int computed = 0, cancelled = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, 16), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (caller, _) =>
        {
            var random = new Random(caller);
            for (int i = 0; i < 400; i++)
            {
                float value = caller * 1000 + i;
                float[] output = [-1, -1];
                using var source = new CancellationTokenSource();
                ValueTask task = predictor.ForwardAsync(new[] { value, 0 }, output, source.Token);
                bool cancels = random.Next(3) == 0;
                if (cancels)
                    source.Cancel();
                try
                {
                    await task;
                    Assert.Equal([2 * value, 0], output);
                    Interlocked.Increment(ref computed);
                }
                catch (OperationCanceledException e)
                {
                    Assert.True(cancels);
                    Assert.Equal(source.Token, e.CancellationToken);
                    Assert.Equal([-1f, -1f], output);
                    Interlocked.Increment(ref cancelled);
                }
            }
        });
        Assert.Equal(16 * 400, computed + cancelled);
        Assert.True(computed > 0);
        Assert.Equal(0, predictor.QueueLength);
    }

    [Fact]
    public async Task An_error_is_thrown_to_its_own_caller()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new() { Workers = 1, MaxBatch = 8 });
        using IDisposable closed = network.Close();
        Task<float[]> first = Send(predictor, 1);
        await network.Entered();
        Task<float[]> second = Send(predictor, 2), bad = Send(predictor, GatedNetwork.Bad), fourth = Send(predictor, 4);
        network.Open();
        Assert.Equal([[2f, -2f], [4f, -4f], [8f, -8f]], await Task.WhenAll(first, second, fourth).WaitAsync(s_patience));
        Assert.Equal("13 brings bad luck.", (await Assert.ThrowsAsync<InvalidDataException>(() => bad)).Message);
        // Alone, and then the next one.
        await Assert.ThrowsAsync<InvalidDataException>(() => Send(predictor, GatedNetwork.Bad));
        Assert.Equal((float[])[10f, -10f], await Send(predictor, 5));
    }

    [Fact]
    public async Task A_delay_fills_batches_and_ends()
    {
        var network = new GatedNetwork();
        await using (var patient = Predictor(network, new() { Workers = 2, MaxBatch = 4, MaxDelay = s_patience }))
        {
            Task<float[]>[] requests = [.. Enumerable.Range(1, 8).Select(i => Send(patient, i))];
            // Long before the delay is over: the batches are full.
            await Task.WhenAll(requests).WaitAsync(s_patience / 2);
            Assert.Equal([4, 4], network.Batches);
            // A stop waits for no delay either.
            Task<float[]> last = Send(patient, 9);
            await patient.StopAsync().WaitAsync(s_patience / 2);
            Assert.Equal((float[])[18f, -18f], await last);
        }
        await using var quick = Predictor(network, new() { MaxBatch = 4, MaxDelay = TimeSpan.FromMilliseconds(20) });
        Assert.Equal((float[])[4f, -4f], await Send(quick, 2).WaitAsync(s_patience));
        Assert.Equal((float[])[6f, -6f], await Send(quick, 3).WaitAsync(s_patience));
        Assert.Equal([4, 4, 1, 1, 1], network.Batches);
    }

    [Fact]
    public async Task A_task_is_awaited_once()
    {
        var network = new GatedNetwork();
        await using var predictor = Predictor(network, new());
        using IDisposable closed = network.Close();
        ValueTask task = predictor.ForwardAsync(new float[2], new float[2]);
        await network.Entered();
        // Too early, which must not give the request to the next caller.
#pragma warning disable CA2012 // This is what is tried.
        Assert.Throws<InvalidOperationException>(() => task.GetAwaiter().GetResult());
        network.Open();
        await task;
        Assert.Throws<InvalidOperationException>(() => task.GetAwaiter().GetResult());
#pragma warning restore CA2012
        Assert.Equal((float[])[4f, -4f], await Send(predictor, 2));
    }

    private static Predictor<GatedNetwork> Predictor(GatedNetwork network, ServingOptions options) => new(network, options);

    private static Task<float[]> Send(IPredictor predictor, float value) => predictor.PredictAsync(new[] { value, -value }).AsTask();
}
