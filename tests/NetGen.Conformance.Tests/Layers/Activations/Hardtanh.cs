using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers.Activations;

/// <summary><c>Hardtanh</c>, and <c>ReLU6</c>, which is one with its bounds fixed.</summary>
internal sealed record Hardtanh(float Lowest, float Highest, bool IsReLU6) : Activation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["hardtanh", "relu6"];

    /// <summary>The words that random networks draw.</summary>
    public static IReadOnlyList<string> Drawn => ["relu6", "hardtanh", "hardtanh:-0.5,2"];

    public override string Kind => Kinds[IsReLU6 ? 1 : 0];

    protected override string AttributeName => IsReLU6 ? "ReLU6" : "Hardtanh";

    protected override IReadOnlyList<(string Name, float Value, float Usual)> Constants =>
        IsReLU6 ? [] : [("MinVal", Lowest, -1), ("MaxVal", Highest, 1)];

    protected override IReadOnlyList<double> Kinks => [Lowest, Highest];

    protected override double Bend(double x) => 0;

    public static Layer Read(Word word, Shape input) =>
        word.Kind == "relu6" ? new Hardtanh(0, 6, true) : new Hardtanh(word.Constant(0, -1), word.Constant(1, 1), false);

    public override double Value(double x) => Clamp(x, Lowest, Highest);

    /// <summary>As in PyTorch, zero at the bounds themselves; at NaN the gradient goes on.</summary>
    public override double Derivative(double x) => x <= Lowest || x >= Highest ? 0 : 1;

    protected override double Scale(double x, double y) => 0;

    public static Gen<string>? Draw(Place place) => Gen.Elements<string>(Drawn);
}
