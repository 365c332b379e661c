using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>½d² up to delta, delta (|d| − ½delta) beyond.</summary>
internal sealed record HuberLoss(LossReduction Reduction, double Delta) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["huber"];

    public static IReadOnlyList<string> Drawn => ["huber:d=0.3"];

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [Option("d=", Delta, 1)];

    public static Loss Read(Word word) => new HuberLoss(ReductionOf(word), word.Real("d=") ?? 1);

    protected override void Declare(AttributeWriter attribute) => attribute.Property("Delta", Delta, 1);

    protected override ElementLoss Element(double y, double t, int channel, double error)
    {
        double d = y - t, magnitude = Math.Abs(d);
        return magnitude <= Delta
            ? new(d * d / 2, d, 1, 0, 0)
            : new(Delta * (magnitude - Delta / 2), Delta * Sign(d), magnitude - Delta <= Estimate.Tolerance * error ? 1 : 0,
                Estimate.Unit * Delta * magnitude, 0);
    }
}
