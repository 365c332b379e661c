using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

/// <summary>Settings are written as floats, doubles or whole numbers, and mean the same.</summary>
public sealed unsafe class OptimizerNumberTests
{
    private const int Count = 37;

    public static TheoryData<string> Pairs => [.. s_pairs.Keys];

    private static readonly Dictionary<string, (Func<Optimizer> Floats, Func<Optimizer> Doubles)> s_pairs = new()
    {
        ["sgd"] = (() => new SGD(0.1f, 0.9f, 0.1f, 5e-4f), () => new SGD(0.1, 0.9, 0.1, 5e-4)),
        ["nesterov"] = (() => new SGD(0.1f, momentum: 0.9f, nesterov: true), () => new SGD(0.1, momentum: 0.9, nesterov: true)),
        ["mixed"] = (() => new SGD(0.1f, 0.9f), () => new SGD(0.1, 0.9f)),
        ["whole"] = (() => new SGD(1f), () => new SGD(1)),
        ["adam"] = (() => new Adam(1e-3f, 0.85f, 0.99f, 1e-7f, 1e-2f, true), () => new Adam(1e-3, 0.85, 0.99, 1e-7, 1e-2, true)),
        ["adam by default"] = (() => new Adam(1e-3f, 0.9f, 0.999f, 1e-8f, 0, false), () => new Adam()),
        ["adam by name"] = (() => new Adam(beta2: 0.99f), () => new Adam(beta2: 0.99)),
        ["adamw"] = (() => new AdamW(3e-4f, weightDecay: 0.1f), () => new AdamW(3e-4, weightDecay: 0.1)),
        ["rmsprop"] = (() => new RMSprop(0.01f, 0.9f, 1e-6f, 1e-4f, 0.8f, true), () => new RMSprop(0.01, 0.9, 1e-6, 1e-4, 0.8, true)),
        ["adagrad"] = (() => new Adagrad(0.05f, 1e-3f, 1e-4f, 0.1f, 1e-9f), () => new Adagrad(0.05, 1e-3, 1e-4, 0.1, 1e-9)),
        ["rate"] = (() => new Adam { LearningRate = 0.003f }, () => WithRate(new Adam(), 0.003)),
        ["groups"] = (
            () => Grouped(new ParameterGroup("w") { LearningRate = 0.03f, WeightDecay = 0.01f, Momentum = 0.7f }),
            () => Grouped(new ParameterGroup("w") { LearningRate = 0.03, WeightDecay = 0.01, Momentum = 0.7 })),
        ["factor"] = (
            () => Grouped(new ParameterGroup("w") { LearningRateFactor = 0.3f }),
            () => Grouped(new ParameterGroup("w") { LearningRateFactor = 0.3 })),
    };

    [Theory, MemberData(nameof(Pairs))]
    public void Floats_and_doubles_that_are_written_alike_make_the_same_bits(string name)
        => Assert.Equal(Trained(s_pairs[name].Floats()), Trained(s_pairs[name].Doubles()));

    [Fact]
    public void A_double_keeps_its_digits()
    {
        var optimizer = new SGD(1.0 / 3);
        Assert.Equal(1 / 3f, optimizer.LearningRate);
        var scheduler = new LearningRateScheduler(optimizer, new ExponentialLR(0.5));
        scheduler.Step();
        Assert.Equal((float)(1.0 / 6), optimizer.LearningRate);
        Assert.Contains(" 0.16666666666666666", " " + scheduler.GetState()["rates"], StringComparison.Ordinal);

        var group = new ParameterGroup("a") { LearningRate = 1e-3f, LearningRateFactor = 0.1f, WeightDecay = null };
        Assert.Equal((1e-3, 0.1, null, null), (group.LearningRate, group.LearningRateFactor, group.WeightDecay, group.Momentum));
    }

    [Fact]
    public void What_no_float_holds_is_refused_and_nothing_changes()
    {
        foreach (double bad in new[] { -1e-9, double.NaN, double.PositiveInfinity, 1e39 })
        {
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => new Adam(bad));
            Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => new Adagrad(epsilon: bad));
            Assert.Throws<ArgumentOutOfRangeException>("initialAccumulatorValue", () => new Adagrad(initialAccumulatorValue: bad));
            Assert.Throws<ArgumentOutOfRangeException>("alpha", () => new RMSprop(alpha: bad));
            var optimizer = new SGD(0.5);
            Assert.Throws<ArgumentOutOfRangeException>("learningRate", () => optimizer.SetLearningRate(bad));
            Assert.Equal(0.5f, optimizer.LearningRate);
        }
        Assert.Throws<ArgumentOutOfRangeException>("dampening", () => new SGD(1, dampening: 1e39));
        Assert.Throws<ArgumentOutOfRangeException>("beta2", () => new Adam(beta2: 1));
    }

    /// <summary>A library that was compiled against floats calls these by their whole signature.</summary>
    [Fact]
    public void The_constructors_of_floats_are_still_there()
    {
        foreach ((Type type, int floats, int flags) in new[]
            { (typeof(SGD), 4, 1), (typeof(Adam), 5, 1), (typeof(AdamW), 5, 1), (typeof(RMSprop), 5, 1), (typeof(Adagrad), 5, 0) })
        {
            Type[] signature = [.. Enumerable.Repeat(typeof(float), floats), .. Enumerable.Repeat(typeof(bool), flags)];
            Assert.NotNull(type.GetConstructor(signature));
        }
    }

    [Fact]
    public void Clipping_takes_both()
        => Assert.Equal(
            new TrainerOptions { ClipGradientNorm = 1, ClipGradientValue = 0.5 },
            new TrainerOptions { ClipGradientNorm = 1f, ClipGradientValue = 0.5f });

    private static SGD Grouped(ParameterGroup group) => new(0.1, 0.9) { Groups = { group } };

    private static Adam WithRate(Adam optimizer, double rate)
    {
        optimizer.SetLearningRate(rate);
        return optimizer;
    }

    private static float[] Trained(Optimizer optimizer)
    {
        using AlignedBuffer weights = Floats.Buffer(Floats.Random(Count, 1));
        var layout = new TensorLayout(new TensorDimension(Count, 1));
        var parameter = new Parameter("w", [Count], weights, 0, layout, ParameterKind.Weight, 1, 1);
        using var state = new OptimizerState(optimizer, [parameter], Count, new TrainerOptions(), VectorWidth.Vector128);
        for (int step = 0; step < 5; step++)
        {
            using AlignedBuffer gradients = Floats.Buffer(Floats.Random(Count, 2 + step));
            state.BeginStep();
            state.UpdateRange(weights.Pointer, gradients.Pointer, 0, Count);
        }
        return weights.Span()[..Count].ToArray();
    }
}
