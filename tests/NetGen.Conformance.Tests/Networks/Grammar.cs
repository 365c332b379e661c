using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Layers.Activations;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>How random networks choose among the words that the layers draw of themselves.</summary>
internal abstract class Grammar
{
    /// <summary>A function for every element.</summary>
    public virtual Gen<string> Activation { get; } = Gen.Frequency(
        (3, Gen.Constant("relu")),
        (2, Gen.Elements("sigmoid", "tanh", "gelu", "gelutanh")),
        (2, Gen.Elements<string>([.. LeakyReLU.Drawn, .. ELU.Drawn, "selu", "silu", "mish", "hardswish", "hardsigmoid", .. Hardtanh.Drawn,
            .. Softplus.Drawn])));

    /// <summary>One word, or a few that belong together.</summary>
    public abstract Gen<string> Word(Place place);

    /// <summary>So many times a word, one behind the other; a block counts as one.</summary>
    public virtual Gen<string> Words(Place place, int length) => length == 0
        ? Gen.Constant("")
        : from first in Word(place)
          from rest in Words(place with { Shape = place.After(first) }, length - 1)
          select rest == "" ? first : first + " " + rest;

    /// <summary>The loss behind the last layer, with a space in front; empty for none.</summary>
    public abstract Gen<string> Loss(Shape output);

    /// <summary>The losses that take any number as output.</summary>
    protected static Gen<string> AnyLoss(params IReadOnlyList<string> words) =>
        from kind in Gen.Elements<string>(words)
        from sum in Gen.Elements(false, true)
        select " " + kind + (!sum ? "" : kind.Contains(':') ? ",sum" : ":sum");
}
