namespace NetGen;

/// <summary>How a trainer runs.</summary>
public record TrainerOptions : SessionOptions
{
    /// <summary>Seed of the dropout masks. The same seed gives the same masks at every thread count and vector width.</summary>
    public ulong Seed { get; init; }
}
