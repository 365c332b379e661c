namespace NetGen.Benchmarks.Measurement;

/// <summary>Something that can run one workload any number of times and say how long that took.</summary>
internal abstract class Contender : IDisposable
{
    /// <summary>Column of the table: NetGen, ONNX Runtime, PyTorch, FMA peak.</summary>
    public abstract string Name { get; }

    /// <summary>Which of the contender's ways of running was chosen, for the notes under the table; empty if there is one.</summary>
    public virtual string Variant => "";

    /// <summary>Wall time of one iteration in nanoseconds, as the mean of <paramref name="iterations"/>.</summary>
    public abstract double Time(int iterations);

    public virtual void Dispose()
    {
    }
}

/// <summary>A contender that runs in this process.</summary>
internal abstract class InProcessContender : Contender
{
    public sealed override double Time(int iterations)
    {
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        Run(iterations);
        return System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalNanoseconds / iterations;
    }

    protected abstract void Run(int iterations);
}
