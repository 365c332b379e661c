using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>max(0, d(anchor, positive) − d(anchor, negative) + margin), with the distance ‖x − y + eps‖.</summary>
internal sealed record TripletMarginLoss(LossReduction Reduction, double Margin, double P, double Eps, bool Swap)
    : OutputsLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["triplet"];

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options =>
        [Option("m=", Margin, 1), double.IsInfinity(P) ? "p=inf" : Option("p=", P, 2), Option("eps=", Eps, 1e-6), Swap ? "swap" : ""];

    public static Loss Read(Word word) => new TripletMarginLoss(ReductionOf(word), word.Real("m=") ?? 1,
        word.After("p=") == "inf" ? double.PositiveInfinity : word.Real("p=") ?? 2, word.Real("eps=") ?? 1e-6, word.Has("swap"));

    protected override void Declare(AttributeWriter attribute)
    {
        attribute.Property("Margin", Margin, 1);
        attribute.Property("P", double.IsInfinity(P) ? "double.PositiveInfinity" : AttributeWriter.Code(P), P, 2);
        attribute.Property("Eps", Eps, 1e-6);
        attribute.Property("Swap", Swap, false);
    }

    protected override SampleLoss[] OfOutputs(IReadOnlyList<Estimate[]> outputs, Target target, int first) =>
        [.. Enumerable.Range(0, outputs[0].Length).Select(i => OfSample(outputs[0][i], outputs[1][i], outputs[2][i]))];

    private SampleLoss OfSample(Estimate anchor, Estimate positive, Estimate negative)
    {
        Distance near = Measure(anchor, positive), far = Measure(anchor, negative), between = Measure(positive, negative);
        bool isTie = Swap && Math.Abs(far.Value - between.Value) <= Estimate.Tolerance * (far.Error + between.Error);
        // PyTorch's minimum divides the gradient where both are equal.
        double share = !Swap || far.Value < between.Value ? 1 : far.Value > between.Value ? 0 : 0.5;
        Distance least = share > 0 ? far : between;
        double excess = near.Value - least.Value + Margin;
        double error = near.Error + least.Error + 2 * Estimate.Unit * (Math.Abs(near.Value) + Math.Abs(least.Value));
        bool isOpen = Math.Abs(excess) <= Estimate.Tolerance * error;
        bool isActive = excess >= 0;
        Estimate[] gradients = [new(anchor.Length), new(anchor.Length), new(anchor.Length)];
        for (int k = 0; k < anchor.Length; k++)
        {
            Add(near, 1, 0, 1);
            Add(far, -share, 0, 2);
            Add(between, -(1 - share), 1, 2);

            void Add(Distance distance, double factor, int from, int to)
            {
                double slope = distance.Slope.Values[k], doubt = isOpen ? 0.1 * Math.Abs(slope) : 0;
                // At a tie either may have all of it.
                if (isTie && distance != near)
                    doubt += 0.1 * Math.Abs(slope);
                double part = isActive ? factor * slope : 0, off = Math.Abs(factor) * distance.Slope.Errors[k] * (isActive || isOpen ? 1 : 0);
                off += isActive || isOpen ? doubt + Estimate.Unit * Math.Abs(part) : 0;
                gradients[from].Values[k] += part;
                gradients[from].Errors[k] += off;
                gradients[to].Values[k] -= part;
                gradients[to].Errors[k] += off;
            }
        }
        return new SampleLoss(Math.Max(0, excess), isActive || isOpen ? error : 0, gradients[0], 1) { Gradients = gradients };
    }

    /// <param name="Slope">The derivative by each difference.</param>
    private sealed record Distance(double Value, double Error, Estimate Slope);

    private Distance Measure(Estimate x, Estimate y)
    {
        int n = x.Length;
        double eps = (float)Eps;
        var step = new Estimate(n);
        for (int k = 0; k < n; k++)
        {
            step.Values[k] = x.Values[k] - y.Values[k] + eps;
            step.Errors[k] = Estimate.Hypotenuse(x.Errors[k], y.Errors[k])
                + Estimate.Unit * (Math.Abs(x.Values[k] - y.Values[k]) + Math.Abs(step.Values[k]));
        }
        double value = double.IsInfinity(P) ? step.Values.Max(Math.Abs) : Math.Pow(step.Values.Sum(u => Math.Pow(Math.Abs(u), P)), 1 / P);
        Estimate slope = Slope(step, value);
        double error = Math.Sqrt(Enumerable.Range(0, n).Sum(k => Math.Pow(slope.Values[k] * step.Errors[k], 2)));
        return new Distance(value, error + Estimate.Rounding(n, value), slope);
    }

    private Estimate Slope(Estimate step, double value)
    {
        int n = step.Length;
        var slope = new Estimate(n);
        if (value == 0)
            return slope;
        double largest = step.Values.Max(Math.Abs);
        int count = step.Values.Count(u => Math.Abs(u) == largest);
        double relative = Math.Sqrt(step.Errors.Sum(e => e * e)) / value;
        for (int k = 0; k < n; k++)
        {
            double u = step.Values[k], size = Math.Abs(u), error = step.Errors[k];
            bool isOpen = double.IsInfinity(P) ? largest - size <= Estimate.Tolerance * 2 * step.Errors.Max() && count < n
                : P == 1 && size <= Estimate.Tolerance * error;
            double own = double.IsInfinity(P) ? size == largest ? 1.0 / count : 0 : P == 1 ? 1 : Math.Pow(size / value, P - 1);
            slope.Values[k] = Math.Sign(u) * own;
            if (P > 1 && !double.IsInfinity(P))
                slope.Errors[k] = own * ((P - 1) * relative + Estimate.Rounding(n, 4)) + Math.Pow((size + error) / value, P - 1) - own;
            // With one more that is as large, or with the other sign.
            else if (isOpen)
                slope.Errors[k] = 0.2;
        }
        return slope;
    }
}
