using NetGen.Generator.Diagnostics;
using NetGen.Generator.Reading;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>
/// Layers of PyTorch's and of published models that are layers one after the other under the names that these have there: what is declared
/// in one attribute is read as the block that could have been written instead, and everything behind knows the block only.
/// </summary>
internal static class ComposedLayers
{
    private const string Input = "input";

    public static IReadOnlyList<string> AttributeNames { get; } =
    [
        "NetGen.TransformerEncoderLayerAttribute", "NetGen.TransformerDecoderLayerAttribute", "NetGen.SwiGLUAttribute",
        "NetGen.GeGLUAttribute",
    ];

    /// <summary>
    /// What the arguments of the layers inside are called in the attribute: problems are found at the latter.
    /// </summary>
    public static IReadOnlyList<(string Inside, string Outside)> ArgumentsOf(LayerSpec inner) => inner switch
    {
        MultiheadAttentionSpec => [("embedDim", "dModel"), ("key", "memory")],
        LayerNormSpec => [("normalizedShape", "dModel"), ("eps", "layerNormEps")],
        DropoutSpec => [("p", "dropout")],
        ArithmeticSpec => [("number", "deepNorm")],
        LinearSpec { Name: "linear1" } => [("outFeatures", "feedForward")],
        LinearSpec { Name: "linear2" } => [("outFeatures", "dModel")],
        LinearSpec { Name: "down_proj" } => [("outFeatures", "features")],
        LinearSpec => [("outFeatures", "hidden"), ("inFeatures", "features")],
        _ => [],
    };

    /// <summary>Whether an attribute is one of these layers; the block that it stands for then.</summary>
    public static ScopeSpec? Read(LayerArguments arguments) => arguments.TypeName switch
    {
        "TransformerEncoderLayer" => new ScopeSpec("", arguments.TypeName, TransformerLayer(arguments, isDecoder: false)),
        "TransformerDecoderLayer" => new ScopeSpec("", arguments.TypeName, TransformerLayer(arguments, isDecoder: true)),
        "SwiGLU" => new ScopeSpec("", arguments.TypeName, GatedLayer(arguments, "silu", new SiLUActivation())),
        "GeGLU" => new ScopeSpec("", arguments.TypeName, GatedLayer(arguments, "gelu",
            arguments.Choice("approximate", "none", "tanh") == "tanh" ? Activation.GELUTanh : Activation.GELU)),
        _ => null,
    };

    private static EquatableArray<LayerSpec> TransformerLayer(LayerArguments arguments, bool isDecoder)
    {
        int features = arguments.Int("dModel"), heads = arguments.Int("heads"), hidden = arguments.OptionalInt("feedForward") ?? 2048;
        float dropout = (float)arguments.Double("dropout", 0.1), eps = (float)arguments.Double("layerNormEps", 1e-5);
        bool normFirst = arguments.Bool("normFirst", false), bias = arguments.Bool("bias", true);
        Activation activation = arguments.Choice("activation", "relu", "gelu") == "relu" ? Activation.ReLU : Activation.GELU;
        var residuals = new Residuals(normFirst, dropout, Depth(arguments, normFirst), isDecoder, size => Norm(size));
        AttentionOptions options = new(arguments.Bool("causal", isDecoder), arguments.OptionalInt("window"), arguments.Bool("alibi", false),
            Outer(arguments, "mask", null), dropout);

        residuals.Append(Attention("self_attn", null, options));
        if (isDecoder)
        {
            string memory = Outer(arguments, "memory", "none is named: write Memory = \"…\"") ?? "";
            residuals.Append(Attention("multihead_attn", memory, new AttentionOptions(false, null, false, null, dropout)));
        }
        residuals.Append(
        [
            new LinearSpec("linear1", null, hidden, bias) { Gain = residuals.Gain }, new ActivationSpec("activation", activation),
            .. Drop("dropout", dropout), new LinearSpec("linear2", null, features, bias) { Gain = residuals.Gain },
        ]);
        return residuals.Layers.ToEquatableArray();

        LayerSpec Norm(string name)
            => new LayerNormSpec(name, IsRms: false, new[] { features }.ToEquatableArray(), eps, Affine: true, bias);

        LayerSpec[] Attention(string name, string? memory, AttentionOptions own) =>
            [new MultiheadAttentionSpec(name, features, heads, bias, memory, null, null, null, own) { Gain = residuals.Gain }];
    }

    private static IEnumerable<LayerSpec> Drop(string name, float probability)
        => probability == 0 ? [] : [new DropoutSpec(name, probability, Channelwise: false)];

    /// <summary>The layers whose depth DeepNorm goes by; null where it is not asked for.</summary>
    private static int? Depth(LayerArguments arguments, bool normFirst)
    {
        if (arguments.OptionalInt("deepNorm") is not int depth)
            return null;
        if (depth < 1)
        {
            arguments.Report(
                DiagnosticDescriptors.SizeBelowOne, "deepNorm", arguments.TypeName, "number of layers", MessageText.Number(depth));
        }
        else if (normFirst)
        {
            arguments.Report(DiagnosticDescriptors.ConstantOutOfRange, "deepNorm", arguments.TypeName, "deepNorm",
                "left out where NormFirst is set: it scales what is normalised behind the addition", MessageText.Number(depth));
        }
        return Math.Max(1, depth);
    }

    /// <summary>The name of a value outside of the layer; NG1113 where a layer inside is called so.</summary>
    /// <param name="missing">What is said where none is named; null where that may be.</param>
    private static string? Outer(LayerArguments arguments, string argument, string? missing)
    {
        string? name = arguments.OptionalValueName(argument, SecondInput.Form);
        string? reason = name is null ? missing : Inside.Contains(name)
            ? $"'{name}' means a value inside of it: give that one another name, or put an Identity with another behind it" : null;
        if (reason is not null)
            arguments.Report(DiagnosticDescriptors.MemoryMissing, argument, arguments.TypeName, reason);
        return name;
    }

    /// <summary>Names in front of the attentions inside.</summary>
    private static readonly HashSet<string> Inside = new(StringComparer.Ordinal)
    {
        Input, "self_attn", "dropout1", "scaled1", "add1", "norm1", "norm2",
    };

    private static EquatableArray<LayerSpec> GatedLayer(LayerArguments arguments, string name, Activation activation)
    {
        int features = arguments.Int("features"), hidden = arguments.Int("hidden");
        bool bias = arguments.Bool("bias", false);
        return new LayerSpec[]
        {
            new LinearSpec("gate_proj", features, hidden, bias), new ActivationSpec("act_fn", activation), new FromSpec("from1", Input),
            new LinearSpec("up_proj", null, hidden, bias),
            new ArithmeticSpec("mul1", BinaryFunction.Mul, new[] { "act_fn" }.ToEquatableArray(), null),
            new LinearSpec("down_proj", null, features, bias),
        }.ToEquatableArray();
    }

    /// <summary>Parts one behind the other, each with its input added to what it gives, and a normalisation in front or behind.</summary>
    private sealed class Residuals(bool normFirst, float dropout, int? depth, bool isDecoder, Func<string, LayerSpec> norm)
    {
        private int _number;

        /// <summary>Where the part in hand begins.</summary>
        private string _value = Input;

        public List<LayerSpec> Layers { get; } = [];

        /// <summary>
        /// DeepNorm's factor of what is added (Wang et al.: DeepNet: scaling Transformers to 1,000 layers; 2022): (2N)^¼ of N encoder
        /// layers, (3M)^¼ of M decoder layers; null for none.
        /// </summary>
        private double? Factor => depth is int layers ? Math.Pow((isDecoder ? 3.0 : 2.0) * layers, 0.25) : null;

        /// <summary>What the start of the weights is multiplied by: (8N)^(−¼), (12M)^(−¼).</summary>
        public float Gain => depth is int layers ? (float)Math.Pow((isDecoder ? 12.0 : 8.0) * layers, -0.25) : 1;

        public void Append(IReadOnlyList<LayerSpec> part)
        {
            string number = Invariant.Text(++_number);
            if (normFirst)
                Layers.Add(norm("norm" + number));
            Layers.AddRange(part);
            Layers.AddRange(Drop("dropout" + number, dropout));
            string added = _value;
            if (Factor is double factor)
            {
                added = Layers[Layers.Count - 1].Name;
                Layers.Add(new FromSpec("from" + number, _value));
                Layers.Add(new ArithmeticSpec("scaled" + number, BinaryFunction.Mul, EquatableArray<string>.Empty, factor));
            }
            Layers.Add(new ArithmeticSpec("add" + number, BinaryFunction.Add, new[] { added }.ToEquatableArray(), null));
            if (!normFirst)
                Layers.Add(norm("norm" + number));
            _value = Layers[Layers.Count - 1].Name;
        }
    }
}
