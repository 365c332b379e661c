using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary><c>InstanceNorm1d</c> and <c>InstanceNorm2d</c>.</summary>
/// <param name="TracksStatistics">Not drawn, and not known to the interpreter.</param>
internal sealed record InstanceNorm(int Dimensions, float Eps, bool Affine, bool TracksStatistics) : SampleNorm(Eps), ILayer
{
    public static IReadOnlyList<string> Kinds => ["instancenorm"];

    public static int Frequency => 2;

    public override string Stem => "instancenorm";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [EpsOption, Affine ? "affine" : ""];

    public static Layer Read(Word word, Shape input) => new InstanceNorm(input.Rank - 1, EpsOf(word), word.Has("affine"), false);

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Channels);
        DeclareEps(attribute);
        attribute.Property("Affine", Affine, false);
        return FormattableString.Invariant($"InstanceNorm{Dimensions}d");
    }

    public override IEnumerable<ParameterInfo> Tensors(Shape input) =>
        Affine ? [ParameterInfo.Weight(1, input.Channels), ParameterInfo.Bias(1, input.Channels)] : [];

    protected override int SetSize(Shape input) => input.Plane;

    protected override int WeightOf(Shape input, int element) => element / input.Plane;

    /// <summary>Only where a channel has more than one element.</summary>
    public static Gen<string>? Draw(Place place) => place.Shape.IsVector || place.Shape.Plane == 1
        ? null
        : Gen.Elements("instancenorm:eps0.05", "instancenorm:affine,eps0.05");
}
