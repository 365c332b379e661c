using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>
/// LayerNorm, RMSNorm, GroupNorm and InstanceNorm of one sample by their definitions in torch.nn: in PyTorch's order the elements that share
/// statistics are neighbours, whatever the layer.
/// </summary>
internal static class SampleNormalization
{
    /// <param name="SetSize">Neighbouring elements that share statistics.</param>
    /// <param name="Weight">The weight of an element.</param>
    private sealed record Rule(int SetSize, Func<int, int> Weight, double Eps, bool Centred);

    public static bool Applies(LayerSpec spec) => spec is LayerNormSpec or GroupNormSpec or InstanceNormSpec;

    /// <summary>Shape of weight and bias; null where the layer has none.</summary>
    public static (int[] Shape, bool HasBias)? Parameters(LayerSpec spec, TensorShape input) => spec switch
    {
        LayerNormSpec { Affine: true } l => (l.NormalizedShape is { } shape ? [.. shape] : [.. input.Dimensions], l.Bias && !l.IsRms),
        GroupNormSpec { Affine: true } or InstanceNormSpec { Affine: true } => ([input.Dimensions[0]], true),
        _ => null,
    };

    private static Rule RuleOf(LayerSpec spec, TensorShape input)
    {
        int channels = input.Dimensions[0], plane = input.Size / channels;
        switch (spec)
        {
            case LayerNormSpec l:
                int size = (l.NormalizedShape is { } shape ? shape : input.Dimensions).Aggregate(1, (a, b) => a * b);
                return new Rule(size, i => i % size, l.Eps, !l.IsRms);
            case GroupNormSpec g:
                return new Rule(channels / g.Groups * plane, i => i / plane, g.Eps, true);
            case InstanceNormSpec n:
                return new Rule(plane, i => i / plane, n.Eps, true);
            default:
                throw new NotSupportedException(spec.ToString());
        }
    }

    /// <summary>x̂ with its error, and 1 / √(variance + eps) with its relative error, of each element.</summary>
    private static (Estimate Normal, double[] Inverse, double[] RelativeError) Normalize(Rule rule, Estimate x)
    {
        var normal = new Estimate(x.Length);
        double[] inverse = new double[x.Length], relative = new double[x.Length];
        for (int start = 0; start < x.Length; start += rule.SetSize)
        {
            double mean = 0, square = 0, meanError = 0, squareError = 0;
            for (int i = start; i < start + rule.SetSize; i++)
            {
                mean += rule.Centred ? x.Values[i] / rule.SetSize : 0;
                meanError += rule.Centred ? x.Errors[i] / rule.SetSize : 0;
                squareError += x.Errors[i] * x.Errors[i] / rule.SetSize;
            }
            for (int i = start; i < start + rule.SetSize; i++)
                square += (x.Values[i] - mean) * (x.Values[i] - mean) / rule.SetSize;
            double r = 1 / Math.Sqrt(square + rule.Eps);
            // Sums of squares round like any sum; the root halves that.
            double rError = r * Math.Sqrt(squareError) + Estimate.Rounding(rule.SetSize, 2);
            for (int i = start; i < start + rule.SetSize; i++)
            {
                double value = (x.Values[i] - mean) * r;
                normal.Values[i] = value;
                normal.Errors[i] = r * (x.Errors[i] + meanError) + Math.Abs(value) * rError + 3 * Estimate.Unit * (Math.Abs(value) + (rule.Centred ? 1 : 0));
                inverse[i] = r;
                relative[i] = rError;
            }
        }
        return (normal, inverse, relative);
    }

    public static Estimate Forward(LayerSpec spec, TensorShape input, Estimate x, double[]? weight, double[]? bias)
    {
        Rule rule = RuleOf(spec, input);
        Estimate y = Normalize(rule, x).Normal;
        for (int i = 0; i < y.Length; i++)
        {
            double w = weight is null ? 1 : weight[rule.Weight(i)], b = bias is null ? 0 : bias[rule.Weight(i)];
            double product = y.Values[i] * w;
            y.Values[i] = product + b;
            y.Errors[i] = y.Errors[i] * Math.Abs(w) + Estimate.Unit * (Math.Abs(product) + Math.Abs(b));
        }
        return y;
    }

    /// <summary>dx = r (g − mean(g) − x̂ mean(g x̂)) with g = dy · weight.</summary>
    public static Estimate Backward(LayerSpec spec, TensorShape input, Estimate x, Estimate dy, double[]? weight, Accumulator? weightGradient, Accumulator? biasGradient)
    {
        Rule rule = RuleOf(spec, input);
        (Estimate normal, double[] inverse, double[] relative) = Normalize(rule, x);
        var dx = new Estimate(x.Length);
        var g = new Estimate(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double w = weight is null ? 1 : weight[rule.Weight(i)];
            g.Values[i] = dy.Values[i] * w;
            g.Errors[i] = dy.Errors[i] * Math.Abs(w) + (weight is null ? 0 : Estimate.Unit * Math.Abs(g.Values[i]));
            weightGradient?.Add(rule.Weight(i), dy.Values[i], dy.Errors[i], normal.Values[i], normal.Errors[i]);
            biasGradient?.Add(rule.Weight(i), dy.Values[i], dy.Errors[i], 1, 0);
        }
        for (int start = 0; start < x.Length; start += rule.SetSize)
        {
            double sum = 0, product = 0, sumError = 0, productError = 0, sumMagnitude = 0, productMagnitude = 0;
            for (int i = start; i < start + rule.SetSize; i++)
            {
                sum += g.Values[i] / rule.SetSize;
                sumError += g.Errors[i] / rule.SetSize;
                sumMagnitude += Math.Abs(g.Values[i]) / rule.SetSize;
                product += g.Values[i] * normal.Values[i] / rule.SetSize;
                productError += (g.Errors[i] * Math.Abs(normal.Values[i]) + Math.Abs(g.Values[i]) * normal.Errors[i]) / rule.SetSize;
                productMagnitude += Math.Abs(g.Values[i] * normal.Values[i]) / rule.SetSize;
            }
            if (!rule.Centred)
                sum = sumError = sumMagnitude = 0;
            sumError += Estimate.Rounding(rule.SetSize, sumMagnitude);
            productError += Estimate.Rounding(rule.SetSize, productMagnitude);
            for (int i = start; i < start + rule.SetSize; i++)
            {
                double n = normal.Values[i];
                dx.Values[i] = inverse[i] * (g.Values[i] - sum - n * product);
                dx.Errors[i] = inverse[i] * (g.Errors[i] + sumError + Math.Abs(n) * productError + Math.Abs(product) * normal.Errors[i]
                    + 3 * Estimate.Unit * (Math.Abs(g.Values[i]) + Math.Abs(sum) + Math.Abs(n * product))) + Math.Abs(dx.Values[i]) * (relative[i] + 2 * Estimate.Unit);
            }
        }
        return dx;
    }
}
