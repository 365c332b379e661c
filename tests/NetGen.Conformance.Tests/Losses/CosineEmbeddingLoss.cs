using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>1 − cos for pairs labelled 1, max(0, cos − margin) for pairs labelled −1, with PyTorch's 10⁻¹² in the squares.</summary>
internal sealed record CosineEmbeddingLoss(LossReduction Reduction, double Margin) : Loss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["cosine"];

    public static IReadOnlyList<string> Drawn => ["cosine:m=0.2"];

    public override string Targets => ComparesOutputs ? "labels" : "values, labels";

    public override bool ComparesOutputs => Of.Count == 2;

    public override bool TakesVectors => true;

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [Option("m=", Margin, 0)];

    public static Loss Read(Word word) => new CosineEmbeddingLoss(ReductionOf(word), word.Real("m=") ?? 0);

    public override Target Target(int seed, int count, Shape output) => new()
    {
        Values = ComparesOutputs ? [] : Values(seed, count, output, x => x),
        Labels = Array.ConvertAll(Numbers.Labels(unchecked(seed - 1), count, 2), label => 1 - 2 * label),
    };

    protected override void Declare(AttributeWriter attribute) => attribute.Property("Margin", Margin, 0);

    protected override SampleLoss OfSample(Shape output, Estimate y, ReadOnlySpan<float> values, int label) =>
        OfPair(y, Estimate.Exact(values), label);

    protected override SampleLoss[]? OfOutputs(IReadOnlyList<Estimate[]> outputs, Target target, int first)
    {
        if (!ComparesOutputs)
            return null;
        return
        [
            .. outputs[0].Zip(outputs[1], (x, y) => (x, y)).Select((pair, i) =>
            {
                SampleLoss loss = OfPair(pair.x, pair.y, target.Labels[first + i]);
                return loss with { Gradients = [loss.Gradient, OfPair(pair.y, pair.x, target.Labels[first + i]).Gradient] };
            }),
        ];
    }

    /// <summary>The loss, and its gradient for the first vector.</summary>
    private SampleLoss OfPair(Estimate y, Estimate other, int label)
    {
        int n = y.Length;
        double[] values = other.Values;
        double product = 0, magnitude = 0, square = 1e-12, targetSquare = 1e-12, error = 0, otherError = 0;
        for (int i = 0; i < n; i++)
        {
            product += y.Values[i] * values[i];
            magnitude += Math.Abs(y.Values[i] * values[i]);
            square += y.Values[i] * y.Values[i];
            targetSquare += values[i] * values[i];
            error += y.Errors[i] * y.Errors[i];
            otherError += other.Errors[i] * other.Errors[i];
        }
        double norms = Math.Sqrt(square * targetSquare), cosine = product / norms;
        // A turn by the errors' angles moves the cosine by at most those.
        double angle = Math.Sqrt(error / square) + Math.Sqrt(otherError / targetSquare);
        double cosineError = angle + Estimate.Rounding(n, magnitude / norms + Math.Abs(cosine));
        bool open = label < 0 && Math.Abs(cosine - Margin) <= Estimate.Tolerance * cosineError;
        double slope = label > 0 ? -1 : cosine < Margin ? 0 : 1, loss = label > 0 ? 1 - cosine : Math.Max(0, cosine - Margin);
        var gradient = new Estimate(n);
        for (int i = 0; i < n; i++)
        {
            double toTarget = values[i] / norms, toOutput = cosine * y.Values[i] / square, size = Math.Abs(toTarget) + Math.Abs(toOutput);
            gradient.Values[i] = slope * (toTarget - toOutput);
            gradient.Errors[i] = open
                ? Math.Abs(toTarget - toOutput) + size * 0.1
                : Math.Abs(slope) * (size * (2 * angle + Estimate.Rounding(n, 4)) + Math.Abs(y.Values[i]) / square * cosineError
                    + Math.Abs(cosine) * y.Errors[i] / square + other.Errors[i] / norms);
        }
        double own = slope == 0 && !open ? 0 : cosineError;
        return new SampleLoss(loss, own + 2 * Estimate.Unit, gradient, 1);
    }
}
