using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Tanh : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["tanh"];

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Tanh();

    public override double Value(double x) => Math.Tanh(x);

    public override double Derivative(double x)
    {
        double y = Math.Tanh(x);
        return 1 - y * y;
    }

    protected override double Scale(double x, double y) => 1;

    public static Gen<string>? Draw(Place place) => Gen.Constant("tanh");
}
