using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A network as a layer of another: a block whose class is a network too.</summary>
internal sealed record Part : BlockLayer, ILayer
{
    public static IReadOnlyList<string> Kinds => ["part["];

    public static int Frequency => 8;

    public override string Stem => "part";

    public override string Kind => Kinds[0];

    public static Layer Read(Word word, Shape input) => new Part();

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs) => "Part";

    /// <summary>By itself it knows nothing of the values around it.</summary>
    public static Gen<string>? Draw(Place place) => place.Depth > 0 ? null :
        from length in Gen.Choose(1, 3)
        from words in (place.Inside with { Named = [(Input.DefaultName, place.Shape)] }).Words(length)
        select $"part[ {words} ]";

    /// <summary>
    /// What arrives and what leaves has the layout that it has at the borders of a network: images that convolutions read in the caller's order, or
    /// with sample lanes beside channel lanes; flattened ones whose order linear layers would choose; statistics, counters and what rests among
    /// what is learned.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in:9 part[ linear:17 relu ] part[ linear:5 ] ce", "in:3x8x8 part[ conv:16,k3,p1 relu ] part[ conv:17,k3 relu flatten linear:4 ] ce",
        "in:3x8x8 conv:16,k3,p1 relu part[ conv:16,k3,p1 bn relu flatten ] linear:7 tanh part[ linear:5 bn ] mse",
        "in:12 linear:32 part[ unflatten:1,2x4x4 convt:3,k4,s2,p1 bn relu convt:1,k4,s2,p1 tanh ] part[ conv:16,k4,s2,p1 relu conv:32,k3,p1 bn relu flatten linear:1 ] bcelogits",
        "in:12 part[ linear:32 bn relu unflatten:1,2x4x4 convt:1,k4,s2,p1 tanh ] part[:frozen conv:16,k4,s2,p1 bn relu flatten linear:1 ] bcelogits",
        "in:16x5x5 part[ conv:16,k3,p1,frozen bn relu ] conv:5,k3 part[:frozen flatten linear:6,frozen tanh linear:3 bn ] mse",
        // Views of what is around: halos, padding to be cleared, a part that does nothing, the same value twice.
        "in:5x6x6 part[ sigmoid ] conv:5,k3,p1 part[ identity ] part[ relu conv:3,k3,p1 ] mse", "in:5x4 part[ reshape:10x2 ] part[ flatten linear:3 ] mse",
        "in:20x6x6 conv:20,k3,p1 relu@r part[ max:k2 up:2 ] add:r part[ conv:20,k3,p1 add:input ] flatten linear:3 ce",
        // Read by name, given to the caller, shared, in parts of parts.
        "in@a:3x6x6 part[@t conv:16,k3,p1 bn relu flatten linear:8 ] in@b:3x6x6 part[@u:&t conv:16,k3,p1 bn relu flatten linear:8 ] mul:t linear:3 ce",
        "in@x:9 part[@e linear:8 tanh ] out:code part[@d linear:9 sigmoid ] out:again mse:of=again l1:of=code,factor=0.1",
        "in:9 part[ linear:8 part[ linear:9 bn relu ] linear:4,frozen part[:frozen linear:6 prelu:6 ] linear:3 ] part[ linear:2 ] mse",
    ];
}
