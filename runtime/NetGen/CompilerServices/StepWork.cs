namespace NetGen.CompilerServices;

/// <summary>How much work a step of training is, and how many threads that is enough for.</summary>
/// <remarks>
/// A step hands its work to the threads some five times, each of which costs a microsecond or two where they are awake. So a step that a
/// core does in 20 µs is hardly quicker if it is shared, and one of a millisecond is shared at no cost worth naming.
/// </remarks>
internal static class StepWork
{
    /// <summary>Multiply-adds that each thread should have of a step: some 30 µs of a core.</summary>
    public const double PerThread = 1e6;

    /// <summary>The threads for a step: no more than there are cores, or samples, or than its work is enough for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchSize">The largest number of samples of a step.</param>
    public static int ThreadsFor(INetwork network, int batchSize)
    {
        int most = Math.Min(VectorSupport.ResolveThreads(0), batchSize);
        return most == 1 ? 1 : (int)Math.Clamp(Of(network) * batchSize / PerThread, 1, most);
    }

    /// <summary>
    /// Multiply-adds of a step for one sample, roughly: three for each weight and each place that it is used at (forward, and backward to
    /// the input and to the weight), and some for each value of each layer.
    /// </summary>
    public static double Of(INetwork network)
    {
        if (network.Parameters.Count == 0)
            return 0;
        const int PerValue = 4;
        IReadOnlyList<NetworkGraphNode> nodes = network.Graph.Nodes;
        double work = nodes.Sum(node => PerValue * Values(node));
        foreach (Parameter parameter in network.Parameters)
        {
            if (parameter.Shape.Length < 2 || parameter.IsTable || parameter.Kind != ParameterKind.Weight)
                continue;
            // Of a layer in a block, whose last node may have the block's name.
            NetworkGraphNode? node = nodes.Where(node => IsBelow(parameter.Name, node.Path)).MaxBy(node => node.Path.Length);
            if (node is null || node.Shape.Count == 0)
                continue;
            // Values of channels at places, or of places with features.
            double places = node.Shape.Count == 1 ? 1 : Values(node) / (parameter.Shape.Length > 2 ? node.Shape[0] : node.Shape[^1]);
            work += 3.0 * parameter.Length * places;
        }
        return work;
    }

    private static double Values(NetworkGraphNode node) => node.Shape.Aggregate(1.0, (values, extent) => values * extent);

    private static bool IsBelow(string name, string path)
        => name.StartsWith(path, StringComparison.Ordinal) && name.Length > path.Length && name[path.Length] == '.';
}
