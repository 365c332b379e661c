using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>−Σ a log softmax(y), with the target a, of a label or of probabilities, as weights of the classes.</summary>
/// <param name="TakesProbabilities">The targets are probabilities; the attribute is the same.</param>
internal sealed record CrossEntropyLoss(
    LossReduction Reduction, Constants Weight, int IgnoreIndex, double LabelSmoothing, bool TakesProbabilities)
    : LabelLoss(Reduction, Weight, IgnoreIndex), ILoss
{
    public static IReadOnlyList<string> Kinds => ["ce"];

    public static IReadOnlyList<string> Drawn => ["ce:i=0", "ce:e=0.1", "ce:prob", "ce:e=0.3,prob"];

    public override string Targets => TakesProbabilities ? "values" : "labels";

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [.. base.Options, Option("e=", LabelSmoothing, 0), TakesProbabilities ? "prob" : ""];

    public static Loss Read(Word word) =>
        new CrossEntropyLoss(ReductionOf(word), word.Factors("w="), IgnoreIndexOf(word), word.Real("e=") ?? 0, word.Has("prob")) { Dim = DimOf(word) };

    public static IReadOnlyList<string> DrawnWith(Shape output) =>
        [$"ce:w={DrawnFactors(output)}", $"ce:i=0,e=0.2,w={DrawnFactors(output)}", $"ce:prob,w={DrawnFactors(output)}"];

    public override Target Target(int seed, int count, Shape output) =>
        TakesProbabilities ? new Target { Values = Values(seed, count, output, x => (x + 1) / 2) } : base.Target(seed, count, output);

    protected override void Declare(AttributeWriter attribute)
    {
        base.Declare(attribute);
        attribute.Property("LabelSmoothing", LabelSmoothing, 0);
    }

    protected override SampleLoss OfSample(Shape output, Estimate y, ReadOnlySpan<float> values, int label)
    {
        int n = y.Length;
        bool mean = Reduction == LossReduction.Mean;
        var a = new double[n];
        double divisor = 1;
        if (values.Length > 0)
        {
            for (int i = 0; i < n; i++)
                a[i] = FactorAt(Weight, i) * (values[i] * (1 - LabelSmoothing) + LabelSmoothing / n);
        }
        else
        {
            if (label == IgnoreIndex)
                return SampleLoss.Nothing(n, mean ? 0 : 1);
            divisor = FactorAt(Weight, label);
            for (int i = 0; i < n; i++)
                a[i] = FactorAt(Weight, i) * ((i == label ? 1 - LabelSmoothing : 0) + LabelSmoothing / n);
        }
        return OfDistribution(y, a, mean ? divisor : 1);
    }

    /// <summary>Σa log Σ exp(y) − Σ a y; its gradient is softmax(y) Σa − a.</summary>
    private static SampleLoss OfDistribution(Estimate y, double[] a, double divisor)
    {
        int n = y.Length;
        double[] p = SoftmaxFunction.Values(y.Values, out double logarithmOfSum);
        double total = a.Sum(), size = a.Sum(Math.Abs), loss = total * logarithmOfSum;
        double meanError = 0, ownError = 0, magnitude = size * (1 + Math.Abs(logarithmOfSum));
        for (int i = 0; i < n; i++)
        {
            loss -= a[i] * y.Values[i];
            magnitude += Math.Abs(a[i] * y.Values[i]);
            meanError += p[i] * p[i] * y.Errors[i] * y.Errors[i];
            ownError += a[i] * a[i] * y.Errors[i] * y.Errors[i];
        }
        meanError = Math.Sqrt(meanError);
        var gradient = new Estimate(n);
        for (int i = 0; i < n; i++)
        {
            double share = size * p[i];
            gradient.Values[i] = p[i] * total - a[i];
            double rounded = share * (1 + Math.Abs(y.Values[i] - logarithmOfSum)) + Math.Abs(gradient.Values[i]) + Math.Abs(a[i]);
            gradient.Errors[i] = share * (y.Errors[i] + meanError) + 4 * Estimate.Unit * rounded;
        }
        double error = Estimate.Hypotenuse(size * meanError, Math.Sqrt(ownError)) + 4 * Estimate.Unit * magnitude;
        return new SampleLoss(loss, error, gradient, divisor);
    }
}
