using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Generates networks of sequences, positions of features: layers that take each position by itself, recurrent ones and attention, in front
/// of and behind each other and layers that have channels in the lanes.
/// </summary>
internal static class RandomSequences
{
    /// <summary>What sequences are drawn for, of all kinds of layers.</summary>
    public static IReadOnlyList<string> Kinds =>
        ["attention", "mha", "enc", "dec", "rotary", "positions", "sinusoids", "rnn", "lstm", "gru", "attgru"];

    /// <summary>What needs a fixed length.</summary>
    private static readonly string[] s_fixed = ["transpose", "conv", "flatten", "mask"];

    public static Gen<Stack> Networks { get; } =
        (from tokens in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
         from positions in Gen.Choose(1, 40)
         from features in Features
         from length in Gen.Choose(1, 4)
         from body in Words(new Shape(positions, features), length)
         from isTied in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
         from end in End
         select Stack.Parse((tokens ? FormattableString.Invariant($"in:{positions},int emb@table:11,{features}")
             : FormattableString.Invariant($"in:{positions}x{features}"))
             + $" {body.Text}{(tokens && isTied ? Tied(body.Shape, features) : "")} {end}".TrimEnd()))
        .Where(stack => stack.Work <= 400_000);

    /// <summary>The same of samples that bring their lengths, with the layers that take such.</summary>
    public static Gen<Stack> Lengths { get; } =
        from stack in Networks
        where !s_fixed.Any(word => stack.Text.Contains(word, StringComparison.Ordinal))
        select Stack.Parse(WithLengths(stack.Text, stack.Input.Dimensions[0]));

    /// <summary>Scores of the rows of the table, by which the tokens went in.</summary>
    private static string Tied(Shape shape, int features)
        => (shape.Width == features ? "" : FormattableString.Invariant($" linear:{features}")) + " linear:11,nobias,&table";

    /// <summary>The samples bring lengths; a decoder's memory, which was half of the positions, is all of them.</summary>
    /// <param name="most">Positions, so many of which a table of positions has rows for.</param>
    private static string WithLengths(string text, int most)
    {
        string[] words = text.Split(' ');
        words[0] += ",upto";
        return string.Join(' ', words.Select(word => word == "positions" ? FormattableString.Invariant($"positions:{most}")
            : word.StartsWith("slice@m", StringComparison.Ordinal) ? "tanh@m" : word));
    }

    private static Gen<int> Features => Gen.Frequency((2, Gen.Elements(2, 8, 16, 24, 32, 48)), (1, Gen.Choose(1, 40)));

    private static Gen<(string Text, Shape Shape)> Words(Shape shape, int count) =>
        from first in Step(shape)
        from rest in count == 1 ? Gen.Constant((Text: "", first.Shape)) : Words(first.Shape, count - 1)
        select ((first.Text + " " + rest.Text).TrimEnd(), rest.Shape);

    private static Gen<(string Text, Shape Shape)> Step(Shape shape)
    {
        (int positions, int features) = (shape.Channels, shape.Width);
        Gen<(string Text, Shape Shape)> Same(Gen<string> words) => words.Select(words => (words, shape));
        Gen<(string Text, Shape Shape)> Of(Gen<int> sizes, Func<int, string> words, int times = 1) =>
            sizes.Select(size => (words(size), new Shape(positions, size * times)));
        return Gen.Frequency(
            (4, Of(Features, size => FormattableString.Invariant($"linear:{size}"))),
            (3, Same(Gen.Elements("relu", "gelu", "tanh", "silu", "softplus"))),
            (2, Same(Gen.Elements("layernorm", "rmsnorm").Select(kind => FormattableString.Invariant($"{kind}:{features},eps0.05")))),
            (1, Same(Gen.Constant("softmax:1"))),
            (2, Same(Gen.Elements("positions", "sinusoids"))),
            (2, Same(Heads(features).Select(heads => features / heads % 2 > 0 ? "tanh"
                : FormattableString.Invariant($"rotary:heads{heads}{(positions % 2 > 0 ? ",interleaved" : "")}")))),
            (4, Attention(positions, features).Select(text => (text, shape))),
            (3, Same(Transformer(positions, features))),
            (2, Of(Gen.Choose(1, 20), size => FormattableString.Invariant($"rnn:{size}"))),
            (2, Of(Gen.Choose(1, 20), size => FormattableString.Invariant($"lstm:{size}"))),
            (1, Of(Gen.Choose(1, 20), size => FormattableString.Invariant($"lstm:{size + positions % 3 * 8 + 1},bi,proj{size}"), times: 2)),
            (2, Of(Gen.Choose(1, 20), size => size % 3 == 0 ? WithMemory(positions, size)
                : FormattableString.Invariant($"gru:{size},bi"), times: 2)),
            (1, Gen.Constant(("transpose:1,2", new Shape(features, positions)))),
            (1, Gen.Choose(1, 20).Select(channels =>
                (FormattableString.Invariant($"conv:{channels},k3,p1"), new Shape(channels, features)))));
    }

    private static Gen<int> Heads(int features) => Gen.Elements(new[] { 1, 2, 3, 4 }.Where(heads => features % heads == 0).ToArray());

    /// <summary>A GRU that looks at the first half of the positions, with both kinds of scores.</summary>
    private static string WithMemory(int positions, int half)
    {
        string options = half % 2 == 0 ? ",dot" : half == 9 ? ",nobias" : FormattableString.Invariant($",size{half + 4}");
        return FormattableString.Invariant($"seq[ slice@m:1,0,{(positions + 1) / 2} linear@k:{2 * half} from:input ")
            + FormattableString.Invariant($"attgru:{2 * half},k{options} ]");
    }

    /// <summary>Layers that are declared by one attribute, over themselves and over another sequence of the same or of other features.</summary>
    private static Gen<string> Transformer(int positions, int features) =>
        from heads in Heads(features)
        from hidden in Gen.Choose(1, 40)
        from form in Gen.Elements("", ",prenorm", ",gelu", ",nobias,prenorm", ",deep3")
        from seen in Gen.Elements("", ",causal", ",causal,window5", ",alibi")
        from kind in Gen.Choose(0, 4)
        select FormattableString.Invariant(kind switch
        {
            0 => $"mha:{heads}{seen}",
            1 => (FormattableString)$"seq[ linear@m:{hidden} from:input mha:{heads},key=m{(form == ",nobias,prenorm" ? ",nobias" : "")} ]",
            2 => $"seq[ slice@m:1,0,{(positions + 1) / 2} from:input dec:{features},heads{heads},memory=m,ff{hidden},drop0{form} ]",
            _ => $"enc:{features},heads{heads},ff{hidden},drop0{form}{seen}",
        });

    /// <summary>A residual block with attention, whose heads fill blocks of features and do not; keys may be shared.</summary>
    private static Gen<string> Attention(int positions, int features) =>
        from heads in Gen.Elements(1, 2, 4)
        from shared in Gen.Elements(new[] { 1, 2, 4 }.Where(shared => heads % shared == 0).ToArray())
        from size in Gen.Elements(3, 8, 16, 20)
        from valueSize in Gen.Elements(5, 16)
        from options in Gen.Elements("", ",causal", ",scale0.25", ",causal,window1", ",causal,window7", ",alibi", ",causal,alibi")
        from mask in Gen.Frequency((3, Gen.Constant((Word: "", Option: ""))),
            (1, Gen.Constant((Word: FormattableString.Invariant($"linear@m:{positions} from:n "), Option: ",mask=m"))))
        select FormattableString.Invariant($"res[ layernorm@n:{features},eps0.05 {mask.Word}linear@q:{heads * size} from:n ")
            + FormattableString.Invariant($"linear@k:{shared * size} from:n linear:{shared * valueSize} ")
            + FormattableString.Invariant($"attention:q,k,heads{heads},kv{shared}{options}{mask.Option} linear:{features} ]");

    private static Gen<string> End => Gen.Elements(
        "mean:1 linear:3 ce", "select:1,-1 linear:3 ce", "maxof:1 linear:2 mse", "flatten linear:3 ce", "mse", "");
}
