using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// Long sums of numbers alike, where every rounding goes the same way: single precision by itself is off by up to half a percent. The bound
/// of docs/numerics.md holds for every sum over samples, pixels and features, at every width, with the same bits at every thread count.
/// </summary>
public sealed class LongSumTests
{
    private const double Bound = 4e-5;

    /// <summary>
    /// All inputs and gradients are 0.1, weights hand on means: each gradient of a weight is a sum of 0.01, each of a bias one of 0.1.
    /// </summary>
    [Theory]
    [InlineData("in:1x98x98 conv:3,k3", 8)]
    [InlineData("in:3x98x98 conv:5,k5", 17)]
    [InlineData("in:1x98x98 conv:20,k3", 8)]
    [InlineData("in:16x98x98 conv:16,k3", 8)]
    [InlineData("in:17x130x130 conv:33,k4,s2", 8)]
    [InlineData("in:20x98x98 conv:20,k3,g20", 8)]
    [InlineData("in:3x98x98 conv:3,k3,g3", 17)]
    [InlineData("in:2x20000 conv:3,k3", 4)]
    [InlineData("in:20x20000 conv:17,k2", 4)]
    [InlineData("in:5x64x64 convt:18,k2,s2", 4)]
    [InlineData("in:16x1x1 linear:20", 40000)]
    [InlineData("in:7 linear:5", 40000)]
    [InlineData("in:16x64x64 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1 conv:16,k1", 12)]
    [InlineData("in:40000 linear:3", 3)]
    [InlineData("in:9300x2x2 conv:17,k1", 2)]
    [InlineData("in:64x13x13 conv:3,k12", 2)]
    public void Gradients_of_weights_and_biases(string text, int samples)
    {
        text = text.Replace("in:16x1x1 ", "in:16x1x1 flatten ", StringComparison.Ordinal);
        Stack stack = Stack.Parse(text);
        float[] input = Filled(samples * stack.Input.Size, 0.1f), dy = Filled(samples * stack.Output.Size, 0.1f);
        float[][] parameters = stack.Parameters.Select(p => Filled(p.Length, p.IsWeight ? 1f / p.FanIn : 0)).ToArray();
        ForEachTrainer(stack, samples, parameters, (trainer, what) =>
        {
            var output = new float[dy.Length];
            trainer.Forward(input, output);
            // A transposed convolution's outputs are single products.
            if (!text.Contains("convt", StringComparison.Ordinal))
                AssertAll($"output of {what}", 0.1, output);
            trainer.BackwardFromOutput(dy, new float[input.Length]);
            double pixels = (double)samples * stack.Output.Size / stack.Output.Dimensions[0];
            foreach ((Parameter gradient, ParameterInfo info) in trainer.Gradients.Zip(stack.Parameters))
            {
                // Each tap of a transposed convolution of stride 2 meets every input once.
                double terms = !info.IsWeight ? pixels : text.Contains("convt", StringComparison.Ordinal) ? pixels / 4 : pixels;
                AssertAll($"gradient of {info.Name}, {what}", terms * (info.IsWeight ? 0.01 : 0.1), gradient.ToArray());
            }
            return trainer.Gradients.SelectMany(g => g.ToArray()).ToArray();
        });
    }

    /// <summary>
    /// Inputs ±0.1 in turns, so that their normal forms are ±1, and gradients 0.2 where they are above and 0 where they are below.
    /// </summary>
    [Theory]
    [InlineData("in:5x96x96 bn", 8)]
    [InlineData("in:20x96x96 bn", 8)]
    [InlineData("in:20 bn", 40000)]
    [InlineData("in:18x20000 bn", 4)]
    [InlineData("in:5x96x96 instancenorm:affine", 8)]
    [InlineData("in:20x96x96 instancenorm:affine", 8)]
    [InlineData("in:20x96x96 groupnorm:4", 8)]
    [InlineData("in:6x96x96 groupnorm:2", 17)]
    [InlineData("in:6x20000 groupnorm:2", 17)]
    [InlineData("in:17x96x96 layernorm:96x96", 200)]
    [InlineData("in:17x96x96 layernorm:96", 8)]
    [InlineData("in:3x96x96 layernorm:96", 40)]
    [InlineData("in:40 layernorm", 40000)]
    public void Gradients_of_normalisations(string text, int samples)
    {
        Stack stack = Stack.Parse(text);
        int size = stack.Input.Size;
        float[] input = new float[samples * size], dy = new float[samples * size];
        for (int i = 0; i < input.Length; i++)
        {
            // Vectors' features are normalised over the batch: samples take turns too.
            bool above = (i + (size % 2 == 0 ? i / size : 0)) % 2 == 0;
            (input[i], dy[i]) = above ? (0.1f, 0.2f) : (-0.1f, 0f);
        }
        float[][] parameters = stack.Parameters.Select(p =>
            Filled(p.Length, p.IsWeight || p.Name.EndsWith("running_var", StringComparison.Ordinal) ? 1 : 0)).ToArray();
        ForEachTrainer(stack, samples, parameters, (trainer, what) =>
        {
            var output = new float[dy.Length];
            trainer.Forward(input, output);
            double normal = 0.1 / Math.Sqrt(0.01 + 1e-5);
            AssertAll($"output of {what}", normal, Array.ConvertAll(output, Math.Abs));
            trainer.BackwardFromOutput(dy, new float[input.Length]);
            foreach ((Parameter gradient, ParameterInfo info) in trainer.Gradients.Zip(stack.Parameters.Where(p => p.IsLearned)))
            {
                double terms = (double)input.Length / info.Length;
                AssertAll($"gradient of {info.Name}, {what}", terms * 0.1 * (info.IsWeight ? normal : 1), gradient.ToArray());
            }
            return trainer.Gradients.SelectMany(g => g.ToArray()).ToArray();
        });
    }

    [Theory]
    [InlineData("in:17x96x96 prelu:17", 8)]
    [InlineData("in:3x96x96 prelu:3", 17)]
    [InlineData("in:5x96x96 prelu", 8)]
    [InlineData("in:20 prelu:20", 40000)]
    [InlineData("in:40000 prelu", 8)]
    public void Gradients_of_slopes(string text, int samples)
    {
        Stack stack = Stack.Parse(text);
        float[] input = Filled(samples * stack.Input.Size, -0.1f), dy = Filled(samples * stack.Output.Size, 0.1f);
        float[][] parameters = stack.Parameters.Select(p => Filled(p.Length, 0.25f)).ToArray();
        ForEachTrainer(stack, samples, parameters, (trainer, what) =>
        {
            trainer.Forward(input, new float[dy.Length]);
            trainer.BackwardFromOutput(dy, new float[input.Length]);
            float[] gradient = trainer.Gradients[0].ToArray();
            AssertAll($"gradient of {what}", -0.01 * input.Length / gradient.Length, gradient);
            return gradient;
        });
    }

    [Theory]
    [InlineData("in:17x256x256 aavg:1")]
    [InlineData("in:3x300x301 aavg:1")]
    [InlineData("in:3x256x256 aavg:2x3")]
    [InlineData("in:17x200x220 avg:k150,s50")]
    [InlineData("in:3x40000 avg:k20000")]
    [InlineData("in:20x40000 aavg:1")]
    public void Averages(string text)
    {
        Stack stack = Stack.Parse(text);
        foreach (int samples in new[] { 1, 16 })
        {
            float[] input = Filled(samples * stack.Input.Size, 0.1f), output = new float[samples * stack.Output.Size];
            foreach (VectorWidth width in NetworkChecker.Widths)
            {
                using ISessionAdapter session = CompiledNetworks.Of(stack).Create(1).CreateSession(samples,
                    new SessionOptions { VectorWidth = width });
                session.Forward(input, output);
                AssertAll($"output of {text} on {width}", 0.1, output);
            }
        }
    }

    [Fact]
    public void Sums_over_classes()
    {
        const int Classes = 70000;
        Stack softmax = Stack.Parse($"in:{Classes} softmax"), logSoftmax = Stack.Parse($"in:{Classes} logsoftmax"),
            loss = Stack.Parse($"in:1x1x{Classes} flatten ce:e=0.5");
        float[] input = Filled(Classes, 0.1f), ones = Filled(Classes, 0.1f), result = new float[Classes];
        foreach (VectorWidth width in NetworkChecker.Widths)
        {
            var options = new TrainerOptions { VectorWidth = width };
            using (ITrainerAdapter trainer = CompiledNetworks.Of(softmax).Create(1).CreateTrainer(1, new SGD(0.1f), options))
            {
                trainer.Forward(input, result);
                AssertAll($"softmax on {width}", 1.0 / Classes, result);
                trainer.BackwardFromOutput(ones, result);
                Assert.All(result, g => Assert.Equal(0, g * Classes, 0.1 * Bound));
            }
            using (ITrainerAdapter trainer = CompiledNetworks.Of(logSoftmax).Create(1).CreateTrainer(1, new SGD(0.1f), options))
            {
                trainer.Forward(input, result);
                AssertAll($"log-softmax on {width}", -Math.Log(Classes), result);
                trainer.BackwardFromOutput(ones, result);
                Assert.All(result, g => Assert.Equal(0, g, 0.1 * Bound));
            }
            using (ITrainerAdapter trainer = CompiledNetworks.Of(loss).Create(1).CreateTrainer(1, new SGD(0.1f), options))
            {
                trainer.Forward(input, result);
                Assert.Equal(Math.Log(Classes), trainer.Backward([3], [], result), Bound * Math.Log(Classes));
                Assert.Equal((1.0 - 0.5) / Classes, result[4], Bound / Classes);
            }
        }
    }

    /// <summary>On every width; on the widest on two threads too, with the bits of one.</summary>
    private static void ForEachTrainer(Stack stack, int samples, float[][] parameters, Func<ITrainerAdapter, string, float[]> gradients)
    {
        float[]? widest = null;
        IEnumerable<(VectorWidth, int)> ways = NetworkChecker.Widths.Select(width => (width, 1)).Append((NetworkChecker.Widths[0], 2));
        foreach ((VectorWidth width, int threads) in ways)
        {
            INetworkInstance net = NetworkChecker.CreateWith(CompiledNetworks.Of(stack), stack, parameters);
            using ITrainerAdapter trainer = net.CreateTrainer(samples, new SGD(0.1f),
                new TrainerOptions { VectorWidth = width, Threads = threads });
            float[] result = gradients(trainer, $"{stack.Text} on {width}, {threads} threads");
            widest ??= result;
            if (threads > 1)
                Check.That(widest.AsSpan().SequenceEqual(result), $"{stack.Text} on {width}: two threads give other bits than one.");
        }
    }

    private static float[] Filled(int length, float value)
    {
        var values = new float[length];
        Array.Fill(values, value);
        return values;
    }

    private static void AssertAll(string what, double expected, float[] actual)
    {
        for (int i = 0; i < actual.Length; i++)
            Check.That(Math.Abs(actual[i] - expected) <= Bound * Math.Abs(expected),
                $"{what}: element {i} is {actual[i]:R}, expected {expected:R}.");
    }
}
