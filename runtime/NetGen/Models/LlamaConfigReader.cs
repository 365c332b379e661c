using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace NetGen;

/// <summary>Reads <see cref="LlamaConfig"/> from its file.</summary>
internal sealed class LlamaConfigReader
{
    // A configuration has some thirty lines; one of very many labels has thousands.
    private const int MaxLength = 1 << 24;

    private readonly string _path;
    private readonly JsonElement _root;

    private LlamaConfigReader(string path, JsonElement root)
    {
        _path = path;
        _root = root;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaConfigException">It is no configuration of a LLaMA.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LlamaConfig Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadAll(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new LlamaConfigReader(path, document.RootElement).Read()
                : throw new LlamaConfigException(path, $"expected an object, found {Describe(document.RootElement)}.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new LlamaConfigException(path, $"no valid JSON: {FileText.Shorten(exception.Message)}", exception);
        }
    }

    private static byte[] ReadAll(string path)
    {
        using SafeFileHandle file = FileAccessor.OpenHandle(path, out long length);
        if (length > MaxLength)
            throw new LlamaConfigException(path, $"the file has {length} bytes, above the limit of {MaxLength}; this is no configuration.");
        var bytes = new byte[length];
        int done = FileAccessor.Fill(file, bytes, 0);
        return done == bytes.Length ? bytes
            : throw new LlamaConfigException(path, $"the file ends at byte {done}, {bytes.Length - done} bytes too early.");
    }

    private LlamaConfig Read()
    {
        if (Text(_root, "model_type") is { } type && type != "llama")
            throw Wrong("model_type", $"expected 'llama', found {FileText.Quote(type)}");
        int hidden = Required("hidden_size"), heads = Required("num_attention_heads");
        int keyValueHeads = Size(_root, "num_key_value_heads") ?? heads;
        int? headDim = Size(_root, "head_dim");
        if (headDim is null && hidden % heads != 0)
            throw Wrong("hidden_size", $"its {Number(hidden)} features are not divided by {Number(heads)} heads, "
                + "and there is no 'head_dim'");
        if (heads % keyValueHeads != 0)
            throw Wrong("num_key_value_heads", $"its {Number(keyValueHeads)} heads do not divide the {Number(heads)} of the queries");
        (double theta, LlamaRopeScaling? scaling) = Rotary();
        Dictionary<int, string> labels = Labels();
        return new LlamaConfig
        {
            Path = _path,
            Architectures = Architectures(),
            VocabSize = Required("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Required("intermediate_size"),
            NumHiddenLayers = Required("num_hidden_layers"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = keyValueHeads,
            HeadDim = headDim ?? hidden / heads,
            RmsNormEps = Real(_root, "rms_norm_eps") ?? 1e-6,
            RopeTheta = theta,
            RopeScaling = scaling,
            MaxPositionEmbeddings = Size(_root, "max_position_embeddings") ?? 2048,
            HiddenAct = Text(_root, "hidden_act") ?? "silu",
            AttentionBias = Flag("attention_bias"),
            MlpBias = Flag("mlp_bias"),
            TieWordEmbeddings = Flag("tie_word_embeddings"),
            Labels = labels,
            NumLabels = Size(_root, "num_labels") ?? (labels.Count > 0 ? labels.Count : null),
            PadTokenId = Whole(_root, "pad_token_id") is >= 0 and var pad ? pad : null,
            BosTokenId = Whole(_root, "bos_token_id"),
            EosTokenIds = Ends(),
        };
    }

    /// <summary>Base and scaling, side by side or, as later files have them, in an object <c>rope_parameters</c>.</summary>
    private (double Theta, LlamaRopeScaling? Scaling) Rotary()
    {
        JsonElement? parameters = Find(_root, "rope_parameters");
        string name = parameters is null ? "rope_scaling" : "rope_parameters";
        double theta = Real(_root, "rope_theta") ?? 10000;
        if ((parameters ?? Find(_root, name)) is not { } scaling)
            return (theta, null);
        if (scaling.ValueKind != JsonValueKind.Object)
            throw Wrong(name, $"expected an object or null, found {Describe(scaling)}");
        theta = Real(scaling, "rope_theta") ?? theta;
        string type = Text(scaling, "rope_type") ?? Text(scaling, "type") ?? "default";
        return type switch
        {
            "default" => (theta, null),
            "llama3" => (theta, new LlamaRopeScaling(
                RequiredReal("factor"), RequiredReal("low_freq_factor"), RequiredReal("high_freq_factor"),
                Size(scaling, "original_max_position_embeddings") ?? throw Missing("original_max_position_embeddings"))),
            _ => throw Wrong(name, $"its 'rope_type' is {FileText.Quote(type)}; expected 'llama3' or 'default', which Rotary has"),
        };

        double RequiredReal(string field) => Real(scaling, field) ?? throw Missing(field);

        LlamaConfigException Missing(string field) => Wrong(name, $"it has no '{field}', which the type 'llama3' needs");
    }

    private string[] Architectures()
    {
        if (Find(_root, "architectures") is not { } names)
            return [];
        return names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : throw Wrong("architectures", $"expected an array of strings, found {Describe(names)}");
    }

    private Dictionary<int, string> Labels()
    {
        var labels = new Dictionary<int, string>();
        if (Find(_root, "id2label") is not { } names)
            return labels;
        if (names.ValueKind != JsonValueKind.Object)
            throw Wrong("id2label", $"expected an object, found {Describe(names)}");
        foreach (JsonProperty label in names.EnumerateObject())
        {
            if (!int.TryParse(label.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || label.Value.ValueKind != JsonValueKind.String || !labels.TryAdd(number, label.Value.GetString()!))
                throw Wrong("id2label", $"{FileText.Quote(label.Name)}: expected a number of its own with a name, "
                    + $"found {Describe(label.Value)}");
        }
        return labels;
    }

    private int[] Ends()
    {
        if (Find(_root, "eos_token_id") is not { ValueKind: JsonValueKind.Array } ends)
            return Whole(_root, "eos_token_id") is int one ? [one] : [];
        return [.. ends.EnumerateArray().Select(end => end.ValueKind == JsonValueKind.Number && end.TryGetInt32(out int token)
            ? token : throw Wrong("eos_token_id", $"expected whole numbers, found {Describe(end)}"))];
    }

    private int Required(string field) => Size(_root, field) ?? throw Wrong(field, "it is missing; expected a whole number of 1 or more");

    private int? Size(JsonElement parent, string field) => Whole(parent, field) switch
    {
        null => null,
        >= 1 and var size => size,
        var size => throw Wrong(field, $"expected a whole number of 1 or more, found {Number(size.Value)}"),
    };

    private int? Whole(JsonElement parent, string field)
    {
        if (Find(parent, field) is not { } value)
            return null;
        // Written as 8192.0 by some.
        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number == (int)number
            ? (int)number : throw Wrong(field, $"expected a whole number, found {Describe(value)}");
    }

    private double? Real(JsonElement parent, string field)
    {
        if (Find(parent, field) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < double.PositiveInfinity and var number
            ? number : throw Wrong(field, $"expected a number above 0, found {Describe(value)}");
    }

    private string? Text(JsonElement parent, string field)
    {
        if (Find(parent, field) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString()
            : throw Wrong(field, $"expected a string, found {Describe(value)}");
    }

    private bool Flag(string field)
    {
        if (Find(_root, field) is not { } value)
            return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : throw Wrong(field, $"expected true or false, found {Describe(value)}");
    }

    private static JsonElement? Find(JsonElement parent, string field)
        => parent.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private LlamaConfigException Wrong(string field, string problem) => new(_path, $"'{field}': {problem}.");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Describe(JsonElement value) => FileText.Shorten(value.GetRawText());
}
