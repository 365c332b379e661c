using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record Softplus(float Beta, float Threshold) : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["softplus"];

    /// <summary>The words that random networks draw.</summary>
    public static IReadOnlyList<string> Drawn => ["softplus", "softplus:2,1"];

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<(string Name, float Value, float Usual)> Constants =>
        [("Beta", Beta, 1), ("Threshold", Threshold, 20)];

    protected override IReadOnlyList<double> Kinks => [Threshold / Beta];

    protected override double Bend(double x) => Math.Max(1, Math.Abs(Beta));

    public static Layer Read(Word word, Shape input) => new Softplus(word.Constant(0, 1), word.Constant(1, 20));

    public override double Value(double x) => Beta * x > Threshold ? x : SoftPlus(Beta * x) / Beta;

    public override double Derivative(double x) => Beta * x > Threshold ? 1 : 1 / (1 + Math.Exp(-Beta * x));

    /// <summary>The product βx is rounded before it is an exponent.</summary>
    protected override double Scale(double x, double y) => Math.Abs(y) * (1 + Math.Min(Math.Abs(Beta * x), 90) / 8);

    public static Gen<string>? Draw(Place place) => Gen.Elements<string>(Drawn);
}
