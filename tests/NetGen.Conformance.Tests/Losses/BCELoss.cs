using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>−weight (t log y + (1 − t) log(1 − y)) for probabilities y, with PyTorch's bounds.</summary>
internal sealed record BCELoss(LossReduction Reduction, Constants Weight) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["bce"];

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [Weight.Word("w=")];

    public static Loss Read(Word word) => new BCELoss(ReductionOf(word), word.Factors("w="));

    /// <summary>Behind the sigmoid that it needs.</summary>
    public static IReadOnlyList<string> DrawnWith(Shape output) =>
        [$"sigmoid bce:w={DrawnFactors(output)}", $"sigmoid bce:sum,w={DrawnFactors(output)}"];

    public override Target Target(int seed, int count, Shape output) => new() { Values = Values(seed, count, output, x => (x + 1) / 2) };

    protected override void Declare(AttributeWriter attribute) => attribute.Property("Weight", Weight.Code, Weight.Count, 0);

    protected override ElementLoss Element(double y, double t, int channel, double error)
    {
        double d = y - t, w = FactorAt(Weight, channel), log = Math.Max(-100, Math.Log(y)), other = Math.Max(-100, Math.Log(1 - y));
        double denominator = Math.Max(1e-12, y * (1 - y));
        return new(-w * (t * log + (1 - t) * other), w * d / denominator,
            Math.Abs(w) * (t / Math.Max(1e-12, y * y) + (1 - t) / Math.Max(1e-12, (1 - y) * (1 - y))),
            4 * Estimate.Unit * Math.Abs(w) * (t * Math.Abs(log) + (1 - t) * Math.Abs(other)),
            4 * Estimate.Unit * Math.Abs(w * d) / denominator);
    }
}
