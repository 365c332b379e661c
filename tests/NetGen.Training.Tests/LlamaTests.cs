using System.Text.Json;

namespace NetGen.Training.Tests;

/// <summary>LLaMAs as they are published: names, types and shards of their files, and what they compute with them.</summary>
public sealed class LlamaTests : IDisposable
{
    private static readonly string s_language = Golden("llama"), s_score = Golden("llama-score");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private static string Golden(string folder) => Path.Combine(AppContext.BaseDirectory, "golden", folder);

    private static JsonElement Expected(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        return document.RootElement.Clone();
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];

    private static double[] Numbers(JsonElement rows)
        => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(number => number.GetDouble())];

    private static void AssertNear(double[] expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(found[i], expected[i] - 2e-6, expected[i] + 2e-6);
    }

    [Fact]
    public void A_declaration_has_the_names_of_published_files()
    {
        string[] layer =
        [
            "input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight",
            "self_attn.o_proj.weight", "post_attention_layernorm.weight", "mlp.gate_proj.weight", "mlp.up_proj.weight",
            "mlp.down_proj.weight",
        ];
        string[] expected =
        [
            "model.embed_tokens.weight", .. layer.Select(name => "model.layers.0." + name),
            .. layer.Select(name => "model.layers.1." + name), "model.norm.weight", "lm_head.weight",
        ];
        var network = new LlamaForCausalLM();
        Assert.Equal(expected, network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("model.layers.1.self_attn.k_proj.weight [8, 16]", network.Model.Layers[1].SelfAttn.KProj.Weight.ToString());
        Assert.Contains(LlamaForCausalLM.Graph.Nodes, node => node.Path == "model.layers.1.self_attn.q" && node.Kind == "Rotary");
    }

    [Fact]
    public void Shards_of_bfloat16_give_the_outputs_of_the_model()
    {
        JsonElement expected = Expected(s_language);
        int[] tokens = Ints(expected.GetProperty("tokens"));
        double[] logits = Numbers(expected.GetProperty("logits"));
        LlamaForCausalLM network = LlamaForCausalLM.Load(s_language);

        float[] output = new float[LlamaForCausalLM.OutputSize];
        using LlamaForCausalLM.Session session = network.CreateSession();
        session.Forward([.. tokens, .. new int[12 - tokens.Length]], output);
        AssertNear(logits, output.AsSpan(0, logits.Length));

        float[] steps = new float[logits.Length];
        using LlamaForCausalLM.Stream stream = network.CreateStream();
        stream.Step(tokens, steps);
        AssertNear(logits, steps);
    }

    [Fact]
    public void Float16_with_frequencies_in_it_gives_the_scores_of_the_last_tokens()
    {
        var exception = Assert.Throws<SafeTensorsException>(() => LlamaForSequenceClassification.Load(s_score));
        Assert.Contains("'model.layers.0.self_attn.rotary_emb.inv_freq': is not a parameter of this network.", exception.Message,
            StringComparison.Ordinal);

        JsonElement expected = Expected(s_score);
        int[][] samples = [.. expected.GetProperty("samples").EnumerateArray().Select(Ints)];
        var network = new LlamaForSequenceClassification(0, Initialization.None);
        Assert.All(network.Parameters, parameter => Assert.All(parameter.ToArray(), value => Assert.Equal(0, value)));
        network.LoadParameters(
            s_score, new LoadOptions { Ignore = name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) });
        float[] output = new float[samples.Length * LlamaForSequenceClassification.OutputSize];
        using LlamaForSequenceClassification.Session session = network.CreateSession(maxBatch: samples.Length);
        session.Forward([.. samples.SelectMany(sample => sample)], [.. samples.Select(sample => sample.Length)], output);
        AssertNear(Numbers(expected.GetProperty("scores")), output);
    }

    /// <summary>Files with tied embeddings have no head; a classifier begins with a head of its own.</summary>
    [Fact]
    public void Heads_come_from_the_embedding_or_stay_as_they_are_drawn()
    {
        LlamaForCausalLM whole = LlamaForCausalLM.Load(s_language);
        string path = _directory.File("tied.safetensors");
        SafeTensors.Save(path, [.. whole.Parameters.Where(parameter => parameter.Name != "lm_head.weight")],
            new SaveOptions { Type = SafeTensorsType.BFloat16 });
        Assert.Equal("lm_head.weight", Assert.Throws<SafeTensorsException>(() => LlamaForCausalLM.Load(path)).Entry);

        var tied = new LlamaForCausalLM(0, Initialization.None);
        tied.LoadParameters(path, new LoadOptions { NameInFile = name => name == "lm_head.weight" ? "model.embed_tokens.weight" : name });
        Assert.Equal(whole.Model.EmbedTokens.Weight.ToArray(), tied.LmHead.Weight.ToArray());

        var options = new LoadOptions { Keep = name => name == "score.weight" };
        LlamaForSequenceClassification score = new(seed: 7), drawn = new(seed: 7);
        score.LoadParameters(path, options);
        Assert.Equal(whole.Model.Norm.Weight.ToArray(), score.Model.Norm.Weight.ToArray());
        Assert.Equal(drawn.Score.Weight.ToArray(), score.Score.Weight.ToArray());
        Assert.Contains(score.Score.Weight.ToArray(), value => value != 0);
    }

    [Fact]
    public void What_is_saved_has_the_published_names_and_type()
    {
        LlamaForCausalLM network = LlamaForCausalLM.Load(s_language);
        string path = _directory.File("model.safetensors");
        network.Save(path, new SaveOptions { Type = SafeTensorsType.BFloat16 });
        using var reader = new SafeTensorsReader(path);
        Assert.Equal(network.Parameters.Select(parameter => parameter.Name), reader.Entries.Select(entry => entry.Name));
        Assert.All(reader.Entries, entry => Assert.Equal(SafeTensorsType.BFloat16, entry.Type));
        // They came from bfloat16, so that nothing is rounded.
        LlamaForCausalLM again = LlamaForCausalLM.Load(Path.GetDirectoryName(path)!);
        Assert.All(network.Parameters.Zip(again.Parameters), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));
    }
}
