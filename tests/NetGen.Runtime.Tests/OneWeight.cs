namespace NetGen.Runtime.Tests;

/// <summary>What the tests of the cores say they belong to: a network of one input and one output of one value each.</summary>
internal sealed class OneWeight : INetwork
{
    public NetworkPorts Ports { get; } = new([new NetworkPort("input", 1)], [new NetworkPort("output", 1)], []);

    public IReadOnlyList<Parameter> Parameters => [];

    public NetworkGraph Graph => throw new NotSupportedException();

    public void Save(string path) => throw new NotSupportedException();

    public void LoadParameters(string path) => throw new NotSupportedException();

    public ISession CreateSession(int maxBatch, SessionOptions? options) => throw new NotSupportedException();

    public ITrainer CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options) => throw new NotSupportedException();
}
