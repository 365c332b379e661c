using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>Gradients in the parts of passes that read the whole batch, beside those behind all samples.</summary>
[Network(3, 6, 6)]
[Conv2d(16, 3, Padding = 1, Bias = false), BatchNorm2d, ReLU, Conv2d(16, 3, Padding = 1), ReLU, Flatten, Linear(5), CrossEntropyLoss]
internal sealed partial class Accumulated;

/// <summary>A loss that is not defined for every output.</summary>
[Network(4)]
[Linear(3), PReLU, BCELoss]
internal sealed partial class AccumulatedProbabilities;

/// <summary>Gradients of several backward passes, added before one update.</summary>
public sealed class GradientAccumulationTests
{
    private const int Samples = 6, Passes = 3;

    public static TheoryData<VectorWidth, int> Configurations
    {
        get
        {
            var data = new TheoryData<VectorWidth, int>();
            foreach (VectorWidth width in Harness.NetworkChecker.Widths)
            {
                foreach (int threads in new[] { 1, 2, 3 })
                    data.Add(width, threads);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Configurations))]
    public void A_sum_is_that_of_its_passes_bit_for_bit(VectorWidth width, int threads)
    {
        var net = new Accumulated(seed: 3);
        var options = new TrainerOptions { VectorWidth = width, Threads = threads };
        using Accumulated.Trainer single = net.CreateTrainer(Samples, new SGD(0), new TrainerOptions { VectorWidth = width, Threads = 1 });
        using Accumulated.Trainer trainer = net.CreateTrainer(Samples, new SGD(0), options);
        trainer.AccumulateGradients = true;
        // Twice: the first pass behind an update begins anew.
        for (int round = 0; round < 2; round++)
        {
            float[][] sums = [];
            for (int pass = 0; pass < Passes; pass++)
            {
                float[] input = Input(10 * round + pass), inputGradient = new float[input.Length], expectedInput = new float[input.Length];
                single.Forward(input, default);
                float expected = single.Backward(Labels(pass), expectedInput);
                float[][] own = Gradients(single);
                sums = pass == 0 ? own : [.. sums.Zip(own, (sum, gradient) => sum.Zip(gradient, (a, b) => a + b).ToArray())];
                trainer.Forward(input, default);
                Assert.Equal(expected, trainer.Backward(Labels(pass), inputGradient));
                Assert.Equal(expectedInput, inputGradient);
                Assert.Equal(sums, Gradients(trainer));
            }
            trainer.Update();
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Gradients_of_the_callers_are_added_and_a_step_ends_the_sum(int threads)
    {
        var options = new TrainerOptions { Threads = threads };
        Accumulated net = new(seed: 4), other = new(seed: 4);
        using Accumulated.Trainer trainer = net.CreateTrainer(Samples, new SGD(0.5f), options);
        using Accumulated.Trainer single = other.CreateTrainer(Samples, new SGD(0), options);
        trainer.AccumulateGradients = true;
        float[] outputGradient = Numbers.Uniform(7, Samples * Accumulated.OutputSize);
        foreach (Accumulated.Trainer each in new[] { trainer, single })
        {
            each.Forward(Input(1), default);
            each.BackwardFromOutput(outputGradient, default);
        }
        float[][] first = Gradients(single), before = Values(net);
        single.Forward(Input(2), default);
        float expected = single.Backward(Labels(2));
        Assert.Equal(expected, trainer.Step(Input(2), Labels(2)));
        float[][] sums = [.. first.Zip(Gradients(single), (a, b) => a.Zip(b, (x, y) => x + y).ToArray())];
        Assert.Equal(sums, Gradients(trainer));
        Parameter[] learned = [.. net.Parameters.Where(parameter => parameter.IsLearned)];
        for (int p = 0; p < learned.Length; p++)
            Assert.Equal(before[p].Zip(sums[p], (weight, gradient) => weight - 0.5f * gradient), learned[p].ToArray());

        // What was there is used up.
        other.Parameters.Zip(net.Parameters).ToList().ForEach(pair => pair.First.CopyFrom(pair.Second.ToArray()));
        single.Forward(Input(3), default);
        single.Backward(Labels(3));
        trainer.Forward(Input(3), default);
        trainer.Backward(Labels(3));
        Assert.Equal(Gradients(single), Gradients(trainer));
    }

    [Fact]
    public void Shared_parameters_and_several_losses_accumulate()
    {
        Check(new SharedTowers(seed: 5).CreateTrainer(Samples, new SGD(0)), new SharedTowers(seed: 5).CreateTrainer(Samples, new SGD(0)),
            (trainer, seed) =>
            {
                trainer.Forward(Numbers.Uniform(seed, Samples * SharedTowers.InputSize), default);
                trainer.Backward(Numbers.Uniform(seed + 1, Samples * SharedTowers.OutputSize));
                return trainer.Gradients.All;
            });
        Check(new SeveralPorts(seed: 5).CreateTrainer(Samples, new SGD(0)), new SeveralPorts(seed: 5).CreateTrainer(Samples, new SGD(0)),
            (trainer, seed) =>
            {
                trainer.Forward(Numbers.Uniform(seed, Samples * SeveralPorts.ImageSize),
                    Numbers.Uniform(seed + 1, Samples * SeveralPorts.PositionSize), default, default, default, default, default);
                trainer.Backward([0, 1, 2, 3, 0, 1], Numbers.Uniform(seed + 2, Samples * SeveralPorts.BoxSize),
                    Numbers.Uniform(seed + 3, Samples * SeveralPorts.AgainSize));
                return trainer.Gradients.All;
            });

        static void Check<T>(T single, T accumulating, Func<T, int, IReadOnlyList<Parameter>> pass)
            where T : CompilerServices.TrainerCore
        {
            using (single)
            using (accumulating)
            {
                accumulating.AccumulateGradients = true;
                float[][] first = [.. pass(single, 20).Select(gradient => gradient.ToArray())];
                float[][] second = [.. pass(single, 30).Select(gradient => gradient.ToArray())];
                pass(accumulating, 20);
                float[][] sums = [.. pass(accumulating, 30).Select(gradient => gradient.ToArray())];
                Assert.Equal(first.Zip(second, (a, b) => a.Zip(b, (x, y) => x + y).ToArray()), sums);
            }
        }
    }

    [Fact]
    public void A_factor_of_one_over_the_batches_gives_the_gradients_of_one_batch()
    {
        var net = new SharedTowers(seed: 6);
        float[] input = Numbers.Uniform(8, 2 * Samples * SharedTowers.InputSize);
        float[] target = Numbers.Uniform(9, 2 * Samples * SharedTowers.OutputSize);
        using SharedTowers.Trainer whole = net.CreateTrainer(2 * Samples, new SGD(0)), halves = net.CreateTrainer(Samples, new SGD(0));
        whole.Forward(input, default);
        float expected = whole.Backward(target);
        halves.AccumulateGradients = true;
        halves.GradientFactor = 0.5;
        float loss = 0;
        for (int half = 0; half < 2; half++)
        {
            halves.Forward(input.AsSpan(half * Samples * SharedTowers.InputSize, Samples * SharedTowers.InputSize), default);
            loss += halves.Backward(target.AsSpan(half * Samples * SharedTowers.OutputSize, Samples * SharedTowers.OutputSize)) / 2;
        }
        Assert.Equal(expected, loss, 1e-6f);
        foreach ((Parameter one, Parameter two) in whole.Gradients.All.Zip(halves.Gradients.All))
        {
            float scale = one.ToArray().Max(Math.Abs);
            Assert.All(one.ToArray().Zip(two.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * scale));
        }
        foreach (double wrong in new[] { double.NaN, double.PositiveInfinity })
            Assert.Throws<ArgumentOutOfRangeException>(() => halves.GradientFactor = wrong);
        Assert.Equal(0.5, halves.GradientFactor);
    }

    [Fact]
    public void What_was_added_up_can_be_given_up()
    {
        var net = new Accumulated(seed: 7);
        using Accumulated.Trainer trainer = net.CreateTrainer(Samples, new SGD(0.1f));
        Assert.False(trainer.AccumulateGradients);
        trainer.AccumulateGradients = true;
        trainer.Forward(Input(1), default);
        trainer.Backward(Labels(1));
        float[][] first = Gradients(trainer);
        // Between a pass and its update further forward passes may come; an update goes by what is there.
        trainer.Forward(Input(2), default);
        trainer.Backward(Labels(2));
        trainer.ZeroGradients();
        Assert.All(trainer.Gradients.All, gradient => Assert.All(gradient.ToArray(), value => Assert.Equal(0, value)));
        Assert.Throws<InvalidOperationException>(trainer.Update);
        trainer.Forward(Input(1), default);
        trainer.Backward(Labels(1));
        Assert.Equal(first, Gradients(trainer));
        trainer.AccumulateGradients = false;
        trainer.Forward(Input(1), default);
        trainer.Backward(Labels(1));
        Assert.Equal(first, Gradients(trainer));
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.AccumulateGradients = true);
    }

    [Fact]
    public void A_pass_that_fails_leaves_the_sum_as_it_was()
    {
        var net = new AccumulatedProbabilities(seed: 1);
        net.Linear1.Weight.Fill(0);
        net.Linear1.Bias.Fill(0.5f);
        using AccumulatedProbabilities.Trainer trainer = net.CreateTrainer(2, new SGD(1));
        trainer.AccumulateGradients = true;
        float[] input = Numbers.Uniform(1, 2 * 4), target = [0, 1, 1, 0, 1, 0];
        trainer.Forward(input, default);
        trainer.Backward(target);
        float[][] sums = [.. trainer.Gradients.All.Select(gradient => gradient.ToArray())];
        net.Linear1.Bias.Fill(2);
        trainer.Forward(input, default);
        Assert.Throws<ArithmeticException>(() => trainer.Backward(target));
        Assert.Equal(sums, trainer.Gradients.All.Select(gradient => gradient.ToArray()));
        trainer.Update();
        Assert.Equal(sums[1].Select(gradient => 2 - gradient), net.Linear1.Bias.ToArray());
    }

    private static float[] Input(int seed) => Numbers.Uniform(100 + seed, Samples * Accumulated.InputSize);

    private static int[] Labels(int seed) => [.. Enumerable.Range(0, Samples).Select(i => (i + seed) % Accumulated.OutputSize)];

    private static float[][] Gradients(Accumulated.Trainer trainer) =>
    [
        .. trainer.Gradients.All.Zip(trainer.Network.Parameters).Where(pair => pair.Second.IsLearned).Select(pair => pair.First.ToArray()),
    ];

    private static float[][] Values(Accumulated net) =>
        [.. net.Parameters.Where(parameter => parameter.IsLearned).Select(parameter => parameter.ToArray())];
}
