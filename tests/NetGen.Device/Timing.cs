using System.Diagnostics;
using System.Globalization;
using NetGen.Benchmarks.Networks;

namespace NetGen.Checks;

/// <summary>How long steps and passes of the benchmark's networks take on a GPU: a line of JSON for each.</summary>
internal static class Timing
{
    /// <summary>Networks and batches that are compared with PyTorch's on the same card.</summary>
    public static IReadOnlyList<(string Name, int Batch, Func<INetwork> Create)> Rows { get; } =
    [
        ("Mlp", 64, () => new Mlp(seed: 1)), ("LeNet", 256, () => new LeNet(seed: 1)),
        ("MnistConvNet", 64, () => new MnistConvNet(seed: 1)),
        ("Vgg16", 128, () => new Vgg16(seed: 1)), ("ResNet18", 128, () => new ResNet18(seed: 1)),
    ];

    /// <summary>Measures one row.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="batch">Samples of a step.</param>
    /// <param name="create">Makes the network.</param>
    /// <param name="device">Where.</param>
    /// <param name="precision">Of its large products.</param>
    /// <param name="seconds">How long each of the five measurements takes, at least; one step where it is zero.</param>
    /// <returns>
    /// Seconds of the first step, which loads the kernels; microseconds of the others, each the median of five measurements.
    /// </returns>
    public static string Measure(string name, int batch, Func<INetwork> create, Device device, Precision precision, double seconds)
    {
        INetwork network = create();
        var random = new Random(7);
        NetworkPort input = network.Ports.Inputs[0];
        float[] samples = [.. Enumerable.Range(0, batch * input.Size).Select(_ => random.NextSingle())];
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(10))];
        var options = new TrainerOptions { Device = device, Precision = precision };
        long start = Stopwatch.GetTimestamp();
        using ITrainer trainer = network.CreateTrainer(batch, new Adam(1e-3f), options);
        trainer.Step(new Batch(batch, samples, labels));
        double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double enqueued = Median(seconds, count =>
        {
            for (int i = 0; i < count; i++)
                trainer.Enqueue(new Batch(batch, samples, labels));
            trainer.Synchronize();
        });
        double waited = Median(seconds, count =>
        {
            for (int i = 0; i < count; i++)
                trainer.Step(new Batch(batch, samples, labels));
        });
        using ISession session = network.CreateSession(1, options);
        float[] output = new float[network.Ports.Outputs[0].Size];
        double forward = Median(seconds, count =>
        {
            for (int i = 0; i < count; i++)
                session.Forward(samples.AsSpan(0, input.Size), output);
        });
        return string.Create(CultureInfo.InvariantCulture, $"{{\"network\": \"{name}\", \"batch\": {batch}, \"precision\": \"{precision}\", \"first_step_s\": {load:0.###}, "
            + $"\"enqueued_us\": {enqueued:0.#}, \"step_us\": {waited:0.#}, \"forward_us\": {forward:0.#}, "
            + $"\"schedule\": \"{trainer.Schedule}\"}}");
    }

    private static double Median(double seconds, Action<int> run)
    {
        const int Measurements = 5;
        int count = 1;
        // Graphs are made, and it is seen how many fill the time.
        while (Time(run, count) < seconds)
            count *= 2;
        int measurements = seconds > 0 ? Measurements : 1;
        double[] each = [.. Enumerable.Range(0, measurements).Select(_ => 1e6 * Time(run, count) / count).Order()];
        return each[each.Length / 2];
    }

    private static double Time(Action<int> run, int count)
    {
        long start = Stopwatch.GetTimestamp();
        run(count);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
