using NetGen.Generator.Kernels;
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
        _ => throw new NotSupportedException(activation.ToString()),
    };

    public static double Derivative(Activation activation, double x)
    {
        switch (activation)
        {
            case ReLUActivation:
                return x > 0 ? 1 : 0;
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
            default:
                throw new NotSupportedException(activation.ToString());
        }
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
