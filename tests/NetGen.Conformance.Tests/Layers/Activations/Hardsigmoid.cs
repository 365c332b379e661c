using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Hardsigmoid : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["hardsigmoid"];

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<double> Kinks => [-3, 3];

    protected override double Bend(double x) => 0;

    public static Layer Read(Word word, Shape input) => new Hardsigmoid();

    public override double Value(double x) => Clamp(x + 3, 0, 6) / 6;

    public override double Derivative(double x) => x > -3 && x < 3 ? 1.0 / 6 : 0;

    protected override double Scale(double x, double y) => 1;

    public static Gen<string>? Draw(Place place) => Gen.Constant("hardsigmoid");
}
