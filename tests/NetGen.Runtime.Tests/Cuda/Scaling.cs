using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests.Cuda;

/// <summary>
/// A network that multiplies each feature by a weight of its own, with half of the squared error as loss: by hand, on the processor and on
/// GPUs, with the same roundings. Two tensors of weights are learned; one is frozen by the declaration; and a forward pass moves a running
/// statistic, which tells of seed and step, and counts.
/// </summary>
internal sealed class Scaling : INetwork
{
    public const int B = 3, C = 2;

    /// <summary>Outputs that the loss is defined for are below this.</summary>
    public const float Limit = 1e6f;

    public Scaling(int a = 10)
    {
        A = a;
        int block = (a + 15) / 16 * 16;
        Learned = block + 16;
        Buffer = new AlignedBuffer(Learned + 48);
        // Packed by columns, so that its order is not PyTorch's.
        First = new Parameter("a", [2, a / 2], Buffer, 0, new TensorLayout(new TensorDimension(2, 1), new TensorDimension(a / 2, 2)),
            ParameterKind.Weight, 1, 1);
        Second = new Parameter("b", [B], Buffer, block, new TensorLayout(new TensorDimension(B, 1)), ParameterKind.Bias, 1, 1);
        Third = new Parameter("c", [C], Buffer, Learned, new TensorLayout(new TensorDimension(C, 1)), ParameterKind.Weight, 1, 1,
            isFrozen: true);
        Mean = new Parameter("mean", [1], Buffer, Learned + 16, new TensorLayout(new TensorDimension(1, 1)), ParameterKind.Buffer, 1, 1);
        Count = new Parameter("count", [1], Buffer, Learned + 32, new TensorLayout(new TensorDimension(1, 1)), ParameterKind.Counter, 1, 1);
        First.CopyFrom(Floats.Random(a, 1));
        Second.CopyFrom(Floats.Random(B, 2));
        Third.CopyFrom(Floats.Random(C, 3));
        Kernels = new ScalingKernels(a);
        Ports = new NetworkPorts([new NetworkPort("input", Features)], [new NetworkPort("output", Features)],
            [new NetworkTarget("target", "output", 0, Features)]);
        Parameters = [First, Second, Third, Mean, Count];
    }

    public int A { get; }

    public int Features => A + B + C;

    public int Learned { get; }

    public AlignedBuffer Buffer { get; }

    public Parameter First { get; }

    public Parameter Second { get; }

    public Parameter Third { get; }

    public Parameter Mean { get; }

    public Parameter Count { get; }

    public ScalingKernels Kernels { get; }

    public NetworkPorts Ports { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public NetworkGraph Graph => throw new NotSupportedException();

    public List<SessionOptions?> Sessions { get; } = [];

    /// <summary>All of it, by bits.</summary>
    public int[] Bits => [.. Parameters.SelectMany(parameter => Floats.Bits(parameter.ToArray()))];

    public void Save(string path) => SafeTensors.Save(path, Parameters);

    public void LoadParameters(string path) => SafeTensors.Load(path, Parameters);

    public ISession CreateSession(int maxBatch, SessionOptions? options)
    {
        Sessions.Add(options);
        return new Session(this, maxBatch);
    }

    ITrainer INetwork.CreateTrainer(int batchSize, Optimizer optimizer, TrainerOptions? options)
        => CreateTrainer(batchSize, optimizer, options ?? new TrainerOptions());

    public ScalingTrainer CreateTrainer(
        int batchSize, Optimizer optimizer, TrainerOptions options, bool hasKernels = true, bool refuses = true)
        => new(this, batchSize, optimizer, options, hasKernels, refuses);

    /// <summary>Inference, by what the host has of the parameters.</summary>
    private sealed class Session(Scaling net, int maxBatch) : ISession
    {
        public int MaxBatch => maxBatch;

        public NetworkPorts Ports => net.Ports;

        public VectorWidth VectorWidth => VectorWidth.Vector128;

        public int Threads => 1;

        public string Schedule => "by hand";

        public void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            float[] weights = [.. net.First.ToArray(), .. net.Second.ToArray(), .. net.Third.ToArray()];
            for (int i = 0; i < input.Length; i++)
                output[i] = input[i] * weights[i % weights.Length];
        }

        public void Forward(in Batch batch, ReadOnlySpan<Memory<float>> outputs) => Forward(batch.Input, outputs[0].Span);

        public void Dispose()
        {
        }
    }
}
