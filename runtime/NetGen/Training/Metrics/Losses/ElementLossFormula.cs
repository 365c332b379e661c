namespace NetGen;

/// <summary>The losses that compare each element of an output with a value.</summary>
/// <param name="reduction">How the losses of a batch become one number.</param>
/// <param name="function">The loss of an element, by output, target and the factor of its positive part.</param>
/// <param name="output">The output.</param>
/// <param name="weight">A factor for each channel, or one for all, or none.</param>
/// <param name="posWeight">The same for the positive part.</param>
/// <param name="isBounded">It is defined for outputs from 0 to 1.</param>
internal sealed class ElementLossFormula(
    LossReduction reduction, Func<double, double, double, double> function, NetworkPort output, float[] weight, float[] posWeight,
    bool isBounded) : LossFormula(reduction)
{
    /// <summary>Elements that have one factor.</summary>
    private readonly int _channel = output.Size / (output.Shape.Count == 0 ? 1 : output.Shape[0]);

    public override (double Sum, double Divisor) Of(in LossArguments arguments)
    {
        double sum = 0;
        ReadOnlySpan<float> given = arguments.First, target = arguments.Values;
        for (int i = 0; i < given.Length; i++)
        {
            if (isBounded && !(given[i] is >= 0 and <= 1))
                throw new ArithmeticException($"BCELoss is defined for outputs from 0 to 1: put Sigmoid last, or take BCEWithLogitsLoss. "
                    + $"The output for sample {i / Math.Max(1, given.Length / arguments.Rows)} is {given[i]}.");
            double loss = function(given[i], target[i], FactorOf(posWeight, i));
            // A factor of 0 takes an infinite loss out no more than it does in the network.
            sum += weight.Length == 0 ? loss : FactorOf(weight, i) * loss;
        }
        return (sum, Reduction == LossReduction.BatchMean ? arguments.Rows : given.Length);
    }

    /// <summary>The loss of an element.</summary>
    public static Func<double, double, double, double> FunctionOf(LossDeclaration loss)
    {
        switch (loss.Kind)
        {
            case "MSELoss":
                return (x, t, _) => (x - t) * (x - t);
            case "L1Loss":
                return (x, t, _) => Math.Abs(x - t);
            case "HuberLoss":
                double delta = loss.Take("delta", 1);
                return (x, t, _) => Math.Abs(x - t) is var d && d <= delta ? d * d / 2 : delta * (d - delta / 2);
            case "SmoothL1Loss":
                double beta = loss.Take("beta", 1);
                return (x, t, _) => Math.Abs(x - t) is var d && d < beta ? d * d / (2 * beta) : d - beta / 2;
            case "BCELoss":
                return (x, t, _) => -(t * Math.Max(-100, Math.Log(x)) + (1 - t) * Math.Max(-100, Math.Log(1 - x)));
            case "BCEWithLogitsLoss":
                return (x, t, p) => (1 - t) * x + (1 + (p - 1) * t) * (Math.Max(-x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))));
            default:
                return loss.Take("log target")
                    ? (x, t, _) => Math.Exp(t) * (t - x)
                    : (x, t, _) => t == 0 ? 0 : t * (Math.Log(t) - x);
        }
    }

    private double FactorOf(float[] factors, int element) => factors.Length switch
    {
        0 => 1,
        1 => factors[0],
        _ => factors[element / _channel % factors.Length],
    };

    // log(1 + e) of a small e without what 1 + e rounds away.
    private static double LogOnePlus(double e)
    {
        double sum = 1 + e;
        return sum == 1 ? e : Math.Log(sum) * e / (sum - 1);
    }
}
