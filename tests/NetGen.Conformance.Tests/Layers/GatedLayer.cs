using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>down_proj(f(gate_proj(x)) · up_proj(x)), with SiLU or GELU, as the layers that it is.</summary>
internal sealed record GatedLayer(string Function, int Features, int Hidden, bool Bias) : ComposedLayer, ILayer
{
    public static IReadOnlyList<string> Kinds => ["swiglu", "geglu"];

    public override string Stem => Kind;

    public override string Kind => Kinds[Function == "silu" ? 0 : 1];

    public override IEnumerable<string> Options =>
        [AttributeWriter.Code(Features), AttributeWriter.Code(Hidden), Bias ? "bias" : "", Function == "gelutanh" ? "tanh" : ""];

    public static Layer Read(Word word, Shape input) => new GatedLayer(
        word.Kind == "swiglu" ? "silu" : word.Has("tanh") ? "gelutanh" : "gelu", word.Number(0), word.Number(1), word.Has("bias"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(Features);
        attribute.Argument(Hidden);
        attribute.Property("Bias", Bias, false);
        if (Function == "gelutanh")
            attribute.Property("Approximate", "\"tanh\"");
        return Function == "silu" ? "SwiGLU" : "GeGLU";
    }

    public override string Words
    {
        get
        {
            string bias = Bias ? "" : ",nobias";
            return FormattableString.Invariant($"linear@gate_proj:{Hidden}{bias} {Function}@act_fn from:input linear@up_proj:{Hidden}{bias} ")
                + FormattableString.Invariant($"mul:act_fn linear@down_proj:{Features}{bias}");
        }
    }

    public static int Frequency => 1;

    public static Gen<string>? Draw(Place place) => !place.Shape.IsVector ? null :
        from hidden in Place.Channels
        from kind in Gen.Elements(Kinds.ToArray())
        select FormattableString.Invariant($"{kind}:{place.Shape.Features},{hidden}");
}
