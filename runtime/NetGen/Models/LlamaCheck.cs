using System.Globalization;

namespace NetGen;

/// <summary>Compares a configuration with what a network was declared with.</summary>
internal sealed class LlamaCheck
{
    // Of RMSNorm and Rotary where the declaration says none.
    private const float UsualEps = 1.1920929e-7f;
    private const double UsualBase = 10000;

    private const string Table = "embed_tokens.weight";

    private readonly LlamaConfig _config;
    private readonly INetwork _network;
    private readonly IReadOnlyList<NetworkGraphNode> _nodes;
    private readonly Dictionary<string, Parameter> _parameters;
    private readonly List<LlamaConfigMismatch> _mismatches = [];

    /// <summary>In front of the names: <c>model.</c>, or nothing in a network that is the model alone.</summary>
    private readonly string _prefix;

    public LlamaCheck(LlamaConfig config, INetwork network)
    {
        _config = config;
        _network = network;
        _nodes = network.Graph.Nodes;
        _parameters = network.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        string table = _parameters.Keys.FirstOrDefault(name => name == Table || name.EndsWith("." + Table, StringComparison.Ordinal))
            ?? LlamaNames.Embedding;
        _prefix = table[..^Table.Length];
    }

    /// <exception cref="LlamaConfigException">Something disagrees.</exception>
    public void Run()
    {
        CheckSize("vocab_size", _config.VocabSize, _prefix + Table, 0);
        CheckSize("hidden_size", _config.HiddenSize, _prefix + Table, 1);
        int layers = CountLayers();
        Compare("num_hidden_layers", _config.NumHiddenLayers, layers, "");
        for (int layer = 0; layer < layers; layer++)
            CheckLayer($"{_prefix}layers.{Text(layer)}.");
        CheckNorms();
        CheckHeads();
        CheckLength();
        if (_mismatches.Count > 0)
            throw new LlamaConfigException(_config.Path, _network.GetType().Name, _mismatches.AsReadOnly());
    }

    private int CountLayers()
    {
        string start = _prefix + "layers.";
        return _parameters.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal))
            .Select(name => name[start.Length..].Split('.')[0]).Distinct().Count();
    }

    private void CheckLayer(string path)
    {
        CheckSize("intermediate_size", _config.IntermediateSize, path + "mlp.gate_proj.weight", 0);
        CheckBias("mlp_bias", _config.MlpBias, path + "mlp.", "gate_proj", "up_proj", "down_proj");
        CheckBias("attention_bias", _config.AttentionBias, path + "self_attn.", "q_proj", "k_proj", "v_proj", "o_proj");
        CheckActivation(path + "mlp.");

        string attention = path + "self_attn.";
        NetworkGraphNode[] found = [.. Inside(attention).Where(node => node.Kind == "ScaledDotProductAttention")];
        if (found.Length != 1)
        {
            Add("num_attention_heads", Text(_config.NumAttentionHeads),
                $"{Text(found.Length)} ScaledDotProductAttention below '{attention[..^1]}'");
            return;
        }
        (int heads, int keyValueHeads) = HeadsOf(found[0]);
        Compare("num_attention_heads", _config.NumAttentionHeads, heads, found[0].Path);
        Compare("num_key_value_heads", _config.NumKeyValueHeads, keyValueHeads, found[0].Path);
        if (_parameters.TryGetValue(attention + "q_proj.weight", out Parameter? queries))
            Compare("head_dim", _config.HeadDim, queries.Shape[0] / heads, queries.Name);
        else
            AddMissing("head_dim", _config.HeadDim, attention + "q_proj.weight");
        // Two things that published files do not say, for they are so in all of them.
        if (!Arguments(found[0]).Contains("causal"))
            Add("is_causal", "true", $"an attention without Causal ({found[0].Path})");
        // Queries and keys come first, in this order.
        CheckRotary(found[0].Inputs[0], _config.NumAttentionHeads, "num_attention_heads");
        CheckRotary(found[0].Inputs[1], _config.NumKeyValueHeads, "num_key_value_heads");
    }

    private void CheckRotary(string path, int heads, string field)
    {
        NetworkGraphNode? node = _nodes.FirstOrDefault(node => node.Path == path);
        if (node?.Kind != "Rotary")
        {
            Add("rope_theta", Text(_config.RopeTheta), $"no Rotary, but {node?.Kind ?? "nothing"} ({path})");
            return;
        }
        string[] arguments = Arguments(node);
        Compare(field, heads, int.Parse(arguments[0].Split(' ')[0], CultureInfo.InvariantCulture), path);
        Compare("rope_theta", _config.RopeTheta, Option(arguments, "base") ?? UsualBase, path);
        if (arguments.Contains("interleaved"))
            Add("rope_type", "halves of a head", $"Interleaved ({path})");
        LlamaRopeScaling none = new(1, 1, 1, 1), scaling = _config.RopeScaling ?? none;
        LlamaRopeScaling declared = Option(arguments, "factor") is not double factor ? none
            : new LlamaRopeScaling(
                factor, Option(arguments, "low") ?? 0, Option(arguments, "high") ?? 0, (int)(Option(arguments, "length") ?? 0));
        Compare("rope_scaling.factor", scaling.Factor, declared.Factor, path);
        // Without a factor the others mean nothing.
        if (scaling.Factor == 1 || declared.Factor == 1)
            return;
        Compare("rope_scaling.low_freq_factor", scaling.LowFreqFactor, declared.LowFreqFactor, path);
        Compare("rope_scaling.high_freq_factor", scaling.HighFreqFactor, declared.HighFreqFactor, path);
        Compare("rope_scaling.original_max_position_embeddings", scaling.OriginalMaxPositionEmbeddings,
            declared.OriginalMaxPositionEmbeddings, path);
    }

    private void CheckActivation(string path)
    {
        string[] found =
            [.. Inside(path).Where(node => node.Kind is not ("Linear" or "Mul" or "Dropout")).Select(node => node.Operation)];
        string? expected = _config.HiddenAct switch
        {
            "silu" or "swish" => "SiLU",
            "gelu" => "GELU",
            "gelu_new" or "gelu_pytorch_tanh" => "GELU(tanh)",
            "relu" => "ReLU",
            _ => null,
        };
        if (found.Length != 1 || found[0] != expected)
            Add("hidden_act", _config.HiddenAct, $"{(found.Length == 0 ? "none" : string.Join(", ", found))} ({path[..^1]})");
    }

    private void CheckNorms()
    {
        NetworkGraphNode[] norms = [.. Inside(_prefix).Where(node => node.Kind == "RMSNorm")];
        if (norms.Length == 0)
            Add("rms_norm_eps", Text(_config.RmsNormEps), "no RMSNorm");
        foreach (NetworkGraphNode norm in norms)
        {
            // The declaration keeps it as a float.
            float declared = (float)(Option(Arguments(norm), "eps") ?? UsualEps);
            if (declared != (float)_config.RmsNormEps)
                Add("rms_norm_eps", Text(_config.RmsNormEps), $"{declared.ToString("R", CultureInfo.InvariantCulture)} ({norm.Path})");
        }
    }

    private void CheckHeads()
    {
        if (_parameters.ContainsKey(LlamaNames.Head))
            CheckSize("vocab_size", _config.VocabSize, LlamaNames.Head, 0);
        if (_config.NumLabels is int labels && _parameters.ContainsKey("score.weight"))
            CheckSize("num_labels", labels, "score.weight", 0);
    }

    private void CheckLength()
    {
        if (_network.Ports.Inputs.FirstOrDefault(port => port.IsInts) is { Shape.Count: > 0 } tokens
            && tokens.Shape[0] > _config.MaxPositionEmbeddings)
            Add("max_position_embeddings", Text(_config.MaxPositionEmbeddings), $"{Text(tokens.Shape[0])} positions of '{tokens.Name}'");
    }

    private void CheckSize(string field, int expected, string name, int dimension)
    {
        if (!_parameters.TryGetValue(name, out Parameter? parameter) || parameter.Shape.Length <= dimension)
            AddMissing(field, expected, name);
        else
            Compare(field, expected, parameter.Shape[dimension], name);
    }

    private void CheckBias(string field, bool expected, string path, params string[] layers)
    {
        string[] others = [.. layers.Select(layer => $"{path}{layer}.bias").Where(name => _parameters.ContainsKey(name) != expected)];
        if (others.Length > 0)
            Add(field, expected ? "true" : "false", $"{(expected ? "no" : "a")} '{others[0]}'");
    }

    private void Compare(string field, double expected, double declared, string where)
    {
        if (expected != declared)
            Add(field, Text(expected), where.Length == 0 ? Text(declared) : $"{Text(declared)} ({where})");
    }

    private void AddMissing(string field, int expected, string name) => Add(field, Text(expected), $"no parameter '{name}'");

    // What all layers have alike is said once, at the first.
    private void Add(string field, string inFile, string declared)
    {
        if (!_mismatches.Exists(mismatch => mismatch.Field == field))
            _mismatches.Add(new LlamaConfigMismatch(field, inFile, declared));
    }

    private IEnumerable<NetworkGraphNode> Inside(string path) => _nodes.Where(node => node.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>Queries' heads, and those of keys and values: <c>4 heads over 2</c>, <c>4 heads</c>, or nothing for one.</summary>
    private static (int Queries, int Keys) HeadsOf(NetworkGraphNode attention)
    {
        string[]? words = Arguments(attention).Skip(2).Select(argument => argument.Split(' '))
            .FirstOrDefault(words => words.Length > 1 && words[1] == "heads");
        if (words is null)
            return (1, 1);
        int heads = int.Parse(words[0], CultureInfo.InvariantCulture);
        return (heads, words.Length > 3 ? int.Parse(words[3], CultureInfo.InvariantCulture) : heads);
    }

    /// <summary>What stands between the parentheses of an operation.</summary>
    private static string[] Arguments(NetworkGraphNode node)
        => node.Operation.Length == node.Kind.Length ? [] : node.Operation[(node.Kind.Length + 1)..^1].Split(", ");

    /// <summary>The number behind a word; null where the operation does not have it.</summary>
    private static double? Option(string[] arguments, string word)
    {
        string? argument = arguments.FirstOrDefault(argument => argument.StartsWith(word + " ", StringComparison.Ordinal));
        return argument is null ? null : double.Parse(argument.AsSpan(word.Length + 1), CultureInfo.InvariantCulture);
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
