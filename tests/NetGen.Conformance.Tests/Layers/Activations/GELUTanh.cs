using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

/// <summary>torch.nn.GELU, approximate="tanh": 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
internal sealed record GELUTanh : Activation, ILayer
{
    private const double Cubic = 0.044715;
    private static readonly double s_rootOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    public static IReadOnlyList<string> Kinds => ["gelutanh"];

    public override string Kind => Kinds[0];

    protected override string AttributeName => "GELU";

    public static Layer Read(Word word, Shape input) => new GELUTanh();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Property("Approximate", "\"tanh\"");
        return AttributeName;
    }

    public override double Value(double x) => 0.5 * x * (1 + Inner(x));

    public override double Derivative(double x)
    {
        double t = Inner(x);
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * s_rootOfTwoOverPi * (1 + 3 * Cubic * x * x);
    }

    protected override double Scale(double x, double y) => Math.Abs(x);

    private static double Inner(double x) => Math.Tanh(s_rootOfTwoOverPi * (x + Cubic * x * x * x));

    public static Gen<string>? Draw(Place place) => Gen.Constant("gelutanh");
}
