namespace NetGen.Conformance.Tests.Harness;

/// <summary>One way to run a network: where, with which of the kernels, on how many threads.</summary>
internal sealed record Configuration(Backend Backend, CodeForm Form, int Threads)
{
    /// <summary>Those of every backend.</summary>
    public static IReadOnlyList<Configuration> All { get; } = [.. Backend.All.SelectMany(backend => backend.Configurations)];

    /// <summary>The same with every number of threads.</summary>
    public static IReadOnlyList<Configuration> Every { get; } = [.. Backend.All.SelectMany(backend => backend.Every)];

    /// <summary>The project that the network is compiled for.</summary>
    public Consumer Consumer => Form.Consumer;

    public SessionOptions SessionOptions => new() { VectorWidth = Form.Width, Threads = Threads };

    public TrainerOptions TrainerOptions => new() { VectorWidth = Form.Width, Threads = Threads };

    public void CheckRuns(ISessionAdapter session)
    {
        Assert.Equal(Form.Width, session.VectorWidth);
        Assert.Equal(Threads, session.Threads);
        Assert.NotEqual("", session.Schedule);
    }

    public void CheckRuns(ITrainerAdapter trainer)
    {
        Assert.Equal(Form.Width, trainer.VectorWidth);
        Assert.Equal(Threads, trainer.Threads);
    }

    public override string ToString() => $"{Backend}, {Form}, {Threads} thread(s)";
}
