using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Hardswish : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["hardswish"];

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<double> Kinks => [-3, 3];

    public static Layer Read(Word word, Shape input) => new Hardswish();

    public override double Value(double x) => x * (Clamp(x + 3, 0, 6) / 6);

    public override double Derivative(double x) => x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1;

    protected override double Scale(double x, double y) => Math.Abs(x);

    public static Gen<string>? Draw(Place place) => Gen.Constant("hardswish");
}
