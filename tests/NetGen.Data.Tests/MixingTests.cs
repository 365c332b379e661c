namespace NetGen.Data.Tests;

/// <summary>MixUp and CutMix: what becomes of samples and targets, and what is drawn.</summary>
public sealed class MixingTests
{
    private const int Count = 23, BatchSize = 5, Classes = 4;

    private static readonly ImageShape Shape = new(2, 6, 8);

    private static float[] Values { get; } = MakeValues();

    private static int[] Labels { get; } = [.. Enumerable.Range(0, Count).Select(i => i % Classes)];

    private static ArrayBatches Plain() => new(Values, Labels, BatchSize, shuffleSeed: 3);

    [Fact]
    public void MixUp_is_the_sample_and_the_one_before_it_by_a_share()
    {
        int batches = 0;
        var shares = new HashSet<float>();
        Compare(new MixUp(Plain(), Classes, alpha: 0.4, seed: 7), epoch: 2, (plain, labels, mixed, targets, count) =>
        {
            int length = Shape.Length;
            // Of the first value, told from those that it is mixed of; of the others, that they are mixed alike.
            float last = plain[(count - 1) * length], share = (mixed[0] - last) / (plain[0] - last);
            Assert.InRange(share, 0, 1);
            shares.Add(share);
            for (int i = 0; i < count; i++)
            {
                int before = (i + count - 1) % count;
                var expected = new float[Classes];
                expected[labels[i]] += share;
                expected[labels[before]] += 1 - share;
                for (int c = 0; c < Classes; c++)
                    Assert.Equal(expected[c], targets[i * Classes + c], 1e-4f);
                for (int j = 0; j < length; j++)
                    Assert.Equal(share * plain[i * length + j] + (1 - share) * plain[before * length + j], mixed[i * length + j], 1e-4f);
            }
            batches++;
        });
        Assert.Equal(5, batches);
        Assert.Equal(5, shares.Count);
    }

    [Fact]
    public void CutMix_puts_a_rectangle_of_the_sample_before_and_counts_its_area()
    {
        int cut = 0;
        for (int epoch = 1; epoch <= 40; epoch++)
        {
            Compare(new CutMix(Plain(), Shape, Classes, seed: 7), epoch, (plain, labels, mixed, targets, count) =>
            {
                int length = Shape.Length, area = Shape.Height * Shape.Width;
                int[] places = [.. Enumerable.Range(0, area).Where(i => mixed[i] != plain[i])];
                if (places.Length > 0)
                {
                    cut++;
                    int width = places[^1] % Shape.Width - places[0] % Shape.Width + 1;
                    Assert.Equal(places.Length, width * (places[^1] / Shape.Width - places[0] / Shape.Width + 1));
                }
                float share = (float)(1 - (double)places.Length / area);
                for (int i = 0; i < count; i++)
                {
                    int before = (i + count - 1) % count;
                    for (int j = 0; j < length; j++)
                        Assert.Equal(plain[(places.Contains(j % area) ? before : i) * length + j], mixed[i * length + j]);
                    var expected = new float[Classes];
                    expected[labels[i]] += share;
                    expected[labels[before]] += 1 - share;
                    for (int c = 0; c < Classes; c++)
                        Assert.Equal(expected[c], targets[i * Classes + c], 1e-6f);
                }
            });
        }
        Assert.InRange(cut, 150, 200);
    }

    /// <summary>torchvision's formula, by hand: λ = 0.19 makes half of √0.81 = 0.45 of each extent on each side of the middle.</summary>
    [Fact]
    public void CutMix_boxes_are_torchvisions()
    {
        var shape = new ImageShape(1, 20, 40);
        Assert.Equal((2, 1, 38, 19), CutMix.Box(shape, 0.19, 20, 10));
        Assert.Equal((0, 0, 18, 10), CutMix.Box(shape, 0.19, 0, 1));
        Assert.Equal((21, 10, 40, 20), CutMix.Box(shape, 0.19, 39, 19));
        Assert.Equal((5, 5, 5, 5), CutMix.Box(shape, 1, 5, 5));
    }

    /// <summary>Mean ½ and variance 1 / (4 (2α + 1)).</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(3.5)]
    public void Shares_are_of_the_beta_distribution(double alpha)
    {
        const int Draws = 40_000;
        double sum = 0, squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            var random = new SampleRandom(3, 1, i, SampleRandom.Mix);
            double share = random.NextBeta(alpha);
            Assert.InRange(share, 0, 1);
            sum += share;
            squares += (share - 0.5) * (share - 0.5);
        }
        double variance = 1 / (4 * (2 * alpha + 1));
        Assert.InRange(sum / Draws, 0.5 - 5 * Math.Sqrt(variance / Draws), 0.5 + 5 * Math.Sqrt(variance / Draws));
        Assert.InRange(squares / Draws / variance, 0.96, 1.04);
    }

    [Fact]
    public void What_is_drawn_depends_on_seed_epoch_and_batch()
    {
        float[] first = All(new MixUp(Plain(), Classes, seed: 1), 3, 0);
        Assert.Equal(first, All(new MixUp(Plain(), Classes, seed: 1), 3, 0));
        Assert.Equal(first[(2 * BatchSize * Shape.Length)..], All(new MixUp(Plain(), Classes, seed: 1), 3, 2));
        Assert.NotEqual(first, All(new MixUp(Plain(), Classes, seed: 2), 3, 0));
        Assert.NotEqual(first, All(new MixUp(Plain(), Classes, seed: 1), 4, 0));
        Assert.EndsWith("mixed by MixUp(4, 0.5) with seed 9", new MixUp(Plain(), Classes, 0.5, 9).Settings);

        static float[] All(BatchMixing source, int epoch, int firstBatch)
        {
            var values = new List<float>();
            source.Start(epoch, firstBatch);
            while (source.TryNext(out Batch batch))
                values.AddRange(batch.Input);
            return [.. values];
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MixUp(Plain(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MixUp(Plain(), 4, alpha: 0));
        Refused("expected labels from 0 to 1, got", new MixUp(Plain(), 2));
        Refused("expected 5 images of 1 × 2 × 2, 20 values, got 480", new CutMix(Plain(), new ImageShape(1, 2, 2), Classes));
        Refused("one input of floats", new MixUp(new ArrayBatches(new int[12], new int[6], 3), 2));

        static void Refused(string message, BatchMixing source)
        {
            source.Start(1);
            Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => source.TryNext(out _)).Message);
        }
    }

    private static float[] MakeValues()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, Count * Shape.Length).Select(_ => random.NextSingle())];
    }

    private static void Compare(BatchMixing mixing, int epoch, Action<float[], int[], float[], float[], int> check)
    {
        ArrayBatches plain = Plain();
        plain.Start(epoch);
        mixing.Start(epoch);
        while (plain.TryNext(out Batch expected))
        {
            Assert.True(mixing.TryNext(out Batch mixed));
            Assert.Equal((expected.Count, 0), (mixed.Count, mixed.Labels.Length));
            check(expected.Input.ToArray(), expected.Labels.ToArray(), mixed.Input.ToArray(), mixed.Values.ToArray(), mixed.Count);
        }
        Assert.False(mixing.TryNext(out _));
    }
}
