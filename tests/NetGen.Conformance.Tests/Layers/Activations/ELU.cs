using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

internal sealed record ELU(float Alpha) : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["elu"];

    /// <summary>The words that random networks draw.</summary>
    public static IReadOnlyList<string> Drawn => ["elu", "elu:0.5"];

    public override string Kind => Kinds[0];

    protected override IReadOnlyList<(string Name, float Value, float Usual)> Constants => [("Alpha", Alpha, 1)];

    protected override IReadOnlyList<double> Kinks => [0];

    protected override double Bend(double x) => Math.Max(1, Math.Abs(Alpha));

    public static Layer Read(Word word, Shape input) => new ELU(word.Constant(0, 1));

    public override double Value(double x) => x > 0 ? x : Alpha * ExponentialMinusOne(x);

    public override double Derivative(double x) => x > 0 ? 1 : Alpha * Math.Exp(x);

    public static Gen<string>? Draw(Place place) => Gen.Elements<string>(Drawn);
}
