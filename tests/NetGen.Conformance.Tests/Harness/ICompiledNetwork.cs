namespace NetGen.Conformance.Tests.Harness;

// The generated members have no common base class but INetwork; tests talk to them through these interfaces, which an adapter
// compiled beside each network implements (AdapterWriter). Spans cannot pass through reflection, so reflection would not do.

/// <summary>Static members of a generated network, and its constructors.</summary>
public interface ICompiledNetwork
{
    Type Type { get; }

    int InputSize { get; }

    int OutputSize { get; }

    int ParameterCount { get; }

    long MultiplyAdds { get; }

    string Summary { get; }

    int[] InputShape { get; }

    int[] OutputShape { get; }

    INetworkInstance Create(ulong seed);

    INetworkInstance Create(ulong seed, Initialization initialization);

    INetworkInstance Load(string path);
}

public interface INetworkInstance
{
    INetwork Network { get; }

    /// <summary>The parameters as found on the layers' properties, e.g. <c>net.Residual1.Conv1.Weight</c>, in declaration order.</summary>
    IReadOnlyList<Parameter> LayerParameters { get; }

    ISessionAdapter CreateSession(int maxBatch = 1, SessionOptions? options = null);

    ITrainerAdapter CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options = null);
}

public interface ISessionAdapter : IDisposable
{
    int MaxBatch { get; }

    VectorWidth VectorWidth { get; }

    int Threads { get; }

    string Schedule { get; }

    void Forward(ReadOnlySpan<float> input, Span<float> output);
}

/// <summary>
/// Of the two targets the network's loss takes one and ignores the other; a network without loss throws for these members.
/// </summary>
public interface ITrainerAdapter : IDisposable
{
    int BatchSize { get; }

    VectorWidth VectorWidth { get; }

    int Threads { get; }

    string Schedule { get; }

    Optimizer Optimizer { get; }

    /// <summary>In declaration order, by the gradients' layer properties.</summary>
    IReadOnlyList<Parameter> Gradients { get; }

    /// <summary>Of the last step or backward pass; empty for a network without loss.</summary>
    ReadOnlySpan<double> SampleLosses { get; }

    void Forward(ReadOnlySpan<float> input, Span<float> output);

    float Step(ReadOnlySpan<float> input, ReadOnlySpan<int> labels, ReadOnlySpan<float> values);

    float Backward(ReadOnlySpan<int> labels, ReadOnlySpan<float> values);

    float Backward(ReadOnlySpan<int> labels, ReadOnlySpan<float> values, Span<float> inputGradient);

    void BackwardFromOutput(ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    void Update();
}
