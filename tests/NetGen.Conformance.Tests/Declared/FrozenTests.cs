using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>A part that rests in front of one that is trained.</summary>
[Network(3, 8, 8)]
[Sequential<FrozenFeatures>(Name = "features", Frozen = true), Flatten, Linear(8, Name = "hidden"), ReLU]
[Sequential<HalfFrozen>(Name = "half"), Linear(4, Name = "head"), CrossEntropyLoss]
internal sealed partial class FineTuned;

[Block, Conv2d(8, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, Dropout(0.5), MaxPool2d(2)]
internal sealed class FrozenFeatures;

[Block, Linear(8, Name = "rests", Frozen = true), Tanh, Repeat<HalfFrozenBlock>(2, Name = "blocks")]
internal sealed class HalfFrozen;

[Block, Linear(8, Name = "fc"), BatchNorm1d(Name = "norm", Frozen = true), Tanh]
internal sealed class HalfFrozenBlock;

/// <summary>What a declaration freezes rests, whatever optimiser and loop; the rest of the network knows nothing of it.</summary>
public sealed class FrozenTests
{
    private const int Samples = 6;

    private static readonly string[] s_trained =
    [
        "hidden.weight", "hidden.bias", "half.blocks.block1.fc.weight", "half.blocks.block1.fc.bias", "half.blocks.block2.fc.weight",
        "half.blocks.block2.fc.bias", "head.weight", "head.bias",
    ];

    [Fact]
    public void Gradients_have_what_is_trained()
    {
        var net = new FineTuned(seed: 1);
        using FineTuned.Trainer trainer = net.CreateTrainer(Samples, new SGD(0.1f));
        Assert.Equal(s_trained, trainer.Gradients.All.Select(gradient => gradient.Name));
        Assert.Equal(s_trained, net.Parameters.Where(parameter => parameter.IsLearned).Select(parameter => parameter.Name));
        Assert.All(net.Parameters, parameter => Assert.NotEqual(parameter.IsFrozen, s_trained.Contains(parameter.Name)));
        Assert.Null(trainer.Gradients.Half.Rests);
        Assert.All(trainer.Gradients.Half.Blocks, block => Assert.Null(block.Norm));
        Assert.Equal("half.blocks.block2.norm.running_var", net.Half.Blocks[1].Norm.RunningVar.Name);
        trainer.Forward(Numbers.Uniform(1, Samples * FineTuned.InputSize), default);
        trainer.Backward([0, 1, 2, 3, 0, 1]);
        Assert.All(trainer.Gradients.All, gradient => Assert.Contains(gradient.ToArray(), value => value != 0));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void What_is_frozen_keeps_its_bits(int threads)
    {
        var net = new FineTuned(seed: 2);
        float[] input = Numbers.Uniform(2, Samples * FineTuned.InputSize);
        net.Features.BatchNorm1.RunningMean.CopyFrom(Numbers.Uniform(3, 8, 0.25f));
        Dictionary<string, float[]> before = net.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.ToArray());
        var options = new TrainerOptions { Threads = threads, ClipGradientNorm = 1 };
        using FineTuned.Trainer trainer = net.CreateTrainer(Samples, new AdamW(0.01f, weightDecay: 0.1f), options);
        for (int step = 0; step < 5; step++)
            trainer.Step(input, [0, 1, 2, 3, 0, 1]);
        foreach (Parameter parameter in net.Parameters)
        {
            bool same = before[parameter.Name].AsSpan().SequenceEqual(parameter.ToArray());
            Assert.True(same == parameter.IsFrozen, $"{parameter.Name}: {(same ? "the same" : "other")} bits.");
        }
    }

    [Fact]
    public void Training_and_inference_agree_about_what_is_frozen()
    {
        var net = new FineTuned(seed: 5);
        float[] input = Numbers.Uniform(6, Samples * FineTuned.InputSize);
        float[] trained = new float[Samples * FineTuned.OutputSize], inferred = new float[Samples * FineTuned.OutputSize];
        using FineTuned.Trainer trainer = net.CreateTrainer(Samples, new SGD(0));
        using FineTuned.Session session = net.CreateSession(Samples);
        trainer.Forward(input, trained);
        session.Forward(input, inferred);
        // Inference folds the normalisation into the convolution, and rounds its product otherwise.
        for (int i = 0; i < trained.Length; i++)
            Assert.Equal(inferred[i], trained[i], 1e-5f);
    }

    [Fact]
    public void A_group_of_frozen_parameters_is_refused()
    {
        var net = new FineTuned();
        ParameterGroup[] groups = [new ParameterGroup("features"), new ParameterGroup(net.Features), new ParameterGroup(net.Half.Rests)];
        foreach (ParameterGroup group in groups)
        {
            var optimizer = new SGD(0.1f) { Groups = { group } };
            ArgumentException fault = Assert.Throws<ArgumentException>(() => net.CreateTrainer(Samples, optimizer));
            Assert.Contains("the network's declaration freezes", fault.Message, StringComparison.Ordinal);
        }
        using FineTuned.Trainer trainer = net.CreateTrainer(Samples, new SGD(0.1f)
        {
            Groups = { new ParameterGroup(net.Half) { Frozen = true }, new ParameterGroup("hidden") { LearningRate = 0.5f } },
        });
        Assert.NotNull(trainer);
    }

    [Fact]
    public void Files_have_everything_and_checkpoints_remember_what_is_trained()
    {
        string path = Path.Combine(Path.GetTempPath(), $"netgen-frozen-{Environment.ProcessId}.safetensors");
        try
        {
            var net = new FineTuned(seed: 7);
            net.Save(path);
            FineTuned loaded = FineTuned.Load(path);
            Assert.All(net.Parameters.Zip(loaded.Parameters), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));

            float[] input = Numbers.Uniform(8, Samples * FineTuned.InputSize);
            using FineTuned.Trainer trainer = net.CreateTrainer(Samples, new Adam(0.01f));
            trainer.Step(input, [0, 1, 2, 3, 0, 1]);
            trainer.SaveCheckpoint(path);
            using (var reader = new SafeTensorsReader(path))
            {
                string[] names = [.. reader.Entries.Select(entry => entry.Name)];
                Assert.Contains("features.conv1.weight", names);
                Assert.Equal(2 * s_trained.Length, names.Count(name => name.StartsWith("optimizer.", StringComparison.Ordinal)));
            }
            using FineTuned.Trainer other = loaded.CreateTrainer(Samples, new Adam(0.01f));
            other.LoadCheckpoint(path);
            Assert.Equal(trainer.Step(input, [0, 1, 2, 3, 0, 1]), other.Step(input, [0, 1, 2, 3, 0, 1]));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
