using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>(y − t)².</summary>
internal sealed record MSELoss(LossReduction Reduction) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["mse"];

    protected override string Kind => Kinds[0];

    public static Loss Read(Word word) => new MSELoss(ReductionOf(word));

    protected override ElementLoss Element(double y, double t, int channel, double error)
    {
        double d = y - t;
        return new(d * d, 2 * d, 2, 0, 0);
    }
}
