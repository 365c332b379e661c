using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

[Network(12)]
[Linear(64 * 4 * 4, Bias = false), BatchNorm1d, ReLU, Unflatten(1, [64, 4, 4])]
[ConvTranspose2d(32, 4, Stride = 2, Padding = 1, Bias = false), BatchNorm2d, ReLU, ConvTranspose2d(1, 4, Stride = 2, Padding = 1), Tanh]
public sealed partial class PartGenerator;

[Network(1, 16, 16)]
[Conv2d(16, 4, Stride = 2, Padding = 1), LeakyReLU(0.2), Conv2d(32, 4, Stride = 2, Padding = 1, Bias = false), BatchNorm2d, LeakyReLU(0.2)]
[Flatten, Dropout(0.25), Linear(1), BCEWithLogitsLoss]
public sealed partial class PartDiscriminator;

[Network(12), Part<PartGenerator>(Name = "generator"), Part<PartDiscriminator>(Name = "discriminator", Frozen = true), BCEWithLogitsLoss]
public sealed partial class PartGan;

[Network(12), Part<PartGenerator>(Name = "generator"), Part<PartDiscriminator>(Name = "discriminator"), BCEWithLogitsLoss]
public sealed partial class TrainedParts;

/// <summary>A network and the networks that are its parts are the same parameters, each with its own sessions and trainers.</summary>
public sealed class PartTests
{
    private const int Count = 20;
    private static readonly float[] s_noise = Numbers.Uniform(3, Count * PartGenerator.InputSize);
    private static readonly float[] s_ones = [.. Enumerable.Repeat(1f, Count)];

    [Fact]
    public void Parts_compute_what_the_whole_computes()
    {
        var gan = new PartGan(7);
        using PartGan.Session whole = gan.CreateSession(Count);
        using PartGenerator.Session first = gan.Generator.CreateSession(Count);
        using PartDiscriminator.Session second = gan.Discriminator.CreateSession(Count);
        Assert.Equal(Chain(first, second), Forward(whole));

        // Whoever changes parameters, all sessions see it.
        gan.Generator.Linear1.Weight[0, 0] += 1;
        gan.Discriminator.Conv2.Weight[1, 2, 3, 0] -= 1;
        Assert.Equal(Chain(first, second), Forward(whole));
        using (PartDiscriminator.Trainer trainer = gan.Discriminator.CreateTrainer(Count, new Adam()))
            trainer.Step(Numbers.Uniform(5, Count * PartDiscriminator.InputSize), s_ones);
        using (PartGan.Trainer trainer = gan.CreateTrainer(Count, new Adam()))
            trainer.Step(s_noise, s_ones);
        Assert.Equal(Chain(first, second), Forward(whole));
    }

    [Fact]
    public void Whole_learns_through_a_frozen_part_what_its_gradient_says()
    {
        var gan = new PartGan(7);
        float[][] discriminator = Values(gan.Discriminator), generator = Values(gan.Generator);
        using PartGan.Trainer trainer = gan.CreateTrainer(Count, new SGD(0.1f));
        trainer.Step(s_noise, s_ones);
        Assert.Equal(discriminator, Values(gan.Discriminator));
        Assert.Equal(PartGenerator.ParameterCount + PartDiscriminator.ParameterCount, PartGan.ParameterCount);
        Assert.Equal(gan.Generator.Parameters.Count(p => p.IsLearned), trainer.Gradients.All.Count(p => p.IsLearned));
        foreach ((Parameter after, Parameter gradient, float[] before) in gan.Generator.Parameters
            .Where(p => p.IsLearned).Zip(trainer.Gradients.All.Where(p => p.IsLearned), Learned(gan.Generator, generator)))
        {
            Assert.Equal("generator." + after.Name, gradient.Name);
            Assert.Equal(before.Zip(gradient.ToArray(), (value, slope) => value - 0.1f * slope), after.ToArray(), Same);
        }
    }

    /// <summary>Statistics and counters lie among what is learned: optimisers leave them alone, and clipping does not count them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Optimisers_touch_nothing_else_of_a_part(bool hasGroups)
    {
        var network = new TrainedParts(5);
        AdamW optimizer = hasGroups
            ? new AdamW(weightDecay: 0.5f) { LearningRate = 0, Groups = { new ParameterGroup("generator") { WeightDecay = 0.25f } } }
            : new AdamW(weightDecay: 0.5f) { LearningRate = 0 };
        float[][] before = Values(network);
        using TrainedParts.Trainer trainer = network.CreateTrainer(Count, optimizer, new TrainerOptions { ClipGradientNorm = 0.5f });
        trainer.Step(s_noise, s_ones);
        for (int i = 0; i < before.Length; i++)
        {
            Parameter parameter = network.Parameters[i];
            if (parameter.IsLearned)
                Assert.Equal(before[i], parameter.ToArray());
            else if (parameter.Kind == ParameterKind.Counter)
                Assert.Equal(1, parameter.CounterValue);
            else
                Assert.NotEqual(before[i], parameter.ToArray());
        }
        double norm = Math.Sqrt(trainer.Gradients.All.Where(p => p.IsLearned).SelectMany(p => p.ToArray()).Sum(g => (double)g * g));
        Assert.Equal(Math.Min(0.5, trainer.GradientNorm!.Value), norm, 1e-5);
    }

    [Fact]
    public void Files_of_a_part_are_those_of_the_network_by_itself()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(folder, "part.safetensors");
        try
        {
            var gan = new PartGan(7);
            gan.Discriminator.Save(file);
            PartDiscriminator alone = PartDiscriminator.Load(file);
            Assert.Equal(Values(gan.Discriminator), Values(alone));
            new PartDiscriminator(8).Save(file);
            gan.Discriminator.LoadParameters(file);
            Assert.Equal(Values(new PartDiscriminator(8)), Values(gan.Discriminator));
            gan.Save(file);
            Assert.Equal(Values(gan), Values(PartGan.Load(file)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Forward(PartGan.Session session)
    {
        var output = new float[Count];
        session.Forward(s_noise, output);
        return output;
    }

    private static float[] Chain(PartGenerator.Session first, PartDiscriminator.Session second)
    {
        float[] images = new float[Count * PartGenerator.OutputSize], output = new float[Count];
        first.Forward(s_noise, images);
        second.Forward(images, output);
        return output;
    }

    private static IEnumerable<float[]> Learned(INetwork network, float[][] values) =>
        network.Parameters.Zip(values).Where(pair => pair.First.IsLearned).Select(pair => pair.Second);

    private static float[][] Values(INetwork network) => [.. network.Parameters.Select(parameter => parameter.ToArray())];

    private static bool Same(float a, float b) => Math.Abs(a - b) <= 1e-6f * Math.Max(1, Math.Abs(a));
}
