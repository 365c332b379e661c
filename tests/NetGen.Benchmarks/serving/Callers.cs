using System.Diagnostics;
using NetGen.Samples;

namespace NetGen.Serving.Load;

/// <summary>What a turn gave.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Median">Half of the requests took at most so many milliseconds.</param>
/// <param name="Slow">And 99 of 100 so many.</param>
internal sealed record Result(double Rate, double Median, double Slow);

/// <summary>Callers that ask for one image, wait for the answer, and ask again.</summary>
internal static class Callers
{
    private static readonly float[][] s_images = [.. Enumerable.Range(0, 16).Select(Image)];

    /// <summary>Lets callers ask for a while.</summary>
    public static async Task<Result> RunAsync(Contender contender, int callers, double seconds)
    {
        long begin = Stopwatch.GetTimestamp(), end = begin + (long)(seconds * Stopwatch.Frequency);
        List<double>[] times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var own = new List<double>(1 << 16);
            var logits = new float[MnistConvNet.OutputSize];
            for (int i = caller; ; i++)
            {
                long asked = Stopwatch.GetTimestamp();
                if (asked >= end)
                    return own;
                await contender.ForwardAsync(s_images[i % s_images.Length], logits);
                own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        })));
        double elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double[] all = [.. times.SelectMany(own => own).Order()];
        return new Result(all.Length / elapsed, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
    }

    /// <summary>Stops under load, and counts what became of the requests.</summary>
    public static async Task ShutDownAsync(MnistConvNet network, int callers)
    {
        await using var predictor = new Predictor<MnistConvNet>(network);
        float[][] expected = [.. s_images.Select(image =>
        {
            using MnistConvNet.Session session = network.CreateSession();
            var logits = new float[MnistConvNet.OutputSize];
            session.Forward(image, logits);
            return logits;
        })];
        int asked = 0, answered = 0, wrong = 0, refused = 0;
        Task[] all = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var logits = new float[MnistConvNet.OutputSize];
            for (int i = caller; ; i++)
            {
                Interlocked.Increment(ref asked);
                try
                {
                    await predictor.ForwardAsync(s_images[i % s_images.Length], logits);
                }
                catch (RequestRejectedException e) when (e.Reason == RejectionReason.Stopped)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }
                Interlocked.Increment(ref answered);
                if (!logits.AsSpan().SequenceEqual(expected[i % s_images.Length]))
                    Interlocked.Increment(ref wrong);
            }
        }))];
        await Task.Delay(1000);
        await predictor.StopAsync();
        await Task.WhenAll(all);
        Console.WriteLine($"Stopped under load: {asked:N0} requests asked, {answered:N0} answered, {wrong} of them with other bits than "
            + $"alone, {refused} refused after the stop, {asked - answered - refused} lost.");
    }

    private static float[] Image(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, MnistConvNet.InputSize).Select(_ => random.NextSingle())];
    }
}
