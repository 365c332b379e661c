using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>Binary cross-entropy of sigmoid(y), with factors of the terms with t.</summary>
internal sealed record BCEWithLogitsLoss(LossReduction Reduction, Constants Weight, Constants PosWeight) : ElementwiseLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["bcelogits"];

    public static IReadOnlyList<string> Drawn => ["bcelogits", "bcelogits:w=0.5,p=2"];

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [Weight.Word("w="), PosWeight.Word("p=")];

    public static Loss Read(Word word) => new BCEWithLogitsLoss(ReductionOf(word), word.Factors("w="), word.Factors("p="));

    public static IReadOnlyList<string> DrawnWith(Shape output) =>
        [$"bcelogits:w={DrawnFactors(output)}", $"bcelogits:w=0.5,p={DrawnFactors(output)}"];

    public override Target Target(int seed, int count, Shape output) => new() { Values = Values(seed, count, output, x => (x + 1) / 2) };

    protected override void Declare(AttributeWriter attribute)
    {
        attribute.Property("Weight", Weight.Code, Weight.Count, 0);
        attribute.Property("PosWeight", PosWeight.Code, PosWeight.Count, 0);
    }

    protected override ElementLoss Element(double y, double t, int channel, double error)
    {
        double w = FactorAt(Weight, channel), p = FactorAt(PosWeight, channel), share = 1 + (p - 1) * t;
        double soft = Math.Max(-y, 0) + Math.Log(1 + Math.Exp(-Math.Abs(y))), sigmoid = 1 / (1 + Math.Exp(-y));
        return new(w * ((1 - t) * y + share * soft), w * (share * sigmoid - p * t), Math.Abs(w) * share * sigmoid * (1 - sigmoid),
            4 * Estimate.Unit * Math.Abs(w) * ((1 - t) * Math.Abs(y) + share * soft),
            4 * Estimate.Unit * Math.Abs(w) * (share * sigmoid + p * t));
    }
}
