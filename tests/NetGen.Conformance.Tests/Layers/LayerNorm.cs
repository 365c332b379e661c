using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary><c>LayerNorm</c>, or <c>RMSNorm</c> where <paramref name="IsRms"/> is true.</summary>
/// <param name="NormalizedShape">The trailing dimensions that share statistics; null for all of a sample.</param>
internal sealed record LayerNorm(bool IsRms, Shape? NormalizedShape, float Eps, bool Affine, bool Bias) : SampleNorm(Eps), ILayer
{
    public static IReadOnlyList<string> Kinds => ["layernorm", "rmsnorm"];

    public static int Frequency => 2;

    public override string Stem => Kind;

    public override string Kind => Kinds[IsRms ? 1 : 0];

    public override IEnumerable<string> Options =>
        [NormalizedShape?.Word ?? "", EpsOption, Affine ? "" : "plain", Bias || IsRms ? "" : "nobias"];

    protected override bool IsCentred => !IsRms;

    public static Layer Read(Word word, Shape input)
    {
        Shape? over = word.Options.Count > 0 && char.IsAsciiDigit(word.Options[0][0]) ? new Shape(Word.Numbers(word.Options[0])) : null;
        return word.Kind == "rmsnorm"
            ? new LayerNorm(true, over, EpsOf(word, 1.1920928955078125e-7), !word.Has("plain"), false)
            : new LayerNorm(false, over, EpsOf(word), !word.Has("plain"), !word.Has("nobias"));
    }

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (NormalizedShape is { } shape)
        {
            bool isNumber = shape.IsVector && !attribute.AsPairs;
            attribute.Argument(isNumber ? AttributeWriter.Code(shape.Features) : AttributeWriter.Code(shape.Dimensions));
        }
        DeclareEps(attribute);
        attribute.Property("ElementwiseAffine", Affine, true);
        if (!IsRms)
            attribute.Property("Bias", Bias, true);
        return IsRms ? "RMSNorm" : "LayerNorm";
    }

    public override IEnumerable<ParameterInfo> Tensors(Shape input)
    {
        if (!Affine)
            yield break;
        int[] shape = [.. (NormalizedShape ?? input).Dimensions];
        yield return ParameterInfo.Weight(shape.Skip(1).Aggregate(1, (a, b) => a * b), shape);
        if (Bias && !IsRms)
            yield return ParameterInfo.Bias(1, shape);
    }

    protected override int SetSize(Shape input) => (NormalizedShape ?? input).Size;

    protected override int WeightOf(Shape input, int element) => element % SetSize(input);

    public static Gen<string>? Draw(Place place)
    {
        // Enough eps that a set of equal values does not blow up its rounding.
        Shape x = place.Shape;
        string shape = x.Word, last = AttributeWriter.Code(x.Dimensions[x.Rank - 1]);
        return from kind in Gen.Elements("layernorm", "rmsnorm")
               from over in Gen.Elements(shape, last, x.Rank == 3 ? shape[(shape.IndexOf('x') + 1)..] : shape)
               from options in Gen.Elements("", ",plain", ",nobias")
               select $"{kind}:{over},eps0.05{options}";
    }
}
