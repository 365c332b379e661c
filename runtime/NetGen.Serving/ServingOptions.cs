using Microsoft.Extensions.Options;

namespace NetGen.Serving;

/// <summary>How a network is served: its parameters, how requests become batches, and what is refused.</summary>
public sealed class ServingOptions
{
    /// <summary>
    /// The file with the parameters, as <see cref="INetwork.LoadParameters"/> takes it. A relative path is looked up in the host's content
    /// root, and in the current directory where there is no host.
    /// </summary>
    public string Model { get; set; } = "";

    /// <summary>The most samples that are computed in one call; 32 by default.</summary>
    public int MaxBatch { get; set; } = 32;

    /// <summary>
    /// How long a request may wait for others to fill its batch. Zero, the default, takes what is there: requests come together while
    /// others are computed, and none waits for a worker that is free. The timer counts whole milliseconds.
    /// </summary>
    public TimeSpan MaxDelay { get; set; }

    /// <summary>Requests that may wait; further ones are rejected (<see cref="RequestRejectedException"/>). 1,024 by default.</summary>
    public int QueueLimit { get; set; } = 1024;

    /// <summary>
    /// Batches that are computed at the same time, each with a session; 0, the default, for as many as keep the processors busy with
    /// <see cref="Threads"/> for each.
    /// </summary>
    public int Workers { get; set; }

    /// <summary>
    /// Threads that share the work of one batch (<see cref="SessionOptions.Threads"/>); 1 by default, 0 for one for each processor.
    /// </summary>
    public int Threads { get; set; } = 1;

    /// <summary>Width of the vectors (<see cref="SessionOptions.VectorWidth"/>); the best of the machine by default.</summary>
    public VectorWidth VectorWidth { get; set; } = VectorWidth.Auto;

    /// <summary>Whether the parameters come from <see cref="Model"/>, and not with a network that is there.</summary>
    internal bool IsModelNeeded { get; set; }

    /// <summary>Workers, where 0 says as many as the processors can use.</summary>
    internal int ActualWorkers => Workers > 0 ? Workers : Math.Max(1, Environment.ProcessorCount / Math.Max(1, ActualThreads));

    private int ActualThreads => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>What sessions are made with.</summary>
    internal SessionOptions ForSessions() => new() { Threads = Threads, VectorWidth = VectorWidth };

    /// <summary>All that is wrong, each with what was expected.</summary>
    /// <param name="name">Whose options these are.</param>
    internal IReadOnlyList<string> Complaints(string name)
    {
        var complaints = new List<string>();
        if (IsModelNeeded && string.IsNullOrWhiteSpace(Model))
            Add(nameof(Model), "empty", "the path of a safetensors file");
        if (MaxBatch < 1)
            Add(nameof(MaxBatch), Text(MaxBatch), "at least 1");
        if (MaxDelay < TimeSpan.Zero || MaxDelay > TimeSpan.FromMinutes(1))
            Add(nameof(MaxDelay), MaxDelay.ToString(), "from zero to a minute");
        if (QueueLimit < Math.Max(1, MaxBatch))
            Add(nameof(QueueLimit), Text(QueueLimit), $"at least {nameof(MaxBatch)}, {Text(MaxBatch)}, so that a batch can fill");
        if (Workers < 0)
            Add(nameof(Workers), Text(Workers), "at least 1, or 0 for as many as the processors can use");
        if (Threads < 0)
            Add(nameof(Threads), Text(Threads), "at least 1, or 0 for one for each processor");
        if (!Enum.IsDefined(VectorWidth))
            Add(nameof(VectorWidth), VectorWidth.ToString(), $"one of {string.Join(", ", Enum.GetNames<VectorWidth>())}");
        return complaints;

        void Add(string property, string value, string expected)
            => complaints.Add($"{nameof(ServingOptions)} of {name}: {property} is {value}; expected {expected}.");
    }

    /// <summary>Whether the options are in order.</summary>
    /// <param name="name">Whose options these are.</param>
    /// <exception cref="OptionsValidationException">They are not; the message says all that is wrong.</exception>
    internal void Check(string name)
    {
        IReadOnlyList<string> complaints = Complaints(name);
        if (complaints.Count > 0)
            throw new OptionsValidationException(name, typeof(ServingOptions), complaints);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
