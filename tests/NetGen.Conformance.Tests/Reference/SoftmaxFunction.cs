namespace NetGen.Conformance.Tests.Reference;

/// <summary>Softmax in double precision, for layers and losses.</summary>
internal static class SoftmaxFunction
{
    public static double[] Values(double[] x, out double logarithmOfSum)
    {
        double maximum = x.Max(), sum = 0;
        var p = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            sum += p[i] = Math.Exp(x[i] - maximum);
        for (int i = 0; i < x.Length; i++)
            p[i] /= sum;
        logarithmOfSum = maximum + Math.Log(sum);
        return p;
    }

    /// <summary>The error of Σ p x.</summary>
    public static double MeanError(double[] p, double[] errors) => Math.Sqrt(p.Select((v, i) => v * v * errors[i] * errors[i]).Sum());

    /// <summary>Softmax of numbers that may be off.</summary>
    public static Estimate Apply(Estimate x)
    {
        double[] p = Values(x.Values, out double logarithmOfSum);
        var y = new Estimate(p, new double[p.Length]);
        double meanError = MeanError(p, x.Errors);
        for (int i = 0; i < p.Length; i++)
            y.Errors[i] = p[i] * (x.Errors[i] + meanError + 4 * Estimate.Unit * (1 + Math.Abs(x.Values[i] - logarithmOfSum)));
        return y;
    }

    /// <summary>dx = y (dy − Σ y dy).</summary>
    public static Estimate Gradient(Estimate y, Estimate dy)
    {
        var sum = new Accumulator(1);
        for (int i = 0; i < y.Length; i++)
            sum.Add(0, y.Values[i], y.Errors[i], dy.Values[i], dy.Errors[i]);
        Estimate mean = sum.ToEstimate();
        var dx = new Estimate(y.Length);
        for (int i = 0; i < y.Length; i++)
        {
            double difference = dy.Values[i] - mean.Values[0];
            dx.Values[i] = y.Values[i] * difference;
            dx.Errors[i] = Estimate.Hypotenuse(Math.Abs(difference) * y.Errors[i],
                y.Values[i] * Estimate.Hypotenuse(dy.Errors[i], mean.Errors[0]))
                + 2 * Estimate.Unit * (Math.Abs(dx.Values[i]) + y.Values[i] * Math.Abs(mean.Values[0]));
        }
        return dx;
    }
}
