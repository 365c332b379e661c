using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Sigmoid : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["sigmoid"];

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Sigmoid();

    public override double Value(double x) => 1 / (1 + Math.Exp(-x));

    public override double Derivative(double x)
    {
        double y = Value(x);
        return y * (1 - y);
    }

    protected override double Scale(double x, double y) => 1;

    public static Gen<string>? Draw(Place place) => Gen.Constant("sigmoid");
}
