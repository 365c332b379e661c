using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>The activation functions in double precision, by the formulas of torch.nn's documentation.</summary>
internal static class Activations
{
    // torch.nn.GELU, approximate='tanh': 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))).
    private static readonly double RootOfTwoOverPi = Math.Sqrt(2 / Math.PI);
    private const double Cubic = 0.044715;

    public static double Value(Activation activation, double x) => activation switch
    {
        ReLUActivation => x > 0 || double.IsNaN(x) ? x : 0,
        SigmoidActivation => 1 / (1 + Math.Exp(-x)),
        TanhActivation => Math.Tanh(x),
        GELUActivation => x * NormalDistribution(x),
        GELUTanhActivation => 0.5 * x * (1 + Math.Tanh(RootOfTwoOverPi * (x + Cubic * x * x * x))),
        LeakyReLUActivation a => x > 0 ? x : a.NegativeSlope * x,
        ELUActivation a => x > 0 ? x : a.Alpha * ExponentialMinusOne(x),
        SELUActivation => SELUActivation.Lambda * (x > 0 ? x : SELUActivation.Alpha * ExponentialMinusOne(x)),
        SiLUActivation => x / (1 + Math.Exp(-x)),
        MishActivation => x * Math.Tanh(SoftPlus(x)),
        HardswishActivation => x * (Clamp(x + 3, 0, 6) / 6),
        HardsigmoidActivation => Clamp(x + 3, 0, 6) / 6,
        HardtanhActivation a => Clamp(x, a.Lowest, a.Highest),
        SoftplusActivation a => a.Beta * x > a.Threshold ? x : SoftPlus(a.Beta * x) / a.Beta,
        _ => throw new NotSupportedException(activation.ToString()),
    };

    public static double Derivative(Activation activation, double x)
    {
        switch (activation)
        {
            case ReLUActivation:
                // NaN is not known to be below: as in PyTorch the gradient goes on. So it does at the bounds of hardtanh.
                return x <= 0 ? 0 : 1;
            case SigmoidActivation:
                double s = Value(activation, x);
                return s * (1 - s);
            case TanhActivation:
                double t = Math.Tanh(x);
                return 1 - t * t;
            case GELUActivation:
                return NormalDistribution(x) + x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
            case GELUTanhActivation:
                double u = Math.Tanh(RootOfTwoOverPi * (x + Cubic * x * x * x));
                return 0.5 * (1 + u) + 0.5 * x * (1 - u * u) * RootOfTwoOverPi * (1 + 3 * Cubic * x * x);
            case LeakyReLUActivation a:
                return x > 0 ? 1 : a.NegativeSlope;
            case ELUActivation a:
                return x > 0 ? 1 : a.Alpha * Math.Exp(x);
            case SELUActivation:
                return SELUActivation.Lambda * (x > 0 ? 1 : SELUActivation.Alpha * Math.Exp(x));
            case SiLUActivation:
                double g = 1 / (1 + Math.Exp(-x));
                return g + (g == 0 || x > 700 ? 0 : x * g / (1 + Math.Exp(x)));
            case MishActivation:
                double h = Math.Tanh(SoftPlus(x));
                return h + (x < -700 ? 0 : x / (1 + Math.Exp(-x)) * (1 - h) * (1 + h));
            case HardswishActivation:
                return x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1;
            case HardsigmoidActivation:
                return x > -3 && x < 3 ? 1.0 / 6 : 0;
            case HardtanhActivation a:
                return x <= a.Lowest || x >= a.Highest ? 0 : 1;
            case SoftplusActivation a:
                return a.Beta * x > a.Threshold ? 1 : 1 / (1 + Math.Exp(-a.Beta * x));
            default:
                throw new NotSupportedException(activation.ToString());
        }
    }

    /// <summary>Where the derivative jumps: an error may put the input on either side.</summary>
    public static double[] Kinks(Activation activation) => activation switch
    {
        ReLUActivation or LeakyReLUActivation or ELUActivation or SELUActivation => [0],
        HardswishActivation or HardsigmoidActivation => [-3, 3],
        HardtanhActivation a => [a.Lowest, a.Highest],
        SoftplusActivation a => [a.Threshold / a.Beta],
        _ => [],
    };

    private static double Clamp(double x, double lowest, double highest) => double.IsNaN(x) ? x : Math.Min(Math.Max(x, lowest), highest);

    /// <summary>ln(1 + eˣ), by the series of ln(1 + e) where e is small.</summary>
    private static double SoftPlus(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        double logarithm = e > 1e-4 ? Math.Log(1 + e) : e * (1 - e * (1.0 / 2 - e * (1.0 / 3 - e * (1.0 / 4 - e / 5))));
        return Math.Max(x, 0) + logarithm;
    }

    /// <summary>eˣ − 1 = 2 sinh(x/2) e^(x/2), by its series where x is small.</summary>
    private static double ExponentialMinusOne(double x)
    {
        if (Math.Abs(x) > 0.1)
            return Math.Exp(x) - 1;
        double term = x, sum = x;
        for (int n = 2; n < 14; n++)
            sum += term *= x / n;
        return sum;
    }

    /// <summary>Φ(x) = erfc(−x/√2)/2.</summary>
    private static double NormalDistribution(double x) => 0.5 * ComplementaryError(-x / Math.Sqrt(2));

    /// <summary>
    /// erfc by its Taylor series near zero, else by the continued fraction erfc(x) = exp(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …))))
    /// (Abramowitz and Stegun, 7.1.5 and 7.1.14).
    /// </summary>
    private static double ComplementaryError(double x)
    {
        if (x < 0)
            return 2 - ComplementaryError(-x);
        if (x < 2.5)
        {
            double term = x, sum = x;
            for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum) && n < 200; n++)
            {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.Sqrt(Math.PI) * sum;
        }
        double fraction = x;
        for (int k = 120; k >= 1; k--)
            fraction = x + k / 2.0 / fraction;
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
