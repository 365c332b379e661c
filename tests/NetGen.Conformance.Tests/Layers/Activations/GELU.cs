using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

/// <summary>x Φ(x).</summary>
internal sealed record GELU : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["gelu"];

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new GELU();

    public override double Value(double x) => x * NormalDistribution(x);

    public override double Derivative(double x) => NormalDistribution(x) + x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    protected override double Scale(double x, double y) => Math.Abs(x);

    /// <summary>Φ(x) = erfc(−x/√2)/2.</summary>
    private static double NormalDistribution(double x) => 0.5 * ComplementaryError(-x / Math.Sqrt(2));

    /// <summary>
    /// erfc by its Taylor series near zero, else by the continued fraction
    /// erfc(x) = exp(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))) (Abramowitz and Stegun, 7.1.5 and 7.1.14).
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

    public static Gen<string>? Draw(Place place) => Gen.Constant("gelu");
}
