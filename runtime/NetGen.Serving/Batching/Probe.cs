namespace NetGen.Serving.Batching;

/// <summary>One sample of zeros, of the shortest length where samples have lengths, and memory for what the network makes of it.</summary>
internal sealed class Probe
{
    /// <summary>A probe of a network.</summary>
    /// <param name="ports">What the network is given, and what it gives.</param>
    public Probe(NetworkPorts ports)
    {
        Inputs =
        [
            .. ports.Inputs.Select(port => port.ElementType != typeof(int) ? new BatchValues(new float[Size(port)])
                : new BatchValues(Ints(Size(port), ports.Inputs.Any(other => other.Lengths == port.Name) ? 1 : 0))),
        ];
        Outputs = [.. ports.Outputs.Select(port => new float[Size(port)].AsMemory())];
    }

    /// <summary>What the network is given.</summary>
    public BatchValues[] Inputs { get; }

    /// <summary>What it gives.</summary>
    public Memory<float>[] Outputs { get; }

    /// <summary>Computes it.</summary>
    public void Forward(ISession session) => session.Forward(new Batch(1, Inputs, default(ReadOnlySpan<BatchValues>)), Outputs);

    private static int Size(NetworkPort port) => port.Lengths is null ? port.Size : port.Size / port.Shape[0];

    private static int[] Ints(int count, int value)
    {
        var ints = new int[count];
        Array.Fill(ints, value);
        return ints;
    }
}
