using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>Dropout: PyTorch's scaling, and masks that are a function of seed, layer, step, sample and element alone.</summary>
public sealed class DropoutTests
{
    private const int Batch = 19;

    public static TheoryData<string> Alone =>
        new("in:1000 drop:0.25", "in:37 drop:0.5", "in:9x5x7 drop:0.1", "in:33x4x3 drop2d:0.3", "in:16x4x4 drop2d:0.5");

    [Theory]
    [MemberData(nameof(Alone))]
    public void Masks_are_the_same_at_every_width_and_thread_count_and_differ_otherwise(string text)
    {
        Stack stack = Stack.Parse(text);
        float[][] expected = Masks(stack, VectorWidth.Vector128, 1, seed: 5, steps: 3);
        foreach (Configuration c in Configuration.All)
            Assert.Equal(expected, Masks(stack, c.Form, c.Threads, seed: 5, steps: 3, consumer: c.Consumer));

        Assert.NotEqual(expected[0], expected[1]);
        Assert.NotEqual(expected[1], expected[2]);
        Assert.NotEqual(expected[0], Masks(stack, VectorWidth.Auto, 1, seed: 6, steps: 1)[0]);
        Assert.NotEqual(expected[0], Masks(stack, VectorWidth.Auto, 1, seed: 5 + (1UL << 32), steps: 1)[0]);
        // Samples have masks of their own.
        int size = stack.Input.Size;
        Assert.NotEqual(expected[0][..size], expected[0][size..(2 * size)]);
    }

    [Theory]
    [MemberData(nameof(Alone))]
    public void Masks_have_the_right_scale_and_expectation(string text)
    {
        Stack stack = Stack.Parse(text);
        var dropout = (Dropout)stack.Layers[0].Layer;
        double p = dropout.Probability;
        float keep = (float)(1 / (1 - p));
        const int Steps = 200;
        float[][] masks = Masks(stack, VectorWidth.Auto, 1, seed: 1, Steps);
        int plane = dropout.Channelwise ? stack.Input.Height * stack.Input.Width : 1;
        long kept = 0, total = 0;
        foreach (float[] mask in masks)
        {
            for (int i = 0; i < mask.Length; i += plane)
            {
                Check.That(mask[i] == 0 || mask[i] == keep, $"{text}: the factor {mask[i]:R} is neither 0 nor {keep:R}.");
                for (int j = 1; j < plane; j++)
                    Assert.Equal(mask[i], mask[i + j]);
                kept += mask[i] != 0 ? 1 : 0;
                total++;
            }
        }
        // Five standard deviations of a binomial distribution.
        Assert.Equal(1 - p, (double)kept / total, 5 * Math.Sqrt(p * (1 - p) / total));
    }

    [Theory]
    [MemberData(nameof(Alone))]
    public void Sessions_do_not_drop(string text)
    {
        Stack stack = Stack.Parse(text);
        float[] input = Numbers.Uniform(1, 3 * stack.Input.Size), output = new float[input.Length];
        using ISessionAdapter session = CompiledNetworks.Of(stack).Create(1).CreateSession(3);
        session.Forward(input, output);
        Assert.Equal(input, output);
    }

    [Theory]
    [InlineData("in:20 drop:0")]
    [InlineData("in:3x4x4 drop2d:0")]
    public void Probability_zero_changes_nothing(string text)
    {
        Stack stack = Stack.Parse(text);
        Assert.All(Masks(stack, VectorWidth.Auto, 1, seed: 1, steps: 2), mask => Assert.All(mask, v => Assert.Equal(1, v)));
    }

    [Theory]
    [InlineData("in:20 drop:1")]
    [InlineData("in:3x4x4 drop2d:1")]
    public void Probability_one_leaves_zeros(string text)
    {
        Stack stack = Stack.Parse(text);
        Assert.All(Masks(stack, VectorWidth.Auto, 1, seed: 1, steps: 2), mask => Assert.All(mask, v => Assert.Equal(0, v)));
    }

    [Fact]
    public void A_sample_keeps_its_mask_in_a_shorter_batch()
    {
        Stack stack = Stack.Parse("in:37 drop:0.5");
        float[] whole = Masks(stack, VectorWidth.Auto, 1, seed: 5, steps: 1)[0];
        Assert.Equal(whole[..(4 * 37)], Masks(stack, VectorWidth.Auto, 1, seed: 5, steps: 1, samples: 4)[0]);
    }

    /// <summary>PyTorch's formula, a (x m − α (1 − m)) + a α p, with the masks of dropout; the gradient is a m.</summary>
    [Theory]
    [InlineData("in:1000 alphadrop:0.25")]
    [InlineData("in:37 alphadrop:0.5")]
    [InlineData("in:9x5x7 alphadrop:0.1")]
    [InlineData("in:20 alphadrop:1")]
    [InlineData("in:20 alphadrop:0")]
    public void AlphaDropout_keeps_mean_and_variance(string text)
    {
        Stack stack = Stack.Parse(text);
        double p = ((AlphaDropout)stack.Layers[0].Layer).Probability, alpha = 1.7580993408473766;
        double a = p == 1 ? 0 : 1 / Math.Sqrt((alpha * alpha * p + 1) * (1 - p));
        const ulong Seed = 77;
        int size = stack.Input.Size;
        float[] input = Numbers.Uniform(1, Batch * size, 2);
        foreach (Configuration configuration in Configuration.All)
        {
            INetworkInstance net = CompiledNetworks.Of(stack, configuration.Consumer).Create(1);
            using ITrainerAdapter trainer = net.CreateTrainer(Batch, new SGD(0.1f), configuration.TrainerOptions with { Seed = Seed });
            float[] output = new float[input.Length], gradient = new float[input.Length], ones = new float[input.Length];
            Array.Fill(ones, 1f);
            trainer.Forward(input, output);
            trainer.BackwardFromOutput(ones, gradient);
            for (int i = 0; i < input.Length; i++)
            {
                int element = i % size;
                if (!stack.Input.IsVector)
                {
                    // Channel lanes: elements are numbered as they lie, in blocks of 16 channels.
                    int plane = size / stack.Input.Channels, c = element / plane;
                    element = (c / 16 * plane + element % plane) * 16 + c % 16;
                }
                uint word = Philox.Generate(Seed, (uint)element / 4, (uint)(i / size), 1, 0)[element % 4];
                double kept = p < 1 && word >= (uint)Math.Round(p * 4294967296.0) ? 1 : 0;
                Assert.Equal(a * (input[i] * kept - alpha * (1 - kept)) + a * alpha * p, output[i], 1e-6);
                Assert.Equal(a * kept, gradient[i], 1e-6);
            }
        }
        using ISessionAdapter session = CompiledNetworks.Of(stack).Create(1).CreateSession(Batch);
        var same = new float[input.Length];
        session.Forward(input, same);
        Assert.Equal(input, same);
    }

    /// <summary>Dropout between recurrent layers is what a layer of it between them is, to the bit, forward and backward.</summary>
    [Theory]
    [InlineData("in:5x7 lstm:9,l3,drop0.5", "in:5x7 lstm:9 drop:0.5 lstm:9 drop:0.5 lstm:9")]
    [InlineData("in:4x6 gru:20,l2,drop0.25", "in:4x6 gru:20 drop:0.25 gru:20")]
    [InlineData("in:4x6 rnn:16,l2,bi,drop0.25", "in:4x6 rnn:16,bi drop:0.25 rnn:16,bi")]
    public void Recurrent_layers_drop_between_them(string text, string apart)
    {
        Stack whole = Stack.Parse(text), parts = Stack.Parse(apart);
        float[][] parameters = ParameterInfo.Values(whole.Parameters, 9);
        foreach (Configuration configuration in Configuration.All)
            Assert.Equal(Train(parts, configuration), Train(whole, configuration));

        float[] Train(Stack stack, Configuration configuration)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, configuration.Consumer), stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(Batch, new SGD(0.1f), configuration.TrainerOptions with { Seed = 3 });
            float[] input = Numbers.Uniform(1, Batch * stack.Input.Size), output = new float[Batch * stack.Output.Size],
                gradient = new float[input.Length];
            trainer.Forward(input, output);
            trainer.BackwardFromOutput(Numbers.Uniform(2, output.Length), gradient);
            return [.. output, .. gradient, .. trainer.Gradients.SelectMany(tensor => tensor.ToArray())];
        }
    }

    public static TheoryData<string> InNetworks => new(
        "in:30 linear:40 relu drop:0.5 linear:33 drop:0.2 tanh linear:5 ce",
        "in:3x8x8 conv:16,k3,p1 relu max:k2 drop2d:0.25 flatten linear:20 relu drop:0.5 linear:10 ce",
        "in:2x6x6 conv:5,k3,p1 drop2d:0.4 relu conv:17,k3 drop:0.3 mse",
        // What is dropped lies where the concatenation wants it.
        "in:16x5x5 conv:16,k3,p1 drop2d@d:0.3 conv:16,k3,p1 drop2d:0.2 concat:d conv:3,k1 mse",
        "in:4x5x5 drop:0.5 res[ conv:4,k3,p1 drop2d:0.5 relu ] drop:0.1 flatten linear:3 mse",
        // Towers that share their parameters drop by masks of their own.
        "in@a:9 seq[@t linear:16 drop:0.4 tanh ] in@b:9 seq[:&t linear:16 drop:0.4 tanh ] sub:t linear:3 ce",
        "in@a:3x6x6 seq[@t conv:20,k3,p1 relu drop2d:0.3 aavg:1 flatten drop:0.5 ] out:u in@b:3x6x6 seq[:&t conv:20,k3,p1 relu drop2d:0.3 "
            + "aavg:1 flatten drop:0.5 ] sub:t linear:2 out:y ce:of=y mse:of=u,factor=0.5",
        "in:9 linear@a:9 drop@d:0.5 tanh linear:9,&a drop:0.5 add:d concat[ drop:0.25 | linear:9,&a drop:0.25 ] mse",
        // Probabilities of attention: of all keys, of causal ones in tiles and windows, of heads that share keys, behind other dropout.
        "in:37x12 linear@q:32 from:input linear@k:32 from:input linear:32 attention:q,k,heads2,drop0.3 linear:3 mse",
        "in:41x16 drop:0.2 linear@q:20 from:input linear@k:10 from:input linear:14 attention:q,k,heads4,kv2,causal,drop0.5 linear:16 drop:0.1 mse",
        "in:70x8 linear@q:16 from:input linear@k:16 from:input linear:16 attention:q,k,causal,window9,drop0.25 linear:2 mse",
        "in:9x16 linear@p:16 attention:p,p,heads1,drop1 add:p linear:3 mse",
        "in@m:9x16 in@x:12x16 drop:0.1 mha:4,causal,drop0.2 drop:0.3 mha:2,key=m,drop0.4 out:y mse:of=y",
        "in@m:9x16 in@x:12x16 enc:16,heads2,ff32 dec:16,heads4,memory=m,ff16,drop0.3,prenorm out:y mse:of=y");

    /// <summary>
    /// The interpreter with the masks that are documented: element i of a sample takes word i mod 4 of Philox at counter (i / 4,
    /// sample, step, layer's number among the dropout layers), where Dropout2d counts channels, and the first step is 1.
    /// </summary>
    [Theory]
    [MemberData(nameof(InNetworks))]
    public void Networks_with_dropout_agree_with_the_reference(string text)
    {
        Stack stack = Stack.Parse(text);
        const ulong Seed = 0x1234_5678_9ABC_DEF0;
        float[][] parameters = ParameterInfo.Values(stack.Parameters, 9);
        float[][] inputs = stack.Samples(10, Batch);
        IReadOnlyList<Target> targets = Target.All(stack, 11, Batch);
        Node[] dropouts = [.. stack.Operations.Where(node => node.Layer is IDrops { Dropped: > 0 })];
        string[] layers = [.. dropouts.Select(node => node.Path)];
        Dictionary<string, float> probabilities = dropouts.ToDictionary(node => node.Path, node => ((IDrops)node.Layer).Dropped);

        foreach (Configuration configuration in Configuration.All)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack, configuration.Consumer), stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(Batch, new SGD(0.1f), configuration.TrainerOptions with { Seed = Seed });
            for (uint step = 0; step < 2; step++)
            {
                uint number = step + 1;
                double Scale(string path, int sample, int element)
                {
                    float p = probabilities[path];
                    uint word = Philox.Generate(Seed, (uint)element / 4, (uint)sample, number,
                        (uint)Array.IndexOf(layers, path))[element % 4];
                    return word >= (uint)Math.Round(p * 4294967296.0) ? 1 / (1 - (double)p) : 0;
                }
                ReferenceResult reference = new ReferenceInterpreter(stack, parameters, Scale).Run(inputs, targets, Batch)[0];
                string where = $"{text}, {configuration}, step {step}";
                float[][] outputs = [.. stack.Outputs.Select(port => new float[Batch * port.Shape.Size])];
                float[][] inputGradients = [.. inputs.Select(input => new float[input.Length])];
                trainer.Forward([.. inputs.Select(input => (ReadOnlyMemory<float>)input)], Memories(outputs));
                for (int i = 0; i < outputs.Length; i++)
                {
                    NetworkChecker.Compare(outputs[i], reference.Outputs[i], $"{stack.Outputs[i].Name}, {where}",
                        stack.Outputs[i].Shape.Size);
                }
                float loss = trainer.Backward(NetworkChecker.Labels(targets, Batch, stack), NetworkChecker.Values(targets, Batch, stack),
                    Memories(inputGradients));
                NetworkChecker.CheckLoss(loss, reference, "loss, " + where);
                for (int i = 0; i < inputs.Length; i++)
                {
                    NetworkChecker.Compare(inputGradients[i], reference.InputGradients[i], $"gradient of {stack.Inputs[i].Name}, {where}",
                        stack.Inputs[i].Shape.Size);
                }
                for (int p = 0; p < parameters.Length; p++)
                    NetworkChecker.Compare(trainer.Gradients[p].ToArray(), reference.ParameterGradients[p],
                        $"gradient of {stack.Parameters[p].Name}, {where}", 0);
            }
        }
    }

    private static Memory<float>[] Memories(float[][] buffers) => [.. buffers.Select(buffer => buffer.AsMemory())];

    /// <summary>What a dropout layer alone multiplies with, by step; forward and backward must agree.</summary>
    private static float[][] Masks(Stack stack, VectorWidth width, int threads, ulong seed, int steps, int samples = Batch,
        Consumer? consumer = null)
    {
        INetworkInstance net = CompiledNetworks.Of(stack, consumer).Create(1);
        using ITrainerAdapter trainer = net.CreateTrainer(Batch, new SGD(0.1f),
            new TrainerOptions { VectorWidth = width, Threads = threads, Seed = seed });
        var ones = new float[samples * stack.Input.Size];
        Array.Fill(ones, 1f);
        var masks = new float[steps][];
        for (int step = 0; step < steps; step++)
        {
            masks[step] = new float[ones.Length];
            var gradient = new float[ones.Length];
            trainer.Forward(ones, masks[step]);
            trainer.BackwardFromOutput(ones, gradient);
            Assert.Equal(masks[step], gradient);
        }
        return masks;
    }
}
