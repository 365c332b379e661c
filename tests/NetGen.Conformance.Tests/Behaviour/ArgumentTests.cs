using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>What the generated members say to wrong arguments, and that nothing has changed afterwards.</summary>
public sealed class ArgumentTests
{
    private const int Batch = 4;
    private static readonly Stack Classifier = Stack.Parse("in:6 linear:5 relu linear:3 ce", "Classifier");
    private static readonly Stack Regression = Stack.Parse("in:2x3x3 conv:4,k2 tanh flatten linear:2 mse", "Regression");
    private static readonly Stack Lossless = Stack.Parse("in:6 linear:4", "Lossless");
    private static readonly CompiledNetworks.Group Compiled = new([Classifier, Regression, Lossless]);

    private static readonly float[] Input = Numbers.Uniform(1, Batch * 6);
    private static readonly int[] Labels = [0, 2, 1, 0];

    private static INetworkInstance Net(Stack stack) => Compiled[stack.Name].Create(1);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(30)] // five samples where four are the most
    public void Input_must_hold_whole_samples_up_to_the_batch(int length)
    {
        using ISessionAdapter session = Net(Classifier).CreateSession(Batch);
        using ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        var output = new float[15];
        int[] labels = new int[Math.Max(1, length / 6)];
        foreach (Action call in new Action[]
        {
            () => session.Forward(new float[length], output.AsSpan(0, Math.Min(15, length / 6 * 3))),
            () => trainer.Forward(new float[length], output.AsSpan(0, Math.Min(15, length / 6 * 3))),
            () => trainer.Step(new float[length], labels, []),
        })
        {
            ArgumentException exception = Assert.ThrowsAny<ArgumentException>(call);
            Assert.Equal("input", exception.ParamName);
            AssertSays(exception, length.ToString(), "6", Batch.ToString());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(12)]
    public void Output_must_fit_the_samples_exactly(int length)
    {
        using ISessionAdapter session = Net(Classifier).CreateSession(Batch);
        using ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        foreach (Action call in new Action[]
        {
            () => session.Forward(Input.AsSpan(0, 12), new float[length]),
            () => trainer.Forward(Input.AsSpan(0, 12), new float[length == 0 ? 1 : length]), // a trainer's may be empty
        })
        {
            ArgumentException exception = Assert.ThrowsAny<ArgumentException>(call);
            Assert.Equal("output", exception.ParamName);
            AssertSays(exception, "length is", "6");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Targets_must_fit_the_samples(int count)
    {
        using ITrainerAdapter classifier = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        classifier.Forward(Input, new float[12]);
        using ITrainerAdapter regression = Net(Regression).CreateTrainer(Batch, new SGD(0.1f));
        float[] images = Numbers.Uniform(2, Batch * 18);
        regression.Forward(images, new float[8]);
        foreach (Action call in new Action[]
        {
            () => classifier.Step(Input, new int[count], []),
            () => classifier.Backward(new int[count], []),
            () => classifier.Backward(new int[count], [], new float[24]),
            () => regression.Step(images, [], new float[count]),
            () => regression.Backward([], new float[count]),
        })
        {
            ArgumentException exception = Assert.ThrowsAny<ArgumentException>(call);
            Assert.Equal("target", exception.ParamName);
            AssertSays(exception, count.ToString(), "4");
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Labels_must_be_classes(int label)
    {
        int[] labels = [0, 1, label, 2];
        using ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        trainer.Forward(Input, new float[12]);
        foreach (Action call in new Action[]
        {
            () => trainer.Step(Input, labels, []),
            () => trainer.Backward(labels, []),
            () => trainer.Backward(labels, [], new float[24]),
        })
        {
            ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(call);
            Assert.Equal("target", exception.ParamName);
            // Value, index, and what is allowed.
            AssertSays(exception, label.ToString(System.Globalization.CultureInfo.InvariantCulture), "index 2", "0 to 2");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    [InlineData(30)]
    public void Gradients_must_fit_the_samples(int length)
    {
        using ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        trainer.Forward(Input, new float[12]);
        foreach (Action call in new Action[]
        {
            () => trainer.Backward(Labels, [], new float[length]),
            () => trainer.BackwardFromOutput(new float[12], new float[length]),
        })
        {
            ArgumentException exception = Assert.ThrowsAny<ArgumentException>(call);
            Assert.Equal("inputGradient", exception.ParamName);
            AssertSays(exception, length.ToString(), "24");
        }
        ArgumentException output = Assert.ThrowsAny<ArgumentException>(() => trainer.BackwardFromOutput(new float[length], []));
        Assert.Equal("outputGradient", output.ParamName);
        AssertSays(output, length.ToString(), "12");
    }

    [Fact]
    public void An_empty_input_gradient_is_not_wanted()
    {
        using ITrainerAdapter trainer = Net(Lossless).CreateTrainer(Batch, new SGD(0.1f));
        trainer.Forward(Input, new float[16]);
        trainer.BackwardFromOutput(Numbers.Uniform(3, 16), []);
        Assert.Contains(trainer.Gradients[0].ToArray(), v => v != 0);
    }

    /// <summary>Calls that fail between steps leave no trace: the run is the same as without them.</summary>
    [Fact]
    public void Failed_calls_change_nothing()
    {
        foreach (Stack stack in new[] { Classifier, Regression })
        {
            float[] input = Numbers.Uniform(5, Batch * stack.Input.Size);
            Target target = Target.For(stack, 6, Batch);
            float[][] Run(bool disturbed)
            {
                INetworkInstance net = Net(stack);
                using ITrainerAdapter trainer = net.CreateTrainer(Batch, new Adam(0.01f));
                var output = new float[Batch * stack.Output.Size];
                for (int step = 0; step < 3; step++)
                {
                    if (disturbed)
                        Disturb(trainer, net, stack, input, target);
                    trainer.Step(input, target.Labels, target.Values);
                }
                trainer.Forward(input, output);
                if (disturbed)
                    Disturb(trainer, net, stack, input, target);
                trainer.Backward(target.Labels, target.Values);
                float[][] gradients = trainer.Gradients.Select(g => g.ToArray()).ToArray();
                if (disturbed)
                    Disturb(trainer, net, stack, input, target);
                Assert.Equal(gradients, trainer.Gradients.Select(g => g.ToArray()));
                trainer.Update();
                return [output, .. net.LayerParameters.Select(p => p.ToArray())];
            }
            Assert.Equal(Run(false), Run(true));
        }
    }

    private static void Disturb(ITrainerAdapter trainer, INetworkInstance net, Stack stack, float[] input, Target target)
    {
        float[][] before = net.LayerParameters.Select(p => p.ToArray()).ToArray();
        var output = new float[Batch * stack.Output.Size];
        Array.Fill(output, 7f);
        Assert.ThrowsAny<ArgumentException>(() => trainer.Step(input.AsSpan(1), target.Labels, target.Values));
        Assert.ThrowsAny<ArgumentException>(() => trainer.Step(input, [0], [0]));
        Assert.ThrowsAny<ArgumentException>(() => trainer.Forward(input, output.AsSpan(1)));
        Assert.ThrowsAny<ArgumentException>(() => trainer.Forward(input.AsSpan(1), output));
        Assert.ThrowsAny<Exception>(() => trainer.Backward([0], [0]));
        Assert.ThrowsAny<Exception>(() => trainer.BackwardFromOutput([0], []));
        if (stack.Loss is CrossEntropyLoss)
            Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(input, [0, 0, 0, 99], []));
        Assert.All(output, v => Assert.Equal(7, v));
        Assert.Equal(before, net.LayerParameters.Select(p => p.ToArray()));
    }

    [Fact]
    public void Backward_needs_a_forward_and_update_a_backward()
    {
        using ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        AssertSays(Assert.Throws<InvalidOperationException>(() => trainer.Backward(Labels, [])), "Forward");
        AssertSays(Assert.Throws<InvalidOperationException>(() => trainer.Backward(Labels, [], new float[24])), "Forward");
        AssertSays(Assert.Throws<InvalidOperationException>(() => trainer.BackwardFromOutput(new float[12], [])), "Forward");
        AssertSays(Assert.Throws<InvalidOperationException>(trainer.Update), "Backward");
    }

    [Fact]
    public void Disposed_objects_say_so_and_disposing_twice_is_harmless()
    {
        ISessionAdapter session = Net(Classifier).CreateSession(Batch);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Forward(Input, new float[12]));
        // Wrong arguments do not hide it.
        Assert.Throws<ObjectDisposedException>(() => session.Forward(ReadOnlySpan<float>.Empty, []));

        ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, new SGD(0.1f));
        trainer.Forward(Input, new float[12]);
        trainer.Backward(Labels, []);
        trainer.Dispose();
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.Forward(Input, new float[12]));
        Assert.Throws<ObjectDisposedException>(() => trainer.Step(Input, Labels, []));
        Assert.Throws<ObjectDisposedException>(() => trainer.Backward(Labels, []));
        Assert.Throws<ObjectDisposedException>(() => trainer.Backward(Labels, [], new float[24]));
        Assert.Throws<ObjectDisposedException>(() => trainer.BackwardFromOutput(new float[12], []));
        Assert.Throws<ObjectDisposedException>(trainer.Update);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Batches_are_at_least_one(int batch)
    {
        Assert.Equal("maxBatch", Assert.Throws<ArgumentOutOfRangeException>(() => Net(Classifier).CreateSession(batch)).ParamName);
        Assert.Equal("batchSize", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Net(Classifier).CreateTrainer(batch, new SGD(0.1f))).ParamName);
    }

    [Fact]
    public void Options_are_checked()
    {
        INetworkInstance net = Net(Classifier);
        Assert.Equal("optimizer", Assert.Throws<ArgumentNullException>(() => net.CreateTrainer(1, null!)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => net.CreateSession(1, new SessionOptions { Threads = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => net.CreateTrainer(1, new SGD(0.1f), new TrainerOptions { Threads = -1 }));
        Assert.ThrowsAny<ArgumentException>(() => net.CreateSession(1, new SessionOptions { VectorWidth = (VectorWidth)64 }));
        using ISessionAdapter all = net.CreateSession(1, new SessionOptions { Threads = 0 });
        Assert.Equal(Environment.ProcessorCount, all.Threads);
        using ISessionAdapter best = net.CreateSession();
        Assert.Equal(NetworkChecker.Widths[0], best.VectorWidth);
        Assert.Equal(1, best.MaxBatch);
        Assert.Equal(1, best.Threads);
    }

    [Fact]
    public void A_batch_too_large_for_memory_is_refused_before_anything_is_allocated()
    {
        // Two billion samples of this network do not fit any address arithmetic in 32 bits.
        Exception exception = Assert.ThrowsAny<Exception>(() => Net(Regression).CreateTrainer(int.MaxValue, new SGD(0.1f)));
        Assert.True(exception is ArgumentOutOfRangeException or OutOfMemoryException, exception.ToString());
    }

    [Fact]
    public void A_trainer_reports_its_optimizer_and_the_last_gradients_only()
    {
        var optimizer = new SGD(0.1f);
        using ITrainerAdapter trainer = Net(Classifier).CreateTrainer(Batch, optimizer);
        Assert.Same(optimizer, trainer.Optimizer);
        trainer.Forward(Input, new float[12]);
        trainer.Backward(Labels, []);
        float[][] first = trainer.Gradients.Select(g => g.ToArray()).ToArray();
        trainer.Forward(Input, new float[12]);
        trainer.Backward(Labels, []);
        // Overwritten, not added to.
        Assert.Equal(first, trainer.Gradients.Select(g => g.ToArray()));
        Assert.Equal(Classifier.Parameters.Select(p => p.Name), trainer.Gradients.Select(g => g.Name));
    }

    private static void AssertSays(Exception exception, params string[] parts)
    {
        foreach (string part in parts)
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }
}
