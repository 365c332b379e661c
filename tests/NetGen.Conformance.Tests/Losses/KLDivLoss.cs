using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>t (log t − y) for log-probabilities y.</summary>
/// <param name="LogTarget">The targets are logarithms too.</param>
internal sealed record KLDivLoss(LossReduction Reduction, bool LogTarget) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["kl"];

    public static IReadOnlyList<string> Drawn => ["kl", "kl:log"];

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [LogTarget ? "log" : ""];

    public static Loss Read(Word word) => new KLDivLoss(ReductionOf(word), word.Has("log"));

    public override Target Target(int seed, int count, Shape output) =>
        new() { Values = Values(seed, count, output, x => LogTarget ? x - 1 : Math.Max(0, x)) };

    protected override void Declare(AttributeWriter attribute) => attribute.Property("LogTarget", LogTarget, false);

    protected override ElementLoss Element(double y, double t, int channel, double error)
    {
        if (LogTarget)
        {
            double p = Math.Exp(t);
            return new(p * (t - y), -p, 0, 4 * Estimate.Unit * p * (Math.Abs(t) + Math.Abs(y)), 4 * Estimate.Unit * p);
        }
        double own = t > 0 ? t * Math.Log(t) : 0;
        return new(own - t * y, -t, 0, 4 * Estimate.Unit * (Math.Abs(own) + Math.Abs(t * y)), 0);
    }
}
