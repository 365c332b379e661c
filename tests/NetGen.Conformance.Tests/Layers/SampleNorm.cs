using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>
/// What normalisations of single samples have in common: in PyTorch's order the elements that share statistics are neighbours, whatever
/// the layer.
/// </summary>
internal abstract record SampleNorm(float Eps) : UnaryOperation
{
    /// <summary>The mean is taken away.</summary>
    protected virtual bool IsCentred => true;

    /// <summary>Neighbouring elements that share statistics.</summary>
    protected abstract int SetSize(Shape input);

    /// <summary>The weight of an element.</summary>
    protected abstract int WeightOf(Shape input, int element);

    public sealed override Shape Infer(Shape input) => input;

    /// <summary>The eps as it is declared: a double that is the float.</summary>
    protected void DeclareEps(AttributeWriter attribute) => attribute.Property("Eps", AttributeWriter.Code((double)Eps));

    protected string EpsOption => FormattableString.Invariant($"eps{Eps}");

    protected static float EpsOf(Word word, double usual = 1e-5) => (float)(word.Real("eps") ?? usual);

    protected sealed override Estimate Forward(LayerRun run, Estimate x, int sample)
    {
        double[]? weight = run.TensorOrNull("weight"), bias = run.TensorOrNull("bias");
        Estimate y = Normalize(run.Input, x).Normal;
        for (int i = 0; i < y.Length; i++)
        {
            int number = WeightOf(run.Input, i);
            double w = weight is null ? 1 : weight[number], b = bias is null ? 0 : bias[number];
            double product = y.Values[i] * w;
            y.Values[i] = product + b;
            y.Errors[i] = y.Errors[i] * Math.Abs(w) + Estimate.Unit * (Math.Abs(product) + Math.Abs(b));
        }
        return y;
    }

    /// <summary>dx = r (g − mean(g) − x̂ mean(g x̂)) with g = dy · weight.</summary>
    protected sealed override Estimate Backward(LayerRun run, Estimate x, Estimate y, Estimate dy, int sample)
    {
        double[]? weight = run.TensorOrNull("weight");
        Accumulator? dWeight = run.GradientOrNull("weight"), dBias = run.GradientOrNull("bias");
        (Estimate normal, double[] inverse, double[] relative) = Normalize(run.Input, x);
        Estimate dx = new(x.Length), g = new(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            int number = WeightOf(run.Input, i);
            double w = weight is null ? 1 : weight[number];
            g.Values[i] = dy.Values[i] * w;
            g.Errors[i] = dy.Errors[i] * Math.Abs(w) + (weight is null ? 0 : Estimate.Unit * Math.Abs(g.Values[i]));
            dWeight?.Add(number, dy.Values[i], dy.Errors[i], normal.Values[i], normal.Errors[i]);
            dBias?.Add(number, dy.Values[i], dy.Errors[i], 1, 0);
        }
        int size = SetSize(run.Input);
        for (int start = 0; start < x.Length; start += size)
            SetBackward(start, size, normal, inverse, relative, g, dx);
        return dx;
    }

    /// <summary>x̂ with its error, and 1 / √(variance + eps) with its relative error, of each element.</summary>
    private (Estimate Normal, double[] Inverse, double[] RelativeError) Normalize(Shape input, Estimate x)
    {
        var normal = new Estimate(x.Length);
        double[] inverse = new double[x.Length], relative = new double[x.Length];
        int size = SetSize(input);
        for (int start = 0; start < x.Length; start += size)
        {
            double mean = 0, square = 0, meanError = 0, squareError = 0;
            for (int i = start; i < start + size; i++)
            {
                mean += IsCentred ? x.Values[i] / size : 0;
                meanError += IsCentred ? x.Errors[i] / size : 0;
                squareError += x.Errors[i] * x.Errors[i] / size;
            }
            for (int i = start; i < start + size; i++)
                square += (x.Values[i] - mean) * (x.Values[i] - mean) / size;
            double r = 1 / Math.Sqrt(square + Eps);
            // Sums of squares round like any sum; the root halves that.
            double rError = r * Math.Sqrt(squareError) + Estimate.Rounding(size, 2);
            for (int i = start; i < start + size; i++)
            {
                double value = (x.Values[i] - mean) * r;
                normal.Values[i] = value;
                normal.Errors[i] = r * (x.Errors[i] + meanError) + Math.Abs(value) * rError
                    + 3 * Estimate.Unit * (Math.Abs(value) + (IsCentred ? 1 : 0));
                inverse[i] = r;
                relative[i] = rError;
            }
        }
        return (normal, inverse, relative);
    }

    private void SetBackward(int start, int size, Estimate normal, double[] inverse, double[] relative, Estimate g, Estimate dx)
    {
        double sum = 0, product = 0, sumError = 0, productError = 0, sumMagnitude = 0, productMagnitude = 0;
        for (int i = start; i < start + size; i++)
        {
            sum += g.Values[i] / size;
            sumError += g.Errors[i] / size;
            sumMagnitude += Math.Abs(g.Values[i]) / size;
            product += g.Values[i] * normal.Values[i] / size;
            productError += (g.Errors[i] * Math.Abs(normal.Values[i]) + Math.Abs(g.Values[i]) * normal.Errors[i]) / size;
            productMagnitude += Math.Abs(g.Values[i] * normal.Values[i]) / size;
        }
        if (!IsCentred)
            sum = sumError = sumMagnitude = 0;
        sumError += Estimate.Rounding(size, sumMagnitude);
        productError += Estimate.Rounding(size, productMagnitude);
        for (int i = start; i < start + size; i++)
        {
            double n = normal.Values[i];
            double rounding = 3 * Estimate.Unit * (Math.Abs(g.Values[i]) + Math.Abs(sum) + Math.Abs(n * product));
            dx.Values[i] = inverse[i] * (g.Values[i] - sum - n * product);
            double propagated = g.Errors[i] + sumError + Math.Abs(n) * productError + Math.Abs(product) * normal.Errors[i];
            dx.Errors[i] = inverse[i] * (propagated + rounding) + Math.Abs(dx.Values[i]) * (relative[i] + 2 * Estimate.Unit);
        }
    }
}
