using System.Text.Json.Nodes;

namespace NetGen.Training.Tests;

/// <summary>The configuration beside published weights: read, and compared with declarations.</summary>
public sealed class LlamaConfigTests : IDisposable
{
    private static readonly string s_language = Path.Combine(AppContext.BaseDirectory, "golden", "llama"),
        s_score = Path.Combine(AppContext.BaseDirectory, "golden", "llama-score");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>The configuration of a folder with some fields changed; null takes one out.</summary>
    private string Write(string folder, params (string Field, JsonNode? Value)[] changes)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        foreach ((string field, JsonNode? value) in changes)
        {
            if (value is null)
                config.Remove(field);
            else
                config[field] = value;
        }
        string path = _directory.File("config.json");
        File.WriteAllText(path, config.ToJsonString());
        return path;
    }

    private static LlamaConfigException AssertMismatch(LlamaConfig config, INetwork network, params string[] mismatches)
    {
        var exception = Assert.Throws<LlamaConfigException>(() => config.Check(network));
        Assert.Equal(mismatches, exception.Mismatches.Select(mismatch => mismatch.ToString()));
        Assert.All(mismatches, mismatch => Assert.Contains(mismatch, exception.Message, StringComparison.Ordinal));
        return exception;
    }

    [Fact]
    public void A_configuration_is_read_from_its_folder()
    {
        LlamaConfig config = LlamaConfig.Load(s_score);
        Assert.Equal(Path.Combine(s_score, "config.json"), config.Path);
        Assert.Equal((32, 16, 24, 2, 4, 2, 4), (config.VocabSize, config.HiddenSize, config.IntermediateSize, config.NumHiddenLayers,
            config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim));
        Assert.Equal((1e-5, 500.0, 64, "silu"), (config.RmsNormEps, config.RopeTheta, config.MaxPositionEmbeddings, config.HiddenAct));
        Assert.Equal(new LlamaRopeScaling(8, 1, 4, 8), config.RopeScaling);
        Assert.Equal((false, false, false), (config.AttentionBias, config.MlpBias, config.TieWordEmbeddings));
        Assert.Equal(["negative", "neutral", "positive"], config.Labels.OrderBy(label => label.Key).Select(label => label.Value));
        Assert.Equal((3, 0, 1), (config.NumLabels, config.PadTokenId, config.BosTokenId));
        Assert.Equal([2, 3], config.EosTokenIds);
        Assert.Equal(["LlamaForSequenceClassification"], config.Architectures);

        config = LlamaConfig.Load(Path.Combine(s_language, "config.json"));
        Assert.Null(config.RopeScaling);
        Assert.Null(config.NumLabels);
        Assert.Null(config.PadTokenId);
        Assert.Equal([2], config.EosTokenIds);
    }

    [Fact]
    public void What_the_file_does_not_say_is_as_elsewhere()
    {
        LlamaConfig config = LlamaConfig.Load(Write(s_language,
            ("num_key_value_heads", null), ("rms_norm_eps", null), ("rope_theta", null), ("max_position_embeddings", null),
            ("hidden_act", null), ("attention_bias", null), ("eos_token_id", null), ("model_type", null)));
        Assert.Equal((4, 1e-6, 10000.0, 2048, "silu", false), (config.NumKeyValueHeads, config.RmsNormEps, config.RopeTheta,
            config.MaxPositionEmbeddings, config.HiddenAct, config.AttentionBias));
        Assert.Empty(config.EosTokenIds);

        const string Parameters = """
            {"rope_theta":5e5,"rope_type":"llama3","factor":32,"low_freq_factor":1,"high_freq_factor":4,
             "original_max_position_embeddings":8192}
            """;
        // Later files have base and scaling in one object.
        config = LlamaConfig.Load(Write(s_language, ("rope_theta", null), ("rope_scaling", null), ("head_dim", 6),
            ("rope_parameters", JsonNode.Parse(Parameters))));
        Assert.Equal((500000.0, new LlamaRopeScaling(32, 1, 4, 8192), 6), (config.RopeTheta, config.RopeScaling, config.HeadDim));
    }

    [Fact]
    public void Networks_that_are_declared_alike_pass()
    {
        LlamaConfig.Load(s_language).Check(new LlamaForCausalLM());
        LlamaConfig config = LlamaConfig.Load(s_score);
        var network = new LlamaForSequenceClassification(0, Initialization.None);
        config.Check(network);
        network.LoadParameters(s_score, config.LoadOptions);
    }

    [Fact]
    public void All_that_disagrees_is_told_at_once()
    {
        LlamaConfig config = LlamaConfig.Load(s_language) with
        {
            VocabSize = 33, HiddenSize = 20, IntermediateSize = 25, NumHiddenLayers = 3, NumAttentionHeads = 8, NumKeyValueHeads = 4,
            HeadDim = 2, RmsNormEps = 1e-6, RopeTheta = 500000, RopeScaling = new LlamaRopeScaling(8, 1, 4, 8192), HiddenAct = "gelu",
            AttentionBias = true, MlpBias = true, MaxPositionEmbeddings = 8, NumLabels = 5,
        };
        LlamaConfigException exception = AssertMismatch(config, new LlamaForCausalLM(),
            "vocab_size: 33 in the file, 32 (model.embed_tokens.weight) in the declaration",
            "hidden_size: 20 in the file, 16 (model.embed_tokens.weight) in the declaration",
            "num_hidden_layers: 3 in the file, 2 in the declaration",
            "intermediate_size: 25 in the file, 24 (model.layers.0.mlp.gate_proj.weight) in the declaration",
            "mlp_bias: true in the file, no 'model.layers.0.mlp.gate_proj.bias' in the declaration",
            "attention_bias: true in the file, no 'model.layers.0.self_attn.q_proj.bias' in the declaration",
            "hidden_act: gelu in the file, SiLU (model.layers.0.mlp) in the declaration",
            "num_attention_heads: 8 in the file, 4 (model.layers.0.self_attn.scaleddotproductattention1) in the declaration",
            "num_key_value_heads: 4 in the file, 2 (model.layers.0.self_attn.scaleddotproductattention1) in the declaration",
            "head_dim: 2 in the file, 4 (model.layers.0.self_attn.q_proj.weight) in the declaration",
            "rope_theta: 500000 in the file, 10000 (model.layers.0.self_attn.q) in the declaration",
            "rope_scaling.factor: 8 in the file, 1 (model.layers.0.self_attn.q) in the declaration",
            "rms_norm_eps: 1E-06 in the file, 1E-05 (model.layers.0.input_layernorm) in the declaration",
            "max_position_embeddings: 8 in the file, 12 positions of 'tokens' in the declaration");
        Assert.Equal(Path.Combine(s_language, "config.json"), exception.Path);
        Assert.Contains("14 fields disagree with the declaration of LlamaForCausalLM.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_declared_besides_is_told()
    {
        LlamaConfig config = LlamaConfig.Load(s_score) with { NumLabels = 2, RopeScaling = null };
        AssertMismatch(config, new LlamaForSequenceClassification(),
            "rope_scaling.factor: 1 in the file, 8 (model.layers.0.self_attn.q) in the declaration",
            "num_labels: 2 in the file, 3 (score.weight) in the declaration");
        config = config with { NumLabels = 3, RopeScaling = new LlamaRopeScaling(8, 2, 5, 16) };
        AssertMismatch(config, new LlamaForSequenceClassification(),
            "rope_scaling.low_freq_factor: 2 in the file, 1 (model.layers.0.self_attn.q) in the declaration",
            "rope_scaling.high_freq_factor: 5 in the file, 4 (model.layers.0.self_attn.q) in the declaration",
            "rope_scaling.original_max_position_embeddings: 16 in the file, 8 (model.layers.0.self_attn.q) in the declaration");
        // One head, no causality, neighbours as pairs, ReLU, a bias, the usual epsilon and no rotation of the keys.
        AssertMismatch(LlamaConfig.Load(s_language) with { NumHiddenLayers = 1, NumAttentionHeads = 1, NumKeyValueHeads = 1, HeadDim = 16 },
            new LlamaOtherwise(),
            "mlp_bias: false in the file, a 'layers.0.mlp.gate_proj.bias' in the declaration",
            "hidden_act: silu in the file, ReLU (layers.0.mlp) in the declaration",
            "is_causal: true in the file, an attention without Causal (layers.0.self_attn.scaleddotproductattention1) in the declaration",
            "rope_type: halves of a head in the file, Interleaved (layers.0.self_attn.q) in the declaration",
            "rope_theta: 10000 in the file, no Rotary, but Linear (layers.0.self_attn.k_proj) in the declaration",
            "rms_norm_eps: 1E-05 in the file, 1.1920929E-07 (norm) in the declaration");
        string message = Assert.Throws<LlamaConfigException>(() => LlamaConfig.Load(s_language).Check(new Regression())).Message;
        Assert.Contains("vocab_size: 32 in the file, no parameter 'model.embed_tokens.weight' in the declaration", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tied_embeddings_are_loaded_into_both()
    {
        LlamaForCausalLM whole = LlamaForCausalLM.Load(s_language);
        string path = _directory.File("model.safetensors");
        LlamaConfig config = LlamaConfig.Load(Write(s_language, ("tie_word_embeddings", true)));
        // With and without a head of its own in the file, as some writers leave it in.
        foreach (int left in new[] { 1, 0 })
        {
            SafeTensors.Save(path, [.. whole.Parameters.SkipLast(left)]);
            var tied = new LlamaForCausalLM(0, Initialization.None);
            tied.LoadParameters(path, config.LoadOptions);
            Assert.Equal(whole.Model.EmbedTokens.Weight.ToArray(), tied.LmHead.Weight.ToArray());
            config.Check(tied);
        }
    }

    [Fact]
    public void A_head_that_shares_the_embedding_is_read_once()
    {
        LlamaForCausalLM whole = LlamaForCausalLM.Load(s_language);
        string path = _directory.File("model.safetensors"), again = _directory.File("again.safetensors");
        LlamaConfig config = LlamaConfig.Load(Write(s_language, ("tie_word_embeddings", true)));
        int[] tokens = [3, 1, 4, 1, 5, 9];
        var expected = new float[tokens.Length * 32];
        foreach (int left in new[] { 1, 0 })
        {
            SafeTensors.Save(path, [.. whole.Parameters.SkipLast(left)]);
            var two = new LlamaForCausalLM(0, Initialization.None);
            two.LoadParameters(path, config.LoadOptions);
            using LlamaForCausalLM.Stream stream = two.CreateStream();
            stream.Step(tokens, expected);

            var tied = new TiedLlama(0, Initialization.None);
            tied.LoadParameters(path, config.LoadOptions);
            config.Check(tied);
            Assert.DoesNotContain(tied.Parameters, parameter => parameter.Name == "lm_head.weight");
            using TiedLlama.Stream tiedStream = tied.CreateStream();
            var logits = new float[expected.Length];
            tiedStream.Step(tokens, logits);
            Assert.Equal(expected, logits);

            tied.Save(again);
            Assert.Equal(tied.Parameters.SelectMany(parameter => parameter.ToArray()),
                TiedLlama.Load(again).Parameters.SelectMany(parameter => parameter.ToArray()));
        }
    }

    public static TheoryData<string, string?, string> WrongFields => new()
    {
        { "hidden_size", null, "'hidden_size': it is missing" },
        { "vocab_size", "0", "'vocab_size': expected a whole number of 1 or more, found 0" },
        { "vocab_size", "1.5", "'vocab_size': expected a whole number, found 1.5" },
        { "vocab_size", "1e300", "'vocab_size': expected a whole number, found 1e300" },
        { "vocab_size", "\"32\"", "'vocab_size': expected a whole number, found \"32\"" },
        { "hidden_size", "18", "'hidden_size': its 18 features are not divided by 4 heads" },
        { "num_key_value_heads", "3", "'num_key_value_heads': its 3 heads do not divide the 4" },
        { "rms_norm_eps", "-1", "'rms_norm_eps': expected a number above 0, found -1" },
        { "hidden_act", "7", "'hidden_act': expected a string, found 7" },
        { "attention_bias", "1", "'attention_bias': expected true or false, found 1" },
        { "model_type", "\"qwen2\"", "'model_type': expected 'llama', found 'qwen2'" },
        { "rope_scaling", """{"type":"linear","factor":2.0}""", "'rope_scaling': its 'rope_type' is 'linear'; expected 'llama3'" },
        { "rope_scaling", """{"rope_type":"llama3","factor":2.0}""", "'rope_scaling': it has no 'low_freq_factor'" },
        { "rope_scaling", "[]", "'rope_scaling': expected an object or null, found []" },
        { "id2label", """{"a":"b"}""", "'id2label': 'a': expected a number of its own with a name" },
        { "id2label", "[]", "'id2label': expected an object" },
        { "eos_token_id", "[1,\"2\"]", "'eos_token_id': expected whole numbers, found \"2\"" },
        { "architectures", "\"a\"", "'architectures': expected an array of strings" },
    };

    [Theory, MemberData(nameof(WrongFields))]
    public void Fields_that_cannot_be_are_refused(string field, string? value, string message)
    {
        string path = Write(s_language, (field, value is null ? null : JsonNode.Parse(value)));
        var exception = Assert.Throws<LlamaConfigException>(() => LlamaConfig.Load(path));
        Assert.Equal(path, exception.Path);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Empty(exception.Mismatches);
    }

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("{", "no valid JSON")]
    [InlineData("[]", "expected an object, found []")]
    public void What_is_no_configuration_is_refused(string text, string message)
    {
        string path = _directory.File("config.json");
        File.WriteAllText(path, text);
        Assert.Contains(message, Assert.Throws<LlamaConfigException>(() => LlamaConfig.Load(path)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => LlamaConfig.Load(_directory.File("missing.json")));
    }
}
