using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>|y − t|.</summary>
internal sealed record L1Loss(LossReduction Reduction) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["l1"];

    public static IReadOnlyList<string> Drawn => ["l1"];

    protected override string Kind => Kinds[0];

    public static Loss Read(Word word) => new L1Loss(ReductionOf(word));

    protected override ElementLoss Element(double y, double t, int channel, double error) => Slope(y - t, error);

    /// <summary>The slope may have either sign where the difference is open.</summary>
    public static ElementLoss Slope(double difference, double error) =>
        new(Math.Abs(difference), Sign(difference), 0, 0, Math.Abs(difference) <= Estimate.Tolerance * error ? 2 : 0);
}
