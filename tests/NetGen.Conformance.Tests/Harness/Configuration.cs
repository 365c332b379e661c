namespace NetGen.Conformance.Tests.Harness;

/// <summary>One way to run a network: where, with which of the kernels, on how many threads.</summary>
internal sealed record Configuration(Backend Backend, CodeForm Form, int Threads)
{
    /// <summary>Those of every backend that are compared where nothing else is said: all code, and all numbers of threads.</summary>
    public static IReadOnlyList<Configuration> All { get; } = Of(CodeForm.All);

    /// <summary>The same with this code.</summary>
    public static IReadOnlyList<Configuration> Of(IReadOnlyList<CodeForm> forms) =>
        [.. Backend.All.SelectMany(backend => backend.Configurations(forms))];

    /// <summary>This code with every number of threads.</summary>
    public static IReadOnlyList<Configuration> EveryOf(IReadOnlyList<CodeForm> forms) =>
        [.. Backend.All.SelectMany(backend => backend.Every(forms))];

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
