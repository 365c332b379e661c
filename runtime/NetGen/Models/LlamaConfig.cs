namespace NetGen;

/// <summary>
/// The <c>config.json</c> beside published LLaMA weights: the sizes of the model and the numbers that are in no tensor. What a file does
/// not say has the value that Hugging Face's <c>LlamaConfig</c> has then.
/// </summary>
/// <example>
/// <code>
/// LlamaConfig config = LlamaConfig.Load(folder);
/// var network = new TinyLlama(0, Initialization.None);
/// config.Check(network);
/// network.LoadParameters(folder, config.LoadOptions);
/// </code>
/// </example>
public sealed record LlamaConfig
{
    /// <summary>The file, for messages; empty for one that was made in code.</summary>
    public string Path { get; init; } = "";

    /// <summary><c>architectures</c>, e.g. <c>LlamaForCausalLM</c>; may be empty.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary><c>vocab_size</c>: tokens, the rows of the embedding.</summary>
    public required int VocabSize { get; init; }

    /// <summary><c>hidden_size</c>: features of a position.</summary>
    public required int HiddenSize { get; init; }

    /// <summary><c>intermediate_size</c>: features between the products of SwiGLU.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary><c>num_hidden_layers</c>.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary><c>num_attention_heads</c>: heads of the queries.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary><c>num_key_value_heads</c>: heads of keys and values, each of which serves equally many of the queries'.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary><c>head_dim</c>: features of a head; <c>hidden_size / num_attention_heads</c> where the file does not say.</summary>
    public required int HeadDim { get; init; }

    /// <summary><c>rms_norm_eps</c>: what <c>RMSNorm</c> adds to the mean square.</summary>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary><c>rope_theta</c>: the base of the frequencies of rotary positions.</summary>
    public double RopeTheta { get; init; } = 10000;

    /// <summary><c>rope_scaling</c>: how long waves are stretched; null for not at all.</summary>
    public LlamaRopeScaling? RopeScaling { get; init; }

    /// <summary><c>max_position_embeddings</c>: the longest sequence that the model was made for.</summary>
    public int MaxPositionEmbeddings { get; init; } = 2048;

    /// <summary><c>hidden_act</c>: the activation of the gated product.</summary>
    public string HiddenAct { get; init; } = "silu";

    /// <summary><c>attention_bias</c>: the products of the attention have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary><c>mlp_bias</c>: the products of SwiGLU have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>
    /// <c>tie_word_embeddings</c>: the head over the vocabulary has the weight of the embedding, and files have it once, as
    /// <c>model.embed_tokens.weight</c>.
    /// </summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>
    /// The classes of <c>LlamaForSequenceClassification</c>, from <c>id2label</c>: names by number; empty where there are none.
    /// </summary>
    public IReadOnlyDictionary<int, string> Labels { get; init; } = new Dictionary<int, string>();

    /// <summary><c>num_labels</c>, or how many <see cref="Labels"/> there are; null where the file says neither.</summary>
    public int? NumLabels { get; init; }

    /// <summary><c>pad_token_id</c>: the token that fills up batches; null for none.</summary>
    public int? PadTokenId { get; init; }

    /// <summary><c>bos_token_id</c>: the token that texts begin with; null for none.</summary>
    public int? BosTokenId { get; init; }

    /// <summary><c>eos_token_id</c>: the tokens that texts end with; may be empty.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>
    /// Options to load such weights with: the frequencies of rotary positions, which older files hold, are ignored, and where the
    /// embeddings are tied, <c>lm_head.weight</c> is read from <c>model.embed_tokens.weight</c>.
    /// </summary>
    public LoadOptions LoadOptions
    {
        get
        {
            bool isTied = TieWordEmbeddings;
            return new LoadOptions
            {
                NameInFile = isTied ? name => name == LlamaNames.Head ? LlamaNames.Embedding : name : null,
                Ignore = name => name.EndsWith(LlamaNames.Frequencies, StringComparison.Ordinal) || (isTied && name == LlamaNames.Head),
            };
        }
    }

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">The file, or the folder that has it as <c>config.json</c>.</param>
    /// <exception cref="ArgumentException">The path is empty, or has a NUL or half of a surrogate pair.</exception>
    /// <exception cref="LlamaConfigException">
    /// It is no JSON, or none of a LLaMA, or lacks a size, or a value is none that its field can have.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LlamaConfig Load(string path)
    {
        FileAccessor.CheckPath(path);
        return LlamaConfigReader.Read(Directory.Exists(path) ? System.IO.Path.Combine(path, "config.json") : path);
    }

    /// <summary>
    /// Compares everything here with what a network was declared with: sizes by its parameters, which must have the published names, and
    /// heads, bases, scaling, epsilon and activation by its graph.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <exception cref="LlamaConfigException">Something disagrees; the message and the exception list all of it.</exception>
    public void Check(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        new LlamaCheck(this, network).Run();
    }
}

/// <summary><c>rope_scaling</c> of LLaMA 3.1 and later: long waves are stretched, short ones left alone.</summary>
/// <param name="Factor"><c>factor</c>, <see cref="RotaryAttribute.Factor"/>.</param>
/// <param name="LowFreqFactor"><c>low_freq_factor</c>, <see cref="RotaryAttribute.LowFrequencyFactor"/>.</param>
/// <param name="HighFreqFactor"><c>high_freq_factor</c>, <see cref="RotaryAttribute.HighFrequencyFactor"/>.</param>
/// <param name="OriginalMaxPositionEmbeddings">
/// <c>original_max_position_embeddings</c>, <see cref="RotaryAttribute.OriginalLength"/>.
/// </param>
public sealed record LlamaRopeScaling(double Factor, double LowFreqFactor, double HighFreqFactor, int OriginalMaxPositionEmbeddings);

/// <summary>Names in published files.</summary>
internal static class LlamaNames
{
    public const string Embedding = "model.embed_tokens.weight", Head = "lm_head.weight", Frequencies = ".rotary_emb.inv_freq";
}
