using NetGen.Benchmarks.Measurement;
using NetGen.Benchmarks.Networks;

namespace NetGen.Benchmarks.Contenders;

/// <summary>A whole network compiled by NetGen: inference, or the training step with Adam(1e-3).</summary>
internal sealed class NetGenContender : InProcessContender
{
    private readonly Handle _handle;
    private readonly Action _call;

    public NetGenContender(Workload workload, bool training, int batch, int threads, int vectorBits, string? parameterFile)
    {
        CompiledNetwork network = Compile(workload, parameterFile);
        Samples samples = workload.Samples(batch);
        if (training)
        {
            TrainerHandle trainer = network.CreateTrainer(batch, threads, vectorBits);
            Func<float> step = trainer.Step(samples, workload.Labels(batch));
            (_handle, _call) = (trainer, () => step());
        }
        else
        {
            _handle = network.CreateSession(batch, threads, vectorBits);
            _call = _handle.Forward(samples, new float[batch * workload.OutputSize]);
        }
    }

    public override string Name => "NetGen";

    public override string Variant => _handle.Schedule;

    /// <summary>Output of the samples, for comparison with the peers.</summary>
    public static float[] Infer(Workload workload, int batch, int threads, int vectorBits, string? parameterFile)
    {
        var output = new float[batch * workload.OutputSize];
        using SessionHandle session = Compile(workload, parameterFile).CreateSession(batch, threads, vectorBits);
        session.Forward(workload.Samples(batch), output)();
        return output;
    }

    /// <summary>Losses of the first training steps from the same parameters, for comparison with PyTorch.</summary>
    public static float[] Losses(Workload workload, int batch, int steps, int threads, int vectorBits, string? parameterFile)
    {
        using TrainerHandle trainer = Compile(workload, parameterFile).CreateTrainer(batch, threads, vectorBits);
        Func<float> step = trainer.Step(workload.Samples(batch), workload.Labels(batch));
        var losses = new float[steps];
        for (int i = 0; i < steps; i++)
            losses[i] = step();
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

    public override void Dispose() => _handle.Dispose();

    protected override void Run(int iterations)
    {
        Action call = _call;
        for (int i = 0; i < iterations; i++)
            call();
    }

    private static CompiledNetwork Compile(Workload workload, string? parameterFile) => new(workload.Type, parameterFile);
}
