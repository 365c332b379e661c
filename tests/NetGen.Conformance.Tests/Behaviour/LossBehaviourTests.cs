using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// What losses do at the edges: everything ignored, outputs outside of what they are defined for, wrong targets, losses of single
/// samples.
/// </summary>
public sealed class LossBehaviourTests
{
    private static readonly Stack
        Ignoring = Stack.Parse("in:3 linear:4 ce", "LossIgnoring"), Weighted = Stack.Parse("in:3 linear:2 ce:w=1/3,i=-1", "LossWeighted"),
        Both = Stack.Parse("in:3 linear:4 ce:prob", "LossBoth"), Binary = Stack.Parse("in:3 linear:5 bce", "LossBinary"),
        Logits = Stack.Parse("in:1x1x3 flatten bcelogits", "LossLogits"), Squares = Stack.Parse("in:3 linear:5 mse", "LossSquares"),
        Summed = Stack.Parse("in:3 linear:5 mse:sum", "LossSummed"), Pairs = Stack.Parse("in:3 linear:4 cosine", "LossPairs"),
        Absolute = Stack.Parse("in:1x1x3 flatten l1", "LossAbsolute");

    private static readonly CompiledNetworks.Group Compiled = new([Ignoring, Weighted, Both, Binary, Logits, Squares, Summed, Pairs,
        Absolute]);

    public static TheoryData<string> Forms => new(CodeForm.All.Select(form => form.ToString()));

    private static (INetworkInstance Net, ITrainerAdapter Trainer) Train(Stack stack, CodeForm form, int threads = 1)
    {
        INetworkInstance net = NetworkChecker.CreateWith(Compiled[stack.Name, form.Consumer], stack,
            ParameterInfo.Values(stack.Parameters, 5));
        return (net, net.CreateTrainer(4, new SGD(0.1f), new TrainerOptions { VectorWidth = form, Threads = threads }));
    }

    private static float[][] Parameters(INetworkInstance net) => net.LayerParameters.Select(p => p.ToArray()).ToArray();

    private static void AssertNear(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-7f);
    }

    [Theory, MemberData(nameof(Forms))]
    public void Where_every_label_is_ignored_the_loss_is_NaN_and_the_gradients_are_zero(string form)
    {
        foreach ((Stack stack, int ignored) in new[] { (Ignoring, -100), (Weighted, -1) })
        {
            (INetworkInstance net, ITrainerAdapter trainer) = Train(stack, CodeForm.Named(form));
            using (trainer)
            {
                float[][] before = Parameters(net);
                Assert.Equal(float.NaN, trainer.Step(Numbers.Uniform(1, 12), [ignored, ignored, ignored, ignored], []));
                Assert.All(trainer.Gradients, g => Assert.All(g.ToArray(), v => Assert.Equal(0, v)));
                Assert.Equal(before, Parameters(net));
            }
        }
    }

    /// <summary>As in PyTorch's documentation: the mean divides by the weights of the labels.</summary>
    [Theory, MemberData(nameof(Forms))]
    public void A_label_counts_as_its_weight(string form)
    {
        (_, ITrainerAdapter trainer) = Train(Weighted, CodeForm.Named(form));
        using (trainer)
        {
            float[] one = Numbers.Uniform(2, 3), other = Numbers.Uniform(3, 3);
            float Loss(float[] input, params int[] labels)
            {
                trainer.Forward(input, []);
                return trainer.Backward(labels, []);
            }
            double alone = Loss(one, 0), weighty = Loss(other, 1);
            Assert.Equal((alone + 3 * weighty) / 4, Loss([.. one, .. other], 0, 1), 1e-6);
            Assert.Equal(alone, Loss([.. one, .. other], 0, -1), 1e-6);
            Assert.Equal(weighty, Loss([.. one, .. other], -1, 1), 1e-6);
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Outputs_that_are_no_probabilities_are_refused_and_nothing_is_learnt(string form)
    {
        foreach (float bad in new[] { 1e3f, -1e3f, float.NaN })
        {
            (INetworkInstance net, ITrainerAdapter trainer) = Train(Binary, CodeForm.Named(form), threads: 2);
            using (trainer)
            {
                // Only the last sample is outside, and only in its last output.
                net.LayerParameters[0].CopyFrom(Enumerable.Range(0, 15).Select(i => i == 14 ? 1f : 0f).ToArray());
                net.LayerParameters[1].CopyFrom([0, 1, 0.5f, 0.25f, 0.5f]);
                float[][] before = Parameters(net);
                var target = new float[15];
                var exception = Assert.Throws<ArithmeticException>(() => trainer.Step([0, 0, 0, 0, 0, 0.25f, 0, 0, bad], [], target));
                Assert.Contains("BCEWithLogitsLoss", exception.Message, StringComparison.Ordinal);
                Assert.Contains("sample 2", exception.Message, StringComparison.Ordinal);
                Assert.Equal(before, Parameters(net));
                Assert.Throws<InvalidOperationException>(trainer.Update);

                // The bounds themselves are probabilities: −log 0 counts as 100.
                float[] certain = [1, 0, 0.5f, 0.25f, 0.5f];
                trainer.Forward([0, 0, 0], []);
                Assert.Equal((200 + 2 * Math.Log(2) + 0.25 * Math.Log(4) + 0.75 * Math.Log(4.0 / 3)) / 5, trainer.Backward([], certain),
                    1e-4);
            }
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void Logits_of_any_size_have_finite_losses(string form)
    {
        (_, ITrainerAdapter trainer) = Train(Logits, CodeForm.Named(form));
        using (trainer)
        {
            var gradient = new float[3];
            trainer.Forward([1e30f, -1e30f, 500], []);
            Assert.Equal(500f / 3, trainer.Backward([], [1, 0, 0], gradient), 1e-4f);
            AssertNear([0, 0, 1f / 3], gradient);
            trainer.Forward([-500, 500, 0], []);
            Assert.Equal((1000 + (float)Math.Log(2)) / 3, trainer.Backward([], [1, 0, 0.5f], gradient), 1e-3f);
            AssertNear([-1f / 3, 1f / 3, 0], gradient);
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void The_absolute_error_has_no_slope_at_zero(string form)
    {
        (_, ITrainerAdapter trainer) = Train(Absolute, CodeForm.Named(form));
        using (trainer)
        {
            var gradient = new float[3];
            trainer.Forward([1, 2, 3], []);
            Assert.Equal(2f / 3, trainer.Backward([], [1, 1, 4], gradient), 1e-6f);
            AssertNear([0, 1f / 3, -1f / 3], gradient);
        }
    }

    /// <summary>A distribution that is certain is a label; both overloads stand on one trainer.</summary>
    [Theory, MemberData(nameof(Forms))]
    public void Certain_probabilities_are_labels(string form)
    {
        float[] input = Numbers.Uniform(7, 12);
        (_, ITrainerAdapter labelled) = Train(Ignoring, CodeForm.Named(form));
        (_, ITrainerAdapter trainer) = Train(Both, CodeForm.Named(form));
        using (labelled)
        using (trainer)
        {
            var target = new float[16];
            int[] labels = [2, 0, 3, 1];
            for (int i = 0; i < 4; i++)
                target[4 * i + labels[i]] = 1;
            for (int step = 0; step < 3; step++)
                Assert.Equal(labelled.Step(input, labels, []), trainer.Step(input, [], target), 1e-6f);
        }
    }

    [Theory, MemberData(nameof(Forms))]
    public void The_sum_is_that_of_the_samples(string form)
    {
        float[] input = Numbers.Uniform(8, 12), target = Numbers.Uniform(9, 20);
        (_, ITrainerAdapter mean) = Train(Squares, CodeForm.Named(form));
        (_, ITrainerAdapter sum) = Train(Summed, CodeForm.Named(form));
        using (mean)
        using (sum)
        {
            Assert.Equal(0, mean.SampleLosses.Length);
            float meanLoss = mean.Step(input, [], target), summed = sum.Step(input, [], target);
            Assert.Equal(20 * meanLoss, summed, 1e-4f);
            Assert.Equal(4, mean.SampleLosses.Length);
            Assert.Equal(mean.SampleLosses.ToArray(), sum.SampleLosses.ToArray());
            Assert.Equal(summed, sum.SampleLosses.ToArray().Sum(), 1e-4);
        }
    }

    [Fact]
    public void Wrong_targets_are_refused()
    {
        (_, ITrainerAdapter ignoring) = Train(Ignoring, CodeForm.All[0]);
        (_, ITrainerAdapter pairs) = Train(Pairs, CodeForm.All[0]);
        using (ignoring)
        using (pairs)
        {
            float[] input = Numbers.Uniform(1, 6), vectors = Numbers.Uniform(2, 8);
            Assert.Contains("-100 to ignore", Assert.Throws<ArgumentOutOfRangeException>("target", () =>
                ignoring.Step(input, [0, -1], [])).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>("target", () => ignoring.Step(input, [4, -100], []));
            Assert.Throws<ArgumentOutOfRangeException>("labels", () => pairs.Step(input, [1, 0], vectors));
            Assert.Throws<ArgumentException>("labels", () => pairs.Step(input, [1], vectors));
            Assert.Throws<ArgumentException>("target", () => pairs.Step(input, [1, -1], vectors.AsSpan(1)));
            Assert.True(pairs.Step(input, [1, -1], vectors) > 0);
        }
    }
}
