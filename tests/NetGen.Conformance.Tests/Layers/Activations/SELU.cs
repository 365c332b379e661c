using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record SELU : Activation, ILayer
{
    private const double Alpha = 1.6732632423543772848170429916717, Lambda = 1.0507009873554804934193349852946;

    public static IReadOnlyList<string> Kinds => ["selu"];

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<double> Kinks => [0];

    protected override double Bend(double x) => 2;

    public static Layer Read(Word word, Shape input) => new SELU();

    public override double Value(double x) => Lambda * (x > 0 ? x : Alpha * ExponentialMinusOne(x));

    public override double Derivative(double x) => Lambda * (x > 0 ? 1 : Alpha * Math.Exp(x));

    public static Gen<string>? Draw(Place place) => Gen.Constant("selu");
}
