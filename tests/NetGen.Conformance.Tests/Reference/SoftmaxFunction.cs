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
}
