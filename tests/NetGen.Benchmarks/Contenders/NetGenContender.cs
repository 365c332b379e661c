using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;

namespace NetGen.Benchmarks.Contenders;

/// <summary>A whole network compiled by NetGen: inference, or the training step with Adam(1e-3).</summary>
internal sealed class NetGenContender : InProcessContender
{
    private readonly float[] _input, _output;
    private readonly int[] _labels;
    private readonly SessionHandle? _session;
    private readonly TrainerHandle? _trainer;

    public NetGenContender(Workload workload, bool training, int batch, int threads, int vectorBits, string? parameterFile)
    {
        CompiledNetwork network = Compile(workload, parameterFile);
        _input = workload.Samples(batch);
        _labels = workload.Labels(batch);
        _output = new float[batch * workload.OutputSize];
        if (training)
            _trainer = network.CreateTrainer(batch, threads, vectorBits);
        else
            _session = network.CreateSession(batch, threads, vectorBits);
    }

    public override string Name => "NetGen";

    public override string Variant => _session?.Schedule ?? _trainer!.Schedule;

    /// <summary>Output of the samples, for comparison with the peers.</summary>
    public static float[] Infer(Workload workload, float[] samples, int threads, int vectorBits, string? parameterFile)
    {
        int batch = samples.Length / workload.InputSize;
        var output = new float[batch * workload.OutputSize];
        using SessionHandle session = Compile(workload, parameterFile).CreateSession(batch, threads, vectorBits);
        session.Forward(samples, output);
        return output;
    }

    /// <summary>Losses of the first training steps from the same parameters, for comparison with PyTorch.</summary>
    public static float[] Losses(Workload workload, int batch, int steps, int threads, int vectorBits, string? parameterFile)
    {
        using var contender = new NetGenContender(workload, training: true, batch, threads, vectorBits, parameterFile);
        var losses = new float[steps];
        for (int i = 0; i < steps; i++)
            losses[i] = contender._trainer!.Step!(contender._input, contender._labels);
        return losses;
    }

    /// <summary>Bytes that one iteration allocates on the managed heap, in all threads of the process.</summary>
    public double MeasureAllocations()
    {
        const int Iterations = 20, Attempts = 3;
        double least = double.PositiveInfinity;
        Run(Iterations);
        for (int i = 0; i < Attempts; i++) // the runtime's own threads may allocate now and then
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Run(Iterations);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Iterations);
        }

        return least;
    }

    public override void Dispose()
    {
        _session?.Dispose();
        _trainer?.Dispose();
    }

    protected override void Run(int iterations)
    {
        if (_session is not null)
        {
            ForwardCall forward = _session.Forward;
            for (int i = 0; i < iterations; i++)
                forward(_input, _output);
        }
        else
        {
            StepCall step = _trainer!.Step!;
            for (int i = 0; i < iterations; i++)
                step(_input, _labels);
        }
    }

    private static CompiledNetwork Compile(Workload workload, string? parameterFile) => new(workload.Type, parameterFile);
}
