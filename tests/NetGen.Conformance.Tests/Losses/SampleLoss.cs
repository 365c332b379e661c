using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>What one sample contributes to the batch's loss.</summary>
/// <param name="Gradient">The output's gradient of <paramref name="Loss"/>.</param>
/// <param name="Divisor">What the sample adds to the number that the sum is divided by.</param>
internal sealed record SampleLoss(double Loss, double Error, Estimate Gradient, double Divisor)
{
    /// <summary>For each output that the loss is of, its gradient.</summary>
    public IReadOnlyList<Estimate> Gradients { get; init; } = [Gradient];

    public static SampleLoss Zero => Nothing(0, 0);

    /// <summary>A sample that counts for nothing.</summary>
    public static SampleLoss Nothing(int outputs, double divisor) => new(0, 0, new Estimate(outputs), divisor);

    /// <summary>Both together, without the gradients.</summary>
    public SampleLoss Plus(SampleLoss other) =>
        Zero with { Loss = Loss + other.Loss, Error = Error + other.Error, Divisor = Divisor + other.Divisor };
}
