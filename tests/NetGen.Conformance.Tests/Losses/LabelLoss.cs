using System.Globalization;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>A loss of classes, with weights and a label that counts for nothing.</summary>
internal abstract record LabelLoss(LossReduction Reduction, Constants Weight, int IgnoreIndex) : Loss(Reduction)
{
    private const int UsualIgnoreIndex = -100;

    /// <summary>The dimension of the classes; −1 for scores at each position.</summary>
    public int Dim { get; init; } = 1;

    public override string Targets => "labels";

    public sealed override bool TakesVectors => Dim == 1;

    public sealed override bool IsOfPositions => Dim != 1;

    protected override IEnumerable<string> Options =>
        [Weight.Word("w="), Option("i=", IgnoreIndex, UsualIgnoreIndex), Option(DimPrefix, Dim, 1)];

    /// <summary>With −1 to ignore, labels start there.</summary>
    public override Target Target(int seed, int count, Shape output) => new()
    {
        Labels = IgnoreIndex == -1
            ? Array.ConvertAll(Numbers.Labels(seed, count, output.Size + 1), label => label - 1)
            : Numbers.Labels(seed, count, output.Size),
    };

    protected override void Declare(AttributeWriter attribute)
    {
        attribute.Property("Weight", Weight.Code, Weight.Count, 0);
        attribute.Property("IgnoreIndex", IgnoreIndex, UsualIgnoreIndex);
        attribute.Property("Dim", Dim, 1);
    }

    private const string DimPrefix = "dim=";

    protected static int DimOf(Word word) => (int)(word.Real(DimPrefix) ?? 1);

    protected static int IgnoreIndexOf(Word word) => int.Parse(word.After("i=") ?? "-100", CultureInfo.InvariantCulture);
}
