using System.Globalization;

namespace NetGen.Checks;

/// <summary>Runs networks on a device and on the processor, and compares.</summary>
internal static class DeviceCheck
{
    /// <summary>By how much results may differ that were summed in another order: of sums of some hundred products.</summary>
    private const float Tolerance = 3e-6f;

    /// <summary>The networks, by name.</summary>
    public static IReadOnlyList<(string Name, Func<INetwork> Create)> Networks { get; } =
    [
        ("Perceptron", () => new Perceptron(seed: 1)), ("Images", () => new Images(seed: 2)), ("Blocks", () => new Blocks(seed: 3)),
        ("Ports", () => new Ports(seed: 4)), ("Normalized", () => new Normalized(seed: 5)),
        ("Sentences", () => new Sentences(seed: 6)), ("Recurrent", () => new Recurrent(seed: 7)),
    ];

    /// <summary>The largest difference of an output, in units of its largest number, over some numbers of samples.</summary>
    /// <exception cref="InvalidOperationException">A difference is too large, or results of two runs differ in a bit.</exception>
    public static float Run(INetwork network, Device device, params ReadOnlySpan<int> counts)
    {
        int most = 1;
        foreach (int count in counts)
            most = Math.Max(most, count);
        float worst = 0;
        using ISession ours = network.CreateSession(most), other = network.CreateSession(most, new SessionOptions { Device = device });
        foreach (int samples in counts)
        {
            worst = Math.Max(worst, Compare(network, ours, other, samples));
            // The parameters of the device follow those of the host, and what is derived from them does.
            foreach (Parameter parameter in network.Parameters.Where(parameter => parameter.Kind != ParameterKind.Counter))
                parameter.CopyFrom([.. parameter.ToArray().Select(value => value * 1.0625f)]);
            worst = Math.Max(worst, Compare(network, ours, other, samples));
        }
        return worst;
    }

    private static float Compare(INetwork network, ISession ours, ISession other, int samples)
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
                if (!(difference <= Tolerance))
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                        $"Output '{name}' of {samples} samples at {i}: {actual[output][i]:R}, expected {expected[output][i]:R}."));
                worst = Math.Max(worst, difference);
            }
        }
        return worst;
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
