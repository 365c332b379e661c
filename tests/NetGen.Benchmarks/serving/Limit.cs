using System.Diagnostics;
using NetGen.Benchmarks.Measurement;
using NetGen.Samples;

namespace NetGen.Serving.Load;

/// <summary>
/// What batches can bring at most: a sample's time in calls of many samples beside its time in calls of one, without a server.
/// </summary>
internal static class Limit
{
    private static readonly int[] s_batches = [1, 8, 32, 64];

    /// <summary>Measures the kernels alone, on one thread.</summary>
    public static void Write(MnistConvNet network, int rounds)
    {
        var times = s_batches.Select(_ => new double[rounds]).ToArray();
        MnistConvNet.Session[] sessions = [.. s_batches.Select(batch => network.CreateSession(batch))];
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < s_batches.Length; i++)
            {
                double time = Time(sessions[i], s_batches[i]);
                if (round >= 0)
                    times[i][round] = time;
            }
        }
        Console.WriteLine("One thread, microseconds a sample: " + string.Join(", ", s_batches.Select((batch, i)
            => $"{Statistics.Median(times[i]):0.0} in calls of {batch} ({Statistics.MedianRatio(times[0], times[i]):0.00} times as "
                + "fast)")) + ".");
        foreach (MnistConvNet.Session session in sessions)
            session.Dispose();
    }

    private static double Time(MnistConvNet.Session session, int batch)
    {
        float[] images = new float[batch * MnistConvNet.InputSize], logits = new float[batch * MnistConvNet.OutputSize];
        Array.Fill(images, 0.5f);
        session.Forward(images, logits);
        long begin = Stopwatch.GetTimestamp();
        int calls = 0;
        while (Stopwatch.GetElapsedTime(begin).TotalMilliseconds < 100)
        {
            session.Forward(images, logits);
            calls++;
        }
        return Stopwatch.GetElapsedTime(begin).TotalMicroseconds / calls / batch;
    }
}
