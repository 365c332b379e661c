using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Mish : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["mish"];

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Mish();

    public override double Value(double x) => x * Math.Tanh(SoftPlus(x));

    public override double Derivative(double x)
    {
        double h = Math.Tanh(SoftPlus(x));
        return h + (x < -700 ? 0 : x / (1 + Math.Exp(-x)) * (1 - h) * (1 + h));
    }

    public static Gen<string>? Draw(Place place) => Gen.Constant("mish");
}
