using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>What the loss compares with; what fits the network's loss.</summary>
internal sealed class Target
{
    /// <summary>Class indices, or 1 and −1 for pairs of vectors.</summary>
    public int[] Labels { get; init; } = [];

    /// <summary>Values; the output's gradient, for a network without loss.</summary>
    public float[] Values { get; init; } = [];

    /// <summary>The targets of <c>golden/make_golden.py</c>.</summary>
    public static Target For(Stack stack, int seed, int count)
    {
        float[] Values(Func<float, float> map) => Array.ConvertAll(Numbers.Uniform(seed, count * stack.Output.Size), x => map(x));
        int[] Labels(int ignoreIndex) => ignoreIndex == -1
            ? Array.ConvertAll(Numbers.Labels(seed, count, stack.Output.Size + 1), label => label - 1)
            : Numbers.Labels(seed, count, stack.Output.Size);
        return stack.Loss switch
        {
            CrossEntropyLossSpec when stack.TakesProbabilities => new Target { Values = Values(x => (x + 1) / 2) },
            CrossEntropyLossSpec l => new Target { Labels = Labels(l.IgnoreIndex) },
            NLLLossSpec l => new Target { Labels = Labels(l.IgnoreIndex) },
            BCELossSpec or BCEWithLogitsLossSpec => new Target { Values = Values(x => (x + 1) / 2) },
            KLDivLossSpec l => new Target { Values = Values(x => l.LogTarget ? x - 1 : Math.Max(0, x)) },
            CosineEmbeddingLossSpec => new Target
            {
                Values = Values(x => x),
                Labels = Array.ConvertAll(Numbers.Labels(unchecked(seed - 1), count, 2), label => 1 - 2 * label),
            },
            _ => new Target { Values = Values(x => x) },
        };
    }
}

internal sealed partial class ReferenceInterpreter
{
    /// <summary>What one sample contributes to the batch's loss.</summary>
    /// <param name="Gradient">The output's gradient of <paramref name="Loss"/>.</param>
    /// <param name="Divisor">What the sample adds to the number that the sum is divided by.</param>
    private sealed record SampleLoss(double Loss, double Error, Estimate Gradient, double Divisor);

    /// <summary>One element's loss, its first and second derivative, and the rounding in the first two.</summary>
    private readonly record struct ElementLoss(double Loss, double Slope, double Curvature, double Rounding, double SlopeRounding);

    private SampleLoss Loss(Estimate y, Target target, int sample)
    {
        int n = y.Length;
        ReadOnlySpan<float> values = target.Values.Length == 0 ? [] : target.Values.AsSpan(sample * n, n);
        bool mean = _network.Spec.Loss?.Reduction == LossReduction.Mean;
        switch (_network.Spec.Loss)
        {
            case null:
                return new SampleLoss(0, 0, Estimate.Exact(values), 0);
            case CrossEntropyLossSpec l:
            {
                // −Σ a log softmax(y), with the target a as weights of the classes.
                var a = new double[n];
                double divisor = 1;
                if (values.Length > 0)
                {
                    for (int i = 0; i < n; i++)
                        a[i] = Weight(l.Weight, i) * (values[i] * (1 - l.LabelSmoothing) + l.LabelSmoothing / n);
                }
                else
                {
                    int label = target.Labels[sample];
                    if (label == l.IgnoreIndex)
                        return Nothing(n, mean ? 0 : 1);
                    divisor = Weight(l.Weight, label);
                    for (int i = 0; i < n; i++)
                        a[i] = Weight(l.Weight, i) * ((i == label ? 1 - l.LabelSmoothing : 0) + l.LabelSmoothing / n);
                }
                return CrossEntropy(y, a, mean ? divisor : 1);
            }
            case NLLLossSpec l:
            {
                int label = target.Labels[sample];
                if (label == l.IgnoreIndex)
                    return Nothing(n, mean ? 0 : 1);
                double weight = Weight(l.Weight, label);
                var gradient = new Estimate(n);
                gradient.Values[label] = -weight;
                gradient.Errors[label] = 2 * Estimate.Unit * Math.Abs(weight);
                return new SampleLoss(-weight * y.Values[label], Math.Abs(weight) * y.Errors[label], gradient, mean ? weight : 1);
            }
            case CosineEmbeddingLossSpec l:
                return Cosine(y, values, target.Labels[sample], l.Margin);
            default:
            {
                LossSpec spec = _network.Spec.Loss;
                var gradient = new Estimate(n);
                double loss = 0, error = 0, magnitude = 0;
                int channels = _network.Output.Channels;
                for (int i = 0; i < n; i++)
                {
                    ElementLoss e = Element(spec, y.Values[i], values[i], i / (n / channels), Estimate.Hypotenuse(y.Errors[i], Estimate.Unit * Math.Abs(y.Values[i] - values[i])));
                    double own = Estimate.Hypotenuse(y.Errors[i], Estimate.Unit * Math.Abs(y.Values[i] - values[i]));
                    loss += e.Loss;
                    magnitude += Math.Abs(e.Loss);
                    error += Math.Abs(e.Slope) * own + e.Rounding;
                    gradient.Values[i] = e.Slope;
                    gradient.Errors[i] = e.Curvature * own + e.SlopeRounding + 4 * Estimate.Unit * Math.Abs(e.Slope);
                }
                return new SampleLoss(loss, error + Estimate.Rounding(n, magnitude), gradient, mean ? n : 1);
            }
        }
    }

    private static double Weight(EquatableArray<float> weights, int index) => weights.Count == 0 ? 1 : weights.Count == 1 ? weights[0] : weights[index];

    private static SampleLoss Nothing(int n, double divisor) => new(0, 0, new Estimate(n), divisor);

    /// <param name="error">Error of the difference, for decisions that hang on it.</param>
    private static ElementLoss Element(LossSpec spec, double y, double t, int channel, double error)
    {
        const double Unit = Estimate.Unit;
        double d = y - t, magnitude = Math.Abs(d), sign = double.IsNaN(d) ? d : Math.Sign(d);
        switch (spec)
        {
            case MSELossSpec:
                return new(d * d, 2 * d, 2, 0, 0);
            case L1LossSpec or SmoothL1LossSpec { Beta: 0 }:
                return new(magnitude, sign, 0, 0, magnitude <= Estimate.Tolerance * error ? 2 : 0);
            case HuberLossSpec l:
                return magnitude <= l.Delta
                    ? new(d * d / 2, d, 1, 0, 0)
                    : new(l.Delta * (magnitude - l.Delta / 2), l.Delta * sign, magnitude - l.Delta <= Estimate.Tolerance * error ? 1 : 0, Unit * l.Delta * magnitude, 0);
            case SmoothL1LossSpec l:
                return magnitude < l.Beta
                    ? new(d * d / 2 / l.Beta, d / l.Beta, 1 / l.Beta, 0, 0)
                    : new(magnitude - l.Beta / 2, sign, magnitude - l.Beta <= Estimate.Tolerance * error ? 1 / l.Beta : 0, 2 * Unit * magnitude, 0);
            case BCELossSpec l:
            {
                double w = Weight(l.Weight, channel), log = Math.Max(-100, Math.Log(y)), other = Math.Max(-100, Math.Log(1 - y));
                double denominator = Math.Max(1e-12, y * (1 - y));
                return new(-w * (t * log + (1 - t) * other), w * d / denominator, Math.Abs(w) * (t / Math.Max(1e-12, y * y) + (1 - t) / Math.Max(1e-12, (1 - y) * (1 - y))),
                    4 * Unit * Math.Abs(w) * (t * Math.Abs(log) + (1 - t) * Math.Abs(other)), 4 * Unit * Math.Abs(w * d) / denominator);
            }
            case BCEWithLogitsLossSpec l:
            {
                double w = Weight(l.Weight, channel), p = Weight(l.PosWeight, channel), share = 1 + (p - 1) * t;
                double soft = Math.Max(-y, 0) + Math.Log(1 + Math.Exp(-Math.Abs(y))), sigmoid = 1 / (1 + Math.Exp(-y));
                return new(w * ((1 - t) * y + share * soft), w * (share * sigmoid - p * t), Math.Abs(w) * share * sigmoid * (1 - sigmoid),
                    4 * Unit * Math.Abs(w) * ((1 - t) * Math.Abs(y) + share * soft), 4 * Unit * Math.Abs(w) * (share * sigmoid + p * t));
            }
            case KLDivLossSpec { LogTarget: true }:
            {
                double p = Math.Exp(t);
                return new(p * (t - y), -p, 0, 4 * Unit * p * (Math.Abs(t) + Math.Abs(y)), 4 * Unit * p);
            }
            case KLDivLossSpec:
            {
                double own = t > 0 ? t * Math.Log(t) : 0;
                return new(own - t * y, -t, 0, 4 * Unit * (Math.Abs(own) + Math.Abs(t * y)), 0);
            }
            default:
                throw new NotSupportedException(spec.ToString());
        }
    }

    /// <summary>Σa log Σ exp(y) − Σ a y; its gradient is softmax(y) Σa − a.</summary>
    private static SampleLoss CrossEntropy(Estimate y, double[] a, double divisor)
    {
        int n = y.Length;
        double[] p = SoftmaxValues(y.Values, out double logarithmOfSum);
        double total = a.Sum(), size = a.Sum(Math.Abs), loss = total * logarithmOfSum, meanError = 0, ownError = 0, magnitude = size * (1 + Math.Abs(logarithmOfSum));
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
            gradient.Errors[i] = share * (y.Errors[i] + meanError)
                + 4 * Estimate.Unit * (share * (1 + Math.Abs(y.Values[i] - logarithmOfSum)) + Math.Abs(gradient.Values[i]) + Math.Abs(a[i]));
        }
        return new SampleLoss(loss, Estimate.Hypotenuse(size * meanError, Math.Sqrt(ownError)) + 4 * Estimate.Unit * magnitude, gradient, divisor);
    }

    /// <summary>1 − cos or max(0, cos − margin), with PyTorch's 10⁻¹² in the squares.</summary>
    private SampleLoss Cosine(Estimate y, ReadOnlySpan<float> t, int label, double margin)
    {
        int n = y.Length;
        double product = 0, magnitude = 0, square = 1e-12, targetSquare = 1e-12, error = 0;
        for (int i = 0; i < n; i++)
        {
            product += y.Values[i] * t[i];
            magnitude += Math.Abs(y.Values[i] * t[i]);
            square += y.Values[i] * y.Values[i];
            targetSquare += (double)t[i] * t[i];
            error += y.Errors[i] * y.Errors[i];
        }
        double norms = Math.Sqrt(square * targetSquare), cosine = product / norms;
        // A turn by the error's angle moves the cosine by at most that.
        double angle = Math.Sqrt(error / square), cosineError = angle + Estimate.Rounding(n, magnitude / norms + Math.Abs(cosine));
        bool open = label < 0 && Math.Abs(cosine - margin) <= Estimate.Tolerance * cosineError;
        double slope = label > 0 ? -1 : cosine < margin ? 0 : 1, loss = label > 0 ? 1 - cosine : Math.Max(0, cosine - margin);
        var gradient = new Estimate(n);
        for (int i = 0; i < n; i++)
        {
            double toTarget = t[i] / norms, toOutput = cosine * y.Values[i] / square, size = Math.Abs(toTarget) + Math.Abs(toOutput);
            gradient.Values[i] = slope * (toTarget - toOutput);
            gradient.Errors[i] = open ? Math.Abs(toTarget - toOutput) + size * 0.1
                : Math.Abs(slope) * (size * (2 * angle + Estimate.Rounding(n, 4)) + Math.Abs(y.Values[i]) / square * cosineError + Math.Abs(cosine) * y.Errors[i] / square);
        }
        double own = slope == 0 && !open ? 0 : cosineError;
        return new SampleLoss(loss, own + 2 * Estimate.Unit, gradient, 1);
    }
}
