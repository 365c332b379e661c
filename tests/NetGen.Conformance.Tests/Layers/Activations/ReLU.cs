using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record ReLU : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["relu"];

    public static int Frequency => 4;

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<double> Kinks => [0];

    protected override double Bend(double x) => 0;

    protected override bool RoundsSlope => false;

    public static Layer Read(Word word, Shape input) => new ReLU();

    public override double Value(double x) => x > 0 || double.IsNaN(x) ? x : 0;

    /// <summary>NaN is not known to be below: as in PyTorch the gradient goes on.</summary>
    public override double Derivative(double x) => x <= 0 ? 0 : 1;

    protected override double Scale(double x, double y) => 0;

    public static Gen<string>? Draw(Place place) => Gen.Constant("relu");
}
