using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>½d² / beta up to beta, |d| − ½beta beyond.</summary>
internal sealed record SmoothL1Loss(LossReduction Reduction, double Beta) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["smoothl1"];

    public static IReadOnlyList<string> Drawn => ["smoothl1:b=0.3"];

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [Option("b=", Beta, 1)];

    public static Loss Read(Word word) => new SmoothL1Loss(ReductionOf(word), word.Real("b=") ?? 1);

    protected override void Declare(AttributeWriter attribute) => attribute.Property("Beta", Beta, 1);

    protected override ElementLoss Element(double y, double t, int channel, double error)
    {
        double d = y - t, magnitude = Math.Abs(d);
        if (Beta == 0)
            return L1Loss.Slope(d, error);
        return magnitude < Beta
            ? new(d * d / 2 / Beta, d / Beta, 1 / Beta, 0, 0)
            : new(magnitude - Beta / 2, Sign(d), magnitude - Beta <= Estimate.Tolerance * error ? 1 / Beta : 0,
                2 * Estimate.Unit * magnitude, 0);
    }
}
