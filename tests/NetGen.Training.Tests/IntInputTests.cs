namespace NetGen.Training.Tests;

/// <summary>Networks with inputs of ints, by their own calls and by those for any network.</summary>
public sealed class IntInputTests
{
    private const int Count = 96, Length = Topics.InputSize;

    private readonly int[] _tokens = new int[Count * Length], _topics = new int[Count];

    /// <summary>A topic is the token that a text has most of, beside padding and tokens that all have.</summary>
    public IntInputTests()
    {
        for (int sample = 0; sample < Count; sample++)
        {
            _topics[sample] = sample * 5 % Topics.OutputSize;
            for (int i = 0; i < Length; i++)
                _tokens[sample * Length + i] = i < 3 ? 1 + _topics[sample] : i < 6 ? 4 + (sample + i * i) % 5 : 0;
        }
    }

    [Fact]
    public void Ports_and_members_tell_that_values_are_ints()
    {
        var net = new Topics();
        NetworkPort tokens = Assert.Single(((INetwork)net).Ports.Inputs);
        Assert.Equal((typeof(int), Length, "tokens of ints (8)"), (tokens.ElementType, tokens.Size, tokens.ToString()));
        Assert.Equal(typeof(float), ((INetwork)net).Ports.Outputs[0].ElementType);
        Assert.True(net.EmbeddingBag1.Weight.IsTable);
        Assert.Equal(0, net.EmbeddingBag1.Weight.PaddingRow);
    }

    [Fact]
    public void Fit_learns_and_has_the_bits_of_a_loop_by_hand()
    {
        var fitted = new Topics(seed: 1);
        using (Topics.Trainer trainer = fitted.CreateTrainer(32, new Adam(1e-2f)))
        {
            FitResult result = trainer.Fit(Source(), new FitOptions { Epochs = 20, Validation = Source(), Metrics = [new Accuracy()] });
            Assert.Equal(1, result.Epochs[^1].Metrics[0]);
        }

        var byHand = new Topics(seed: 1);
        using (Topics.Trainer trainer = byHand.CreateTrainer(32, new Adam(1e-2f)))
        {
            ArrayBatches source = Source();
            for (int epoch = 1; epoch <= 20; epoch++)
            {
                source.Start(epoch);
                while (source.TryNext(out Batch batch))
                    trainer.Step(batch.IntInput, batch.Labels);
            }
        }
        Assert.Equal(Values(byHand), Values(fitted));
        Assert.All(fitted.EmbeddingBag1.Weight.ToArray()[..Topics.Features], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sessions_take_spans_of_ints_and_batches_alike()
    {
        var net = new Topics(seed: 2);
        using Topics.Session own = net.CreateSession(Count);
        float[] expected = new float[Count * Topics.OutputSize], bySpan = new float[expected.Length], byBatch = new float[expected.Length];
        own.Forward(_tokens, expected);
        ISession session = own;
        session.Forward(_tokens, bySpan);
        session.Forward(new Batch(Count, _tokens, _topics), new Memory<float>[] { byBatch });
        Assert.Equal(expected, bySpan);
        Assert.Equal(expected, byBatch);

        InvalidOperationException floats =
            Assert.Throws<InvalidOperationException>(() => session.Forward(new float[Count * Length], bySpan));
        Assert.Contains("tokens of ints (8)", floats.Message);
        Assert.Contains("this call is for an input of floats", floats.Message);
        using ISession other = new Classifier().CreateSession(1);
        InvalidOperationException ints = Assert.Throws<InvalidOperationException>(() => other.Forward(new int[8], new float[4]));
        Assert.Contains("an input of ints", ints.Message);
    }

    [Fact]
    public void An_int_that_is_the_number_of_no_row_changes_nothing()
    {
        var net = new Topics(seed: 3);
        float[] before = Values(net);
        using Topics.Trainer trainer = net.CreateTrainer(Count, new Adam(1e-2f));
        float first = trainer.Step(_tokens, _topics);
        float[] after = Values(net);
        using ISession session = net.CreateSession(Count);
        foreach (int wrong in new[] { -1, 9, int.MinValue, int.MaxValue })
        {
            int[] tokens = (int[])_tokens.Clone();
            tokens[17 * Length + 5] = wrong;
            foreach (Action call in new Action[]
            {
                () => trainer.Step(tokens, _topics),
                () => trainer.Forward(tokens, default),
                () => ((ITrainer)trainer).Step(new Batch(Count, tokens, _topics)),
                () => session.Forward(tokens, new float[Count * Topics.OutputSize]),
            })
            {
                ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(call);
                Assert.Equal(("input", wrong), (refused.ParamName, refused.ActualValue));
                Assert.Contains($"{wrong} at position 5 of sample 17 is the number of no row: expected 0 to 8.", refused.Message);
            }
        }
        Assert.Equal(after, Values(net));
        Assert.NotEqual(before, after);

        // The trainer goes on where it was.
        var undisturbed = new Topics(seed: 3);
        using Topics.Trainer other = undisturbed.CreateTrainer(Count, new Adam(1e-2f));
        Assert.Equal(first, other.Step(_tokens, _topics));
        Assert.Equal(other.Step(_tokens, _topics), trainer.Step(_tokens, _topics));
        Assert.Equal(Values(undisturbed), Values(net));
    }

    [Fact]
    public void Values_of_another_type_are_refused_before_the_first_step()
    {
        using Topics.Trainer trainer = new Topics().CreateTrainer(32, new SGD(0.1f));
        ArgumentException floats = Assert.Throws<ArgumentException>(() => trainer.Fit(
            new ArrayBatches(new float[Count * Length], _topics, 32), new FitOptions()));
        Assert.Contains("The source gives floats for the network's input, which is ints.", floats.Message);
        using Classifier.Trainer other = new Classifier().CreateTrainer(32, new SGD(0.1f));
        ArgumentException ints =
            Assert.Throws<ArgumentException>(() => other.Fit(new ArrayBatches(_tokens, _topics, 32), new FitOptions()));
        Assert.Contains("The source gives ints for the network's input, which is floats.", ints.Message);
    }

    /// <summary>An input of ints has no gradient to ask for, and does not stand among the parameters for others.</summary>
    [Fact]
    public void Inputs_of_floats_beside_ints_have_gradients()
    {
        var net = new Captioned(seed: 4);
        using Captioned.Trainer trainer = net.CreateTrainer(2, new SGD(0.1f));
        float[] pictures = [1, -1, 0.5f, 2, 0, -2], gradient = new float[6];
        int[] words = [0, 1, 2, 2, 4, 4];
        trainer.Forward(pictures, words, default);
        float loss = trainer.Backward([0, 1], gradient);
        Assert.Equal(loss, trainer.Step(pictures, words, [0, 1]));
        Assert.All(gradient, value => Assert.NotEqual(0, value));
        var source = new ArrayBatches([pictures, words], [new[] { 0, 1 }], 2, batchSize: 2);
        Assert.True(double.IsFinite(trainer.Fit(source, new FitOptions { Epochs = 2 }).Epochs[^1].Loss));
    }

    [Fact]
    public void Tables_start_as_PyTorch_draws_them()
    {
        Assert.Equal(Values(new Topics(seed: 5)), Values(new Topics(seed: 5)));
        float[] table = new Vocabulary(seed: 6).EmbeddingBag1.Weight.ToArray();
        Assert.All(table[^64..], value => Assert.Equal(0, value));
        float[] drawn = table[..^64];
        double mean = drawn.Average(value => (double)value), square = drawn.Average(value => (double)value * value);
        Assert.InRange(mean, -0.02, 0.02);
        Assert.InRange(square, 0.97, 1.03);
        float[] other = new Vocabulary(6, Initialization.XavierUniform).EmbeddingBag1.Weight.ToArray();
        Assert.InRange(other.Max(), 0.9 * Math.Sqrt(6.0 / (64 + 500)), Math.Sqrt(6.0 / (64 + 500)));
        Assert.All(other[^64..], value => Assert.Equal(0, value));
    }

    /// <summary>As in PyTorch a forward pass of training scales rows down in the table; a session gives the same and leaves it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_that_are_looked_up_have_the_largest_norm_at_most(int threads)
    {
        var net = new Bounded(seed: 8);
        int[] tokens = [3, 1, 3, 6, 1, 1, 5, 3];
        float[] before = net.Embedding1.Weight.ToArray();
        float[] session = new float[2 * Bounded.OutputSize], trained = new float[session.Length];
        using (Bounded.Session own = net.CreateSession(2, new SessionOptions { Threads = threads }))
            own.Forward(tokens, session);
        Assert.Equal(before, net.Embedding1.Weight.ToArray());

        using Bounded.Trainer trainer = net.CreateTrainer(2, new SGD(0.1f), new TrainerOptions { Threads = threads });
        trainer.Forward(tokens, trained);
        Assert.Equal(trained, session);
        float[] after = net.Embedding1.Weight.ToArray();
        int columns = Bounded.Columns;
        for (int row = 0; row < before.Length / columns; row++)
        {
            float[] old = before[(row * columns)..((row + 1) * columns)], now = after[(row * columns)..((row + 1) * columns)];
            double norm = Math.Sqrt(old.Sum(value => (double)value * value));
            bool isScaled = tokens.Contains(row) && norm > 2;
            for (int i = 0; i < columns; i++)
                Assert.Equal(isScaled ? old[i] * 2 / (norm + 1e-7) : old[i], now[i], 1e-6);
        }
        Assert.NotEqual(before, after);

        // What a session derives from parameters it derives anew.
        using Bounded.Session again = net.CreateSession(2);
        float[] later = new float[session.Length];
        again.Forward(tokens, later);
        Assert.All(later.Zip(session), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    private ArrayBatches Source() => new(_tokens, _topics, 32, shuffleSeed: 7);

    private static float[] Values(INetwork net) => [.. net.Parameters.SelectMany(parameter => parameter.ToArray())];
}
