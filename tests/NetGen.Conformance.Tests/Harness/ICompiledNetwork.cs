namespace NetGen.Conformance.Tests.Harness;

// The generated members have no common base class but INetwork; tests talk to them through these interfaces, which an adapter
// compiled beside each network implements (AdapterWriter). Spans cannot pass through reflection, so reflection would not do.

/// <summary>Static members of a generated network, and its constructors.</summary>
public interface ICompiledNetwork
{
    Type Type { get; }

    /// <summary>By input.</summary>
    int[] InputSizes { get; }

    /// <summary>By output.</summary>
    int[] OutputSizes { get; }

    int ParameterCount { get; }

    long MultiplyAdds { get; }

    string Summary { get; }

    int[][] InputShapes { get; }

    int[][] OutputShapes { get; }

    /// <summary>The only or first input.</summary>
    int InputSize => InputSizes[0];

    /// <summary>The only or first output.</summary>
    int OutputSize => OutputSizes[0];

    INetworkInstance Create(ulong seed);

    INetworkInstance Create(ulong seed, Initialization initialization);

    INetworkInstance Load(string path);
}

public interface INetworkInstance
{
    INetwork Network { get; }

    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The parameters as found on the layers' properties, e.g. <c>net.Residual1.Conv1.Weight</c>, in declaration order.</summary>
    IReadOnlyList<Parameter> LayerParameters { get; }

    ISessionAdapter CreateSession(int maxBatch = 1, SessionOptions? options = null);

    ITrainerAdapter CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options = null);

    /// <summary>Only networks that are declared with a stream have one.</summary>
    IStreamAdapter CreateStream(SessionOptions? options = null) => throw new NotSupportedException("The network has no stream.");
}

public interface IStreamAdapter : IDisposable
{
    /// <summary>Of a step, by input.</summary>
    int[] InputSizes { get; }

    /// <summary>Of a step, by output.</summary>
    int[] OutputSizes { get; }

    long Position { get; }

    int? Capacity { get; }

    VectorWidth VectorWidth { get; }

    void Step(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs);

    void Prefill(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs);

    void Prefill(ReadOnlyMemory<float>[] inputs);

    IStreamAdapter Fork();

    void CopyFrom(IStreamAdapter other);

    void Reset();

    void Save(string path);

    void Load(string path);
}

public interface ISessionAdapter : IDisposable
{
    /// <summary>The generated session itself.</summary>
    object Session { get; }

    int MaxBatch { get; }

    VectorWidth VectorWidth { get; }

    int Threads { get; }

    string Schedule { get; }

    void Forward(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs);

    /// <summary>Only a network with one input and one output has it.</summary>
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

    void Forward(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs);

    /// <param name="labels">For each loss; those that take values do not look at theirs.</param>
    /// <param name="values">The other way round.</param>
    float Step(ReadOnlyMemory<float>[] inputs, ReadOnlyMemory<int>[] labels, ReadOnlyMemory<float>[] values);

    float Backward(ReadOnlyMemory<int>[] labels, ReadOnlyMemory<float>[] values);

    float Backward(ReadOnlyMemory<int>[] labels, ReadOnlyMemory<float>[] values, Memory<float>[] inputGradients);

    void BackwardFromOutput(ReadOnlyMemory<float>[] outputGradients, Memory<float>[] inputGradients);

    /// <summary>By loss, of the last step or backward pass.</summary>
    double[][] AllSampleLosses { get; }

    // The same for networks with one input and one output.

    /// <summary>Of the last step or backward pass; empty for a network without loss.</summary>
    ReadOnlySpan<double> SampleLosses { get; }

    void Forward(ReadOnlySpan<float> input, Span<float> output);

    float Step(ReadOnlySpan<float> input, ReadOnlySpan<int> labels, ReadOnlySpan<float> values);

    float Backward(ReadOnlySpan<int> labels, ReadOnlySpan<float> values);

    float Backward(ReadOnlySpan<int> labels, ReadOnlySpan<float> values, Span<float> inputGradient);

    void BackwardFromOutput(ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    bool AccumulateGradients { get; set; }

    void Update();
}
