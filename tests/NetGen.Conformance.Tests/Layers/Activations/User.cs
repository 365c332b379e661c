using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

/// <summary>A function of the user's: one of those in <c>Functions/UserFunctions.cs</c>, here in double precision.</summary>
internal sealed record User(string Curve) : Activation, ILayer
{
    private const string Namespace = "UserFunctions";

    /// <summary>What a function is, and what the errors need of it.</summary>
    private sealed record Definition(string Type, Func<double, double> Value, Func<double, double> Derivative)
    {
        /// <inheritdoc cref="Activation.Bend"/>
        public Func<double, double> Bend { get; init; } = _ => 1;

        /// <inheritdoc cref="Activation.Scale"/>
        public Func<double, double, double> Scale { get; init; } = (_, y) => Math.Abs(y);

        public IReadOnlyList<double> Kinks { get; init; } = [];
    }

    private static readonly Dictionary<string, Definition> s_curves = new()
    {
        ["quickgelu"] = new("QuickGELU", x => x * Logistic(1.702 * x), x => SwishSlope(x, 1.702)) { Scale = (x, y) => 2 * Math.Abs(y), Bend = _ => 2 },
        ["swish"] = new("Swish<UserFunctions.Half>", x => x * Logistic(0.5 * x), x => SwishSlope(x, 0.5)),
        ["squaredrelu"] = new("SquaredReLU", x => x > 0 ? x * x : 0, x => x > 0 ? 2 * x : 0) { Bend = _ => 2 },
        ["smoothrelu"] = new("SmoothReLU", SoftPlus, Logistic),
        ["cosine"] = new("Cosine", Math.Cos, x => -Math.Sin(x)) { Scale = (x, _) => 1 + Math.Abs(x) / 8 },
        ["holed"] = new("HoledCosine", x => x == 0 ? double.NaN : Math.Cos(x), x => x == 0 ? double.NaN : -Math.Sin(x))
        {
            Scale = (x, _) => 1 + Math.Abs(x) / 8,
        },
        ["away"] = new("Away", x => x + Math.Sign(x), _ => 1),
        ["logarithm"] = new("Logarithm", Math.Log, x => 1 / x) { Bend = x => 1 / (x * x), Scale = (_, y) => 1 + Math.Abs(y) },
        ["mixed"] = new("Mixed", x => x > 0 ? Math.Tanh(x) : 1 - Math.Sqrt(1 - x), x => x > 0 ? 1 - Math.Tanh(x) * Math.Tanh(x) : 0.5 / Math.Sqrt(1 - x))
        {
            // A root near 1 has lost digits when 1 is taken from it.
            Scale = (_, _) => 1,
            Kinks = [0],
        },
    };

    public static IReadOnlyList<string> Kinds => ["user"];

    public override string Kind => Kinds[0];

    public override string Stem => "activation";

    public override IEnumerable<string> Options => [Curve];

    /// <summary>The structure as generated code names it.</summary>
    public string Function => $"global::{Namespace}.{Known.Type.Replace($"<{Namespace}", $"<global::{Namespace}", StringComparison.Ordinal)}";

    protected override string AttributeName => $"Activation<{Namespace}.{Known.Type}>";

    private Definition Known => s_curves[Curve];

    protected override IReadOnlyList<double> Kinks => Known.Kinks;

    protected override double Bend(double x) => Known.Bend(x);

    protected override double Scale(double x, double y) => Known.Scale(x, y);

    public static Layer Read(Word word, Shape input) => s_curves.ContainsKey(word.Option(0)) ? new User(word.Option(0))
        : throw new FormatException($"'{word.Text}' is no function of the user's.");

    public override double Value(double x) => Known.Value(x);

    public override double Derivative(double x) => Known.Derivative(x);

    /// <summary>
    /// Every layout, alone and behind what can take it into its epilogue; what is infinite at zero, where channels and samples that stand for
    /// nothing are; in blocks, shared and frozen; two functions in one network, and one at several places.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:33 user:quickgelu", "in:17x3x4 user:swish", "in:33 linear:17 user:cosine linear:5 mse", "in:9x5 user:smoothrelu sum:1 mse",
        "in:3x6x7 conv:20,k3,p1 user:cosine conv:5,k3,p1 aavg:1 flatten linear:3 ce", "in:5x6x6 conv:6,k3 user:smoothrelu max:k2 flatten linear:3 mse",
        "in:1x8x8 conv:6,k5 user:cosine avg:k2 flatten linear:3 ce", "in:1x28x28 conv:6,k5,p2 user:quickgelu avg:k2 conv:16,k5 user:quickgelu flatten linear:10 ce",
        "in:9 linear:17 sigmoid user:logarithm linear:5 tanh linear:3 mse", "in:3x7x7 sigmoid user:logarithm conv:5,k3 tanh flatten linear:3 ce",
        "in:1x8x8 sigmoid user:logarithm conv:6,k3,p1 sigmoid user:logarithm conv:4,k3 flatten linear:3 ce",
        "in:1x9x9 conv:3,k3 sigmoid user:logarithm bn convt:2,k2,s2 sigmoid user:logarithm flatten linear:3 mse",
        "in:1x8x8 user:holed conv:6,k3,p1 user:holed conv:4,k3 flatten linear:3 ce", "in:3x7x7 user:holed conv:20,k3 user:holed flatten linear:3 ce",
        "in:1x8x8 user:holed bn conv:6,k3 avg:k2 user:holed flatten linear:3 mse", "in:9 user:holed linear:17 user:holed linear:3 mse",
        "in:1x8x8 seq[:frozen user:holed conv:6,k3,p1 user:holed ] conv:4,k3 user:holed flatten linear:3 ce",
        "in:1x8x8 seq[:frozen conv:6,k3,p1 sigmoid user:logarithm conv:6,k3,p1 user:mixed ] conv:4,k3 flatten linear:3 ce",
        "in:16x8x8 conv:16,k3,p1 bn user:quickgelu res[ conv:16,k3,p1 user:squaredrelu conv:16,k3,p1 bn ] user:quickgelu aavg:1 flatten linear:5 ce",
        "in:16x8x8 seq[ conv:16,k3,p1 user:mixed ] seq[ conv:16,k3,p1 user:mixed ] flatten linear:5 user:swish linear:5 user:mixed ce",
        "in@left:1x8x8 seq[@tower conv:8,k3 user:cosine flatten linear:12 user:mixed ] in@right:1x8x8 seq[:&tower conv:8,k3 user:cosine flatten linear:12 user:mixed ] sub:tower linear:2 ce",
    ];

    /// <summary>Squares and logarithms of bounded numbers: several in a row would leave nothing to compare.</summary>
    public static Gen<string>? Draw(Place place) => Gen.Elements("user:quickgelu", "user:swish", "user:smoothrelu", "user:cosine", "user:mixed",
        "hardtanh:-4,2 user:squaredrelu", "sigmoid user:logarithm");

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double SwishSlope(double x, double beta)
    {
        double s = Logistic(beta * x);
        return s + (s == 0 || beta * x > 700 ? 0 : beta * x * s / (1 + Math.Exp(beta * x)));
    }
}
