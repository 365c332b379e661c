using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

internal sealed record GroupNorm(int Groups, float Eps, bool Affine) : SampleNorm(Eps), ILayer
{
    public static IReadOnlyList<string> Kinds => ["groupnorm"];

    public static int Frequency => 2;

    public override string Stem => "groupnorm";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options => [AttributeWriter.Code(Groups), EpsOption, Affine ? "" : "plain"];

    public static Layer Read(Word word, Shape input) => new GroupNorm(word.Number(0), EpsOf(word), !word.Has("plain"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Groups);
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Channels);
        DeclareEps(attribute);
        attribute.Property("Affine", Affine, true);
        return "GroupNorm";
    }

    public override IEnumerable<ParameterInfo> Tensors(Shape input) =>
        Affine ? [ParameterInfo.Weight(1, input.Channels), ParameterInfo.Bias(1, input.Channels)] : [];

    protected override int SetSize(Shape input) => input.Channels / Groups * input.Plane;

    protected override int WeightOf(Shape input, int element) => element / input.Plane;

    public static Gen<string>? Draw(Place place) =>
        from groups in Windows.DrawDivisor(place.Shape.Channels)
        from options in Gen.Elements("", ",plain")
        select FormattableString.Invariant($"groupnorm:{groups},eps0.05{options}");
}
