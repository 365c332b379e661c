using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Exp : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["exp"];

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Exp();

    public override double Value(double x) => Math.Exp(x);

    public override double Derivative(double x) => Math.Exp(x);

    protected override double Bend(double x) => Math.Exp(x);

    /// <summary>Channels beyond the last, which are 1 until they are cleared; into an average and a sum; in front of a maximum.</summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:33 linear:17 exp linear:5 mse", "in:3x6x7 conv:20,k3,p1 exp conv:5,k3,p1 aavg:1 flatten linear:3 ce",
        "in:5x6x6 conv:6,k3 exp max:k2 flatten linear:3 mse", "in:9x5 exp sum:1 mse", "in:1x8x8 conv:6,k5 exp avg:k2 flatten linear:3 ce",
    ];

    /// <summary>Of bounded numbers: several exponentials in a row would leave nothing to compare.</summary>
    public static Gen<string>? Draw(Place place) => Gen.Constant("hardtanh:-4,2 exp");
}
