using System.Globalization;

namespace NetGen.Checks;

/// <summary>Runs networks on a device and on the processor, and compares.</summary>
internal static class DeviceCheck
{
    /// <summary>
    /// By how much results may differ that were summed in another order, of sums of some hundred products, and what a precision adds: as
    /// much as one operand is rounded by, since roundings of many are of both signs.
    /// </summary>
    private static float Tolerance(Precision precision) => 3e-6f + precision switch
    {
        Precision.TF32 => MathF.ScaleB(1, -11),
        Precision.BFloat16 => MathF.ScaleB(1, -8),
        _ => 0,
    };

    /// <summary>The networks, by name.</summary>
    public static IReadOnlyList<(string Name, Func<INetwork> Create)> Networks { get; } =
    [
        ("Perceptron", () => new Perceptron(seed: 1)), ("Images", () => new Images(seed: 2)), ("Blocks", () => new Blocks(seed: 3)),
        ("Ports", () => new Ports(seed: 4)), ("Normalized", () => new Normalized(seed: 5)),
        ("Sentences", () => new Sentences(seed: 6)), ("Recurrent", () => new Recurrent(seed: 7)),
    ];

    /// <summary>The largest difference of an output, in units of its largest number, over some numbers of samples.</summary>
    /// <exception cref="InvalidOperationException">A difference is too large, or results of two runs differ in a bit.</exception>
    public static float Run(INetwork network, Device device, Precision precision, params ReadOnlySpan<int> counts)
    {
        int most = 1;
        foreach (int count in counts)
            most = Math.Max(most, count);
        float worst = 0;
        using ISession ours = network.CreateSession(most),
            other = network.CreateSession(most, new SessionOptions { Device = device, Precision = precision });
        float tolerance = Tolerance(precision);
        foreach (int samples in counts)
        {
            worst = Math.Max(worst, Compare(network, ours, other, samples, tolerance));
            // The parameters of the device follow those of the host, and what is derived from them does.
            foreach (Parameter parameter in network.Parameters.Where(parameter => parameter.Kind != ParameterKind.Counter))
                parameter.CopyFrom([.. parameter.ToArray().Select(value => value * 1.0625f)]);
            worst = Math.Max(worst, Compare(network, ours, other, samples, tolerance));
        }
        return worst;
    }

    private static float Compare(INetwork network, ISession ours, ISession other, int samples, float tolerance)
    {
        var random = new Random(samples);
        int[] lengths = [.. Enumerable.Range(0, samples).Select(_ => random.Next(1, MostPositions(network) + 1))];
        BatchValues[] inputs = [.. network.Ports.Inputs.Select(port => Values(network, port, lengths, random))];
        var batch = new Batch(samples, inputs, []);
        float[][] expected = Forward(network, ours, batch), actual = Forward(network, other, batch), again = Forward(network, other, batch);
        float worst = 0;
        for (int output = 0; output < expected.Length; output++)
        {
            string name = network.Ports.Outputs[output].Name;
            if (!actual[output].AsSpan().SequenceEqual(again[output]))
                throw new InvalidOperationException($"Output '{name}' of {samples} samples has other bits the second time.");
            float unit = Math.Max(1e-3f, expected[output].Max(Math.Abs));
            for (int i = 0; i < expected[output].Length; i++)
            {
                float difference = Math.Abs(expected[output][i] - actual[output][i]) / unit;
                if (!(difference <= tolerance))
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                        $"Output '{name}' of {samples} samples at {i}: {actual[output][i]:R}, expected {expected[output][i]:R}."));
                worst = Math.Max(worst, difference);
            }
        }
        return worst;
    }

    /// <summary>The largest difference of a loss of ten steps, in units of the loss, between two trainings with the same numbers.</summary>
    /// <exception cref="InvalidOperationException">
    /// A difference is too large, two trainings on the device differ in a bit, or one does not go on from the other's checkpoint.
    /// </exception>
    public static float Train(Func<INetwork> create, Device device, Precision precision)
    {
        const int Steps = 10, Samples = 9;
        using ITrainer ours = Trainer(create(), Device.Cpu, Precision.Float32), other = Trainer(create(), device, precision),
            again = Trainer(create(), device, precision);
        float worst = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (step == Steps / 2)
                GoOn(ours, other);
            Batch batch = TrainingBatch(ours.Network, step % 2 == 0 ? Samples : Samples - 2, step);
            float expected = ours.Step(batch), actual = other.Step(batch), second = again.Step(batch);
            if (step < Steps / 2 && actual != second)
                throw new InvalidOperationException($"The loss of step {step} has other bits the second time.");
            // Rounding grows from step to step: optimisers divide by gradients near zero.
            float difference = Math.Abs(expected - actual) / Math.Max(1e-3f, Math.Abs(expected));
            float reduced = precision == Precision.Float32 ? 0 : Tolerance(precision);
            if (!(difference <= 1e-5f + (3e-5f + reduced) * step + reduced))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"The loss of step {step} is {actual:R}, expected {expected:R}."));
            worst = Math.Max(worst, difference);
        }
        return worst;

        ITrainer Trainer(INetwork network, Device on, Precision of) => network.CreateTrainer(Samples, new Adam(1e-3f),
            new TrainerOptions { Device = on, Precision = of, ClipGradientNorm = 5 });
    }

    /// <summary>Each goes on from the checkpoint of the other.</summary>
    private static void GoOn(ITrainer first, ITrainer second)
    {
        string folder = Directory.CreateTempSubdirectory("netgen").FullName;
        try
        {
            (string ofFirst, string ofSecond) = (Path.Combine(folder, "first"), Path.Combine(folder, "second"));
            first.SaveCheckpoint(ofFirst);
            second.SaveCheckpoint(ofSecond);
            first.LoadCheckpoint(ofSecond);
            second.LoadCheckpoint(ofFirst);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Batch TrainingBatch(INetwork network, int samples, int seed)
    {
        var random = new Random(1000 + seed);
        int[] lengths = [.. Enumerable.Range(0, samples).Select(_ => random.Next(1, MostPositions(network) + 1))];
        BatchValues[] inputs = [.. network.Ports.Inputs.Select(port => Values(network, port, lengths, random))];
        BatchValues[] targets =
        [
            .. network.Ports.Targets.Select(target =>
            {
                int rows = target.Lengths is null ? samples : lengths.Sum();
                return target.Labels > 0 ? (int[])[.. Enumerable.Range(0, rows * target.Labels).Select(_ =>
                    random.Next(target.Classes ?? 1))]
                    : (BatchValues)Numbers(random, rows * target.Values);
            }),
        ];
        return new Batch(samples, inputs, targets);
    }

    private static float[][] Forward(INetwork network, ISession session, in Batch batch)
    {
        int samples = batch.Count;
        long positions = network.Ports.Outputs.Any(port => port.Lengths is not null)
            ? BatchChecks.Positions(network.Ports, batch, network.Ports.Outputs.First(port => port.Lengths is not null).Lengths!) : 0;
        float[][] outputs = [.. network.Ports.Outputs.Select(port
            => new float[port.Lengths is null ? samples * port.Size : positions * (port.Size / port.Shape[0])])];
        session.Forward(batch, [.. outputs.Select(output => output.AsMemory())]);
        return outputs;
    }

    private static BatchValues Values(INetwork network, NetworkPort port, int[] lengths, Random random)
    {
        if (network.Ports.Inputs.Any(other => other.Lengths == port.Name))
            return lengths;
        int count = port.Lengths is null ? lengths.Length * port.Size : lengths.Sum() * (port.Size / port.Shape[0]);
        return port.IsInts ? (int[])[.. Enumerable.Range(0, count).Select(_ => random.Next(port.Rows ?? 1))] : Numbers(random, count);
    }

    private static int MostPositions(INetwork network)
        => network.Ports.Inputs.FirstOrDefault(port => port.Lengths is not null)?.Shape[0] ?? 1;

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
}
