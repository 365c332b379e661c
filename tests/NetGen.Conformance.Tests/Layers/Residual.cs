using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>What arrives, or what a shortcut makes of it, and what the block makes of it, added.</summary>
internal sealed record Residual : BlockLayer, ILayer
{
    public static IReadOnlyList<string> Kinds => ["res["];

    public static int Frequency => 4;

    public override string Stem => "residual";

    public override string Kind => Kinds[0];

    public override IReadOnlyList<string> ScopeNames => ["", "shortcut"];

    public override Operation Join => new Add([], null);

    public static Layer Read(Word word, Shape input) => new Residual();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "Residual";

    public override IReadOnlyList<Value> Joined(Value input, IReadOnlyList<Value> results) =>
        [results.Count > 1 ? results[1] : input, results[0]];

    public static Gen<string>? Draw(Place place) => place.Depth >= 2 ? null : DrawOver(place);

    /// <summary>Layers that keep the shape, or two that leave it and come back.</summary>
    public static Gen<string> DrawOver(Place place)
    {
        Shape x = place.Shape;
        Gen<string> activation = Gen.Elements("relu", "tanh", "gelu");
        if (x.IsVector)
        {
            return from inner in Place.Channels
                   from a in activation
                   from form in Gen.Choose(0, 3)
                   from nested in place.Deepest.Word
                   let same = place.Deepest.After(nested) == x ? nested + " " : ""
                   select FormattableString.Invariant(form switch
                   {
                       0 => $"res[ {a} ]",
                       1 => (FormattableString)$"res[ {same}linear:{x.Features} ]",
                       2 => $"res[ linear:{inner} {a} linear:{x.Features} ]",
                       _ => $"res[ linear:{x.Features} {a} res[ linear:{x.Features} ] ]",
                   });
        }
        if (x.IsSequence)
        {
            return from kind in Gen.Elements("max", "avg")
                   from a in activation
                   select $"res[ {kind}:k3,s1,p1 {a} ]";
        }
        return from inner in Place.Channels
               from a in activation
               from form in Gen.Choose(0, 6)
               from stride in Gen.Choose(1, 2)
               select DrawnOverImage(x, inner, a, form, stride);
    }

    private static string DrawnOverImage(Shape x, int inner, string a, int form, int stride) => FormattableString.Invariant(form switch
    {
        5 => $"res[ conv:{inner},k3,s{stride},p1,nobias bn {a} conv:{inner},k3,p1,nobias bn | conv:{inner},k1,s{stride},nobias bn ] {a}",
        6 => $"res[ conv:{inner},k3,p1 | seq[ {a} conv:{inner},k1 ] ]",
        0 => $"res[ conv:{x.Channels},k3,p1 ]",
        1 => (FormattableString)$"res[ conv:{inner},k3,p1 {a} conv:{x.Channels},k3,p1 ]",
        2 => $"res[ conv:{inner},k1 {a} conv:{x.Channels},k1,nobias ] {a}",
        3 => $"res[ max:k3,s1,p1 {a} ]",
        _ => $"res[ conv:{x.Channels},k3x1,p1x0 {a} res[ conv:{x.Channels},k1x3,p0x1 ] ]",
    });
}
