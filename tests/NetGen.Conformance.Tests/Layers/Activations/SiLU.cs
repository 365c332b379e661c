using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record SiLU : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["silu"];

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new SiLU();

    public override double Value(double x) => x / (1 + Math.Exp(-x));

    public override double Derivative(double x)
    {
        double g = 1 / (1 + Math.Exp(-x));
        return g + (g == 0 || x > 700 ? 0 : x * g / (1 + Math.Exp(x)));
    }

    public static Gen<string>? Draw(Place place) => Gen.Constant("silu");
}
