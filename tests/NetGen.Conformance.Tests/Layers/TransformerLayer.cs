using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>PyTorch's TransformerEncoderLayer, and TransformerDecoderLayer where there is a memory, as the layers that they are.</summary>
/// <param name="DeepNorm">Layers that DeepNorm goes by; null where there is none.</param>
internal sealed record TransformerLayer(int DModel, int Heads, string? Memory, int FeedForward, float Dropout, bool GELU, bool NormFirst,
    string? Eps, bool Bias, bool Causal, string Attention, int? DeepNorm) : ComposedLayer, ILayer
{
    public static IReadOnlyList<string> Kinds => ["enc", "dec"];

    public override string Stem => Memory is null ? "transformerencoderlayer" : "transformerdecoderlayer";

    public override string Kind => Kinds[Memory is null ? 0 : 1];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(DModel), FormattableString.Invariant($"heads{Heads}"), Memory is null ? "" : "memory=" + Memory,
        FormattableString.Invariant($"ff{FeedForward}"), Dropout == 0.1f ? "" : "drop" + AttributeWriter.Code(Dropout), GELU ? "gelu" : "",
        NormFirst ? "prenorm" : "", Eps is null ? "" : "eps" + Eps, Bias ? "" : "nobias",
        Causal == Memory is not null ? "" : Causal ? "causal" : "all", .. Attention.Split(','),
        DeepNorm is null ? "" : FormattableString.Invariant($"deep{DeepNorm}"),
    ];

    public static Layer Read(Word word, Shape input) => new TransformerLayer(word.Number(0), (int)word.Real("heads")!, word.After("memory="),
        (int)word.Real("ff")!, (float)(word.Real("drop") ?? 0.1), word.Has("gelu"), word.Has("prenorm"), word.After("eps"),
        !word.Has("nobias"), word.Kind == "dec" ? !word.Has("all") : word.Has("causal"),
        string.Join(',', word.Options.Where(option => option == "alibi" || option.StartsWith("window", StringComparison.Ordinal))),
        (int?)word.Real("deep"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        attribute.Argument(DModel);
        attribute.Argument(Heads);
        if (Memory is not null)
            attribute.Property("Memory", $"\"{Memory}\"");
        attribute.Property("FeedForward", FeedForward, 2048);
        attribute.Property("Dropout", AttributeWriter.Code((double)Dropout), Dropout, 0.1f);
        if (GELU)
            attribute.Property("Activation", "\"gelu\"");
        attribute.Property("NormFirst", NormFirst, false);
        if (Eps is not null)
            attribute.Property("LayerNormEps", Eps);
        attribute.Property("Bias", Bias, true);
        attribute.Property("Causal", Causal, Memory is not null);
        foreach (string option in Attention.Split(',', StringSplitOptions.RemoveEmptyEntries))
            attribute.Property(option == "alibi" ? "Alibi" : "Window", option == "alibi" ? "true" : option["window".Length..]);
        if (DeepNorm is { } depth)
            attribute.Property("DeepNorm", AttributeWriter.Code(depth));
        return Memory is null ? "TransformerEncoderLayer" : "TransformerDecoderLayer";
    }

    private string Drop => Dropout == 0 ? "" : ",drop" + AttributeWriter.Code(Dropout);

    private string NoBias => Bias ? "" : ",nobias";

    public override string Words
    {
        get
        {
            string causal = Causal ? ",causal" : "", more = Attention.Length == 0 ? "" : "," + Attention, activation = GELU ? "gelu" : "relu";
            List<string> words = [];
            string value = Parts(words, 1, "input", FormattableString.Invariant($"mha@self_attn:{Heads}{NoBias}{causal}{more}{Drop}"));
            int last = Memory is null ? 2 : 3;
            if (Memory is not null)
                value = Parts(words, 2, value, FormattableString.Invariant($"mha@multihead_attn:{Heads},key={Memory}{NoBias}{Drop}"));
            Parts(words, last, value, FormattableString.Invariant($"linear@linear1:{FeedForward}{NoBias}"), activation + "@activation",
                Dropout == 0 ? "" : "drop@dropout:" + AttributeWriter.Code(Dropout),
                FormattableString.Invariant($"linear@linear2:{DModel}{NoBias}"));
            return string.Join(' ', words.Where(word => word.Length > 0));
        }
    }

    /// <returns>The name of what the part gives.</returns>
    private string Parts(List<string> words, int number, string value, params string[] part)
    {
        string norm = FormattableString.Invariant($"layernorm@norm{number}:{DModel}{(Eps is null ? "" : ",eps" + Eps)}{NoBias}");
        string drop = Dropout == 0 ? "" : FormattableString.Invariant($"drop@dropout{number}:{Dropout}");
        words.AddRange([NormFirst ? norm : "", .. part, drop]);
        string added = value;
        if (DeepNorm is { } depth)
        {
            double factor = Math.Pow((Memory is null ? 2.0 : 3.0) * depth, 0.25);
            added = Word.Parse(words.Last(word => word.Length > 0)).Name!;
            words.Add(FormattableString.Invariant($"from@from{number}:{value} mulc@scaled{number}:{factor:R}"));
        }
        words.AddRange([FormattableString.Invariant($"add@add{number}:{added}"), NormFirst ? "" : norm]);
        return NormFirst ? FormattableString.Invariant($"add{number}") : FormattableString.Invariant($"norm{number}");
    }

    public static int Frequency => 1;

    /// <summary>Drawn with the other layers of sequences.</summary>
    public static Gen<string>? Draw(Place place) => null;
}
