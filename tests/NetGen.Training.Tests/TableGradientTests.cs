namespace NetGen.Training.Tests;

/// <summary>
/// The gradient of a table is zero but for the rows of the last pass, whatever passes came before, and plain SGD leaves the others as they
/// are: a trainer knows the rows and looks at no others.
/// </summary>
public sealed class TableGradientTests
{
    private const float Rate = 0.125f;

    private static readonly int[][] s_batches =
        [[1, 2, 0, 5, 5, 5], [69, 33, 32, 31, 64, 63], [1, 1, 1], [0, 0, 0, 2, 69, 2], [34, 7, 8, 9, 10, 11]];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_step_changes_the_rows_that_were_looked_up(int threads)
    {
        var net = new Large(seed: 1);
        using Large.Trainer trainer = Create(net, threads);
        foreach (int[] tokens in s_batches)
        {
            float[] before = net.Table.Weight.ToArray();
            trainer.Step(tokens, Targets(tokens));
            CheckRows(trainer, tokens);
            CheckStep(before, trainer, net);
        }
    }

    [Fact]
    public void The_bits_are_the_same_at_every_number_of_threads()
    {
        float[] Trained(int threads)
        {
            var net = new Large(seed: 2);
            using Large.Trainer trainer = Create(net, threads);
            foreach (int[] tokens in s_batches)
                trainer.Step(tokens, Targets(tokens));
            return net.Table.Weight.ToArray();
        }

        Assert.Equal(Trained(1), Trained(2));
        Assert.Equal(Trained(1), Trained(5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_that_are_added_up_have_the_rows_of_all_passes(int threads)
    {
        var net = new Large(seed: 3);
        using Large.Trainer trainer = Create(net, threads);
        // What the two buffers of gradients were used for before.
        Backward(trainer, s_batches[4]);
        trainer.AccumulateGradients = true;
        Backward(trainer, s_batches[3]);
        trainer.Update();
        for (int round = 0; round < 2; round++)
        {
            float[] sum = new float[Large.Rows * Large.Columns];
            foreach (int[] tokens in s_batches[..3])
            {
                using Large.Trainer alone = Create(net, threads);
                Backward(alone, tokens);
                sum = [.. sum.Zip(alone.Gradients.Table.Weight.ToArray(), (a, b) => a + b)];
                Backward(trainer, tokens);
                Assert.Equal(sum, trainer.Gradients.Table.Weight.ToArray());
            }
            float[] before = net.Table.Weight.ToArray();
            trainer.Update();
            CheckStep(before, trainer, net);
        }
        trainer.AccumulateGradients = false;
        Backward(trainer, s_batches[4]);
        CheckRows(trainer, s_batches[4]);
    }

    [Fact]
    public void Gradients_that_the_caller_writes_count_and_go()
    {
        var net = new Large(seed: 4);
        using Large.Trainer trainer = Create(net, 2);
        Backward(trainer, s_batches[0]);
        trainer.Gradients.Table.Weight[40, 3] = 2;
        float[] before = net.Table.Weight.ToArray();
        trainer.Update();
        CheckStep(before, trainer, net);
        Assert.Equal(before[40 * Large.Columns + 3] - 2 * Rate, net.Table.Weight[40, 3]);

        Backward(trainer, s_batches[1]);
        CheckRows(trainer, s_batches[1]);
        trainer.Gradients.Table.Weight[Large.Rows - 1, 0] = 1;
        trainer.ZeroGradients();
        Backward(trainer, s_batches[2]);
        CheckRows(trainer, s_batches[2]);
    }

    [Fact]
    public void Clipping_by_a_norm_that_is_none_reaches_every_row()
    {
        var net = new Large(seed: 5);
        float[] start = net.Table.Weight.ToArray();
        using Large.Trainer trainer = net.CreateTrainer(2, new SGD(Rate), new TrainerOptions { ClipGradientNorm = 1 });
        trainer.Step(s_batches[0], Targets(s_batches[0]));
        Assert.True(trainer.GradientNorm > 1);
        CheckRows(trainer, s_batches[0]);
        trainer.Forward(s_batches[1], default);
        trainer.BackwardFromOutput([float.NaN, .. new float[2 * Large.OutputSize - 1]]);
        trainer.Update();
        Assert.All(net.Table.Weight.ToArray(), value => Assert.True(float.IsNaN(value)));
        net.Table.Weight.CopyFrom(start);
        trainer.Step(s_batches[2], Targets(s_batches[2]));
        CheckRows(trainer, s_batches[2]);
    }

    /// <summary>What remembers gradients, or shrinks weights, changes rows that are looked up no more.</summary>
    [Fact]
    public void Other_steps_change_every_row()
    {
        foreach (Optimizer optimizer in new Optimizer[] { new SGD(Rate, momentum: 0.5f), new SGD(Rate, weightDecay: 0.1f), new Adam(Rate) })
        {
            var net = new Large(seed: 6);
            using Large.Trainer trainer = net.CreateTrainer(2, optimizer);
            trainer.Step(s_batches[1], Targets(s_batches[1]));
            float row = net.Table.Weight[33, 1];
            trainer.Step(s_batches[0], Targets(s_batches[0]));
            Assert.NotEqual(row, net.Table.Weight[33, 1]);
        }
    }

    /// <summary>The gradients of a table of two layers are whole, and added.</summary>
    [Fact]
    public void A_table_of_two_layers_has_the_rows_of_both()
    {
        var net = new TwoTexts(seed: 7);
        using TwoTexts.Trainer trainer = net.CreateTrainer(2, new SGD(Rate));
        foreach ((int[] left, int[] right) in new[] { (new[] { 1, 2, 3, 4 }, new[] { 5, 6, 7, 8 }), ([9, 9, 9, 9], [1, 1, 9, 10]) })
        {
            float[] before = net.Words.Weight.ToArray();
            trainer.Step(left, right, new float[2 * TwoTexts.OutputSize]);
            float[] gradient = trainer.Gradients.Words.Weight.ToArray(), after = net.Words.Weight.ToArray();
            for (int i = 0; i < gradient.Length; i++)
            {
                Assert.Equal(before[i] - Rate * gradient[i], after[i], 1e-6f);
                if (!left.Concat(right).Contains(i / TwoTexts.Columns))
                    Assert.Equal(0, gradient[i]);
            }
        }
    }

    private static Large.Trainer Create(Large net, int threads)
        => net.CreateTrainer(2, new SGD(Rate), new TrainerOptions { Threads = threads });

    private static void Backward(Large.Trainer trainer, int[] tokens)
    {
        trainer.Forward(tokens, default);
        trainer.Backward(Targets(tokens));
    }

    private static float[] Targets(int[] tokens)
        => [.. Enumerable.Range(0, tokens.Length / Large.InputSize * Large.OutputSize).Select(i => MathF.Sin(i * i + tokens[0]))];

    /// <summary>Rows that no token leads to have no gradient, to the bit; those that a token leads to have one, but for padding.</summary>
    private static void CheckRows(Large.Trainer trainer, int[] tokens)
    {
        float[] gradient = trainer.Gradients.Table.Weight.ToArray();
        for (int row = 0; row < Large.Rows; row++)
        {
            bool isTouched = tokens.Contains(row) && row != Large.Padding;
            Assert.Equal(isTouched, gradient.AsSpan(row * Large.Columns, Large.Columns).ContainsAnyExcept(0f));
        }
    }

    private static void CheckStep(float[] before, Large.Trainer trainer, Large net)
        => Assert.Equal(before.Zip(trainer.Gradients.Table.Weight.ToArray(), (weight, gradient) => weight - Rate * gradient),
            net.Table.Weight.ToArray());
}
