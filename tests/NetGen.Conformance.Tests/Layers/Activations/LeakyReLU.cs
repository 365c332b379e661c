using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record LeakyReLU(float NegativeSlope) : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["leakyrelu"];

    /// <summary>The words that random networks draw.</summary>
    public static IReadOnlyList<string> Drawn => ["leakyrelu", "leakyrelu:0.25"];

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<(string Name, float Value, float Usual)> Constants => [("NegativeSlope", NegativeSlope, 0.01f)];

    protected override IReadOnlyList<double> Kinks => [0];

    protected override double Bend(double x) => 0;

    public static Layer Read(Word word, Shape input) => new LeakyReLU(word.Constant(0, 0.01f));

    public override double Value(double x) => x > 0 ? x : NegativeSlope * x;

    public override double Derivative(double x) => x > 0 ? 1 : NegativeSlope;

    public static Gen<string>? Draw(Place place) => Gen.Elements<string>(Drawn);
}
