using System.Globalization;

namespace NetGen.Runtime.Tests;

/// <summary>What is drawn from logits, against sums by hand and against the definition with everything sorted.</summary>
public class TokenSamplerTests
{
    [Fact]
    public void By_default_probabilities_are_the_softmax()
    {
        Assert.Equal([0.2f, 0.5f, 0.3f], Probabilities(new SamplingOptions(), Logs(0.2, 0.5, 0.3)), Near);
        Assert.Equal([1f], Probabilities(new SamplingOptions(), [-7]));
    }

    /// <summary>softmax(logits / t): with t = ½ probabilities are squared, with t = 2 they are square roots.</summary>
    [Fact]
    public void Temperature_divides_logits()
    {
        double[] p = [0.2, 0.5, 0.3];
        foreach ((float temperature, double power) in new[] { (0.5f, 2.0), (2f, 0.5), (4f, 0.25) })
        {
            double sum = p.Sum(x => Math.Pow(x, power));
            Assert.Equal([.. p.Select(x => (float)(Math.Pow(x, power) / sum))],
                Probabilities(new SamplingOptions { Temperature = temperature }, Logs(p)), Near);
        }
        Assert.Equal([0, 1f, 0], Probabilities(new SamplingOptions { Temperature = 1e-30f }, Logs(p)));
        Assert.Equal([1 / 3f, 1 / 3f, 1 / 3f], Probabilities(new SamplingOptions { Temperature = 1e30f }, Logs(p)), Near);
    }

    [Fact]
    public void Temperature_zero_takes_the_largest_and_of_equal_ones_the_lowest_token()
    {
        var sampler = new TokenSampler(40, new SamplingOptions { Temperature = 0, TopP = 0.1f });
        var logits = new float[40];
        Assert.Equal(0, sampler.Draw(logits));
        logits[17] = logits[39] = 2;
        Assert.Equal(17, sampler.Draw(logits));
        logits[38] = 2.0001f;
        Assert.Equal(38, sampler.Draw(logits));
        logits.AsSpan().Fill(float.NegativeInfinity);
        logits[33] = -3e38f;
        Assert.Equal(33, sampler.Draw(logits));
        Assert.Equal(33, Array.IndexOf(Probabilities(new SamplingOptions { Temperature = 0 }, logits), 1f));
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2, 4 })]
    [InlineData(3, new[] { 1, 2, 4 })]
    [InlineData(4, new[] { 0, 1, 2, 4 })]
    [InlineData(5, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(0, new[] { 0, 1, 2, 3, 4 })]
    public void Top_k_leaves_the_largest_and_what_equals_the_last_of_them(int k, int[] expected)
    {
        float[] logits = [1, 3, 2, -1, 2];
        double sum = expected.Sum(token => Math.Exp(logits[token]));
        Assert.Equal([.. logits.Select((logit, token) => expected.Contains(token) ? (float)(Math.Exp(logit) / sum) : 0)],
            Probabilities(new SamplingOptions { TopK = k }, logits), Near);
    }

    [Fact]
    public void Zeros_of_both_signs_are_equal()
    {
        Assert.Equal([0.5f, 0.5f, 0], Probabilities(new SamplingOptions { TopK = 1 }, [-0f, 0f, -1e-45f]));
        Assert.Equal(0, new TokenSampler(3, new SamplingOptions { Temperature = 0 }).Draw([-0f, 0f, -1]));
    }

    /// <summary>A token stays while those before it have less than the share; probabilities are 0.4, 0.3, 0.2, 0.1.</summary>
    [Theory]
    [InlineData(1e-6f, new[] { 2 })]
    [InlineData(0.399f, new[] { 2 })]
    [InlineData(0.401f, new[] { 0, 2 })]
    [InlineData(0.699f, new[] { 0, 2 })]
    [InlineData(0.701f, new[] { 0, 2, 3 })]
    [InlineData(0.899f, new[] { 0, 2, 3 })]
    [InlineData(0.901f, new[] { 0, 1, 2, 3 })]
    [InlineData(1f, new[] { 0, 1, 2, 3 })]
    public void Top_p_leaves_the_likeliest_that_have_the_share(float p, int[] expected)
    {
        double[] probabilities = [0.3, 0.1, 0.4, 0.2];
        double sum = expected.Sum(token => probabilities[token]);
        Assert.Equal([.. probabilities.Select((x, token) => expected.Contains(token) ? (float)(x / sum) : 0)],
            Probabilities(new SamplingOptions { TopP = p }, Logs(probabilities)), Near);
    }

    /// <summary>Of equally likely tokens only those that are needed, lower ones first; these sums are exact.</summary>
    [Theory]
    [InlineData(0.125f, 1)]
    [InlineData(0.25f, 2)]
    [InlineData(0.26f, 3)]
    [InlineData(0.875f, 7)]
    [InlineData(0.9f, 8)]
    public void Top_p_takes_lower_tokens_of_equally_likely_ones(float p, int count)
    {
        float[] logits = Enumerable.Repeat(3f, 8).ToArray();
        Assert.Equal([.. Enumerable.Range(0, 8).Select(token => token < count ? 1f / count : 0)],
            Probabilities(new SamplingOptions { TopP = p }, logits), Near);
    }

    /// <summary>Of 0.4, 0.3, 0.2, 0.1 top-k leaves 4/9, 3/9, 2/9, of which the first two have 7/9 = 0.778.</summary>
    [Fact]
    public void Top_p_counts_what_top_k_has_left()
    {
        float[] logits = Logs(0.3, 0.1, 0.4, 0.2);
        Assert.Equal([3 / 7f, 0, 4 / 7f, 0], Probabilities(new SamplingOptions { TopK = 3, TopP = 0.77f }, logits), Near);
        Assert.Equal([3 / 9f, 0, 4 / 9f, 2 / 9f], Probabilities(new SamplingOptions { TopK = 3, TopP = 0.78f }, logits), Near);
    }

    /// <summary>Top-p counts probabilities at the temperature: 0.16, 0.09, 0.04, 0.01 of 0.3.</summary>
    [Fact]
    public void Temperature_comes_before_top_p()
        => Assert.Equal([9 / 25f, 0, 16 / 25f, 0],
            Probabilities(new SamplingOptions { Temperature = 0.5f, TopP = 0.6f }, Logs(0.3, 0.1, 0.4, 0.2)), Near);

    [Fact]
    public void Min_p_leaves_what_is_not_much_less_likely_than_the_likeliest()
    {
        float[] logits = Logs(0.3, 0.1, 0.4, 0.2);
        Assert.Equal([3 / 9f, 0, 4 / 9f, 2 / 9f], Probabilities(new SamplingOptions { MinP = 0.49f }, logits), Near);
        Assert.Equal([3 / 7f, 0, 4 / 7f, 0], Probabilities(new SamplingOptions { MinP = 0.51f }, logits), Near);
        Assert.Equal([0, 0, 1f, 0], Probabilities(new SamplingOptions { MinP = 1 }, logits), Near);
        Assert.Equal([3 / 7f, 0, 4 / 7f, 0], Probabilities(new SamplingOptions { MinP = 0.3f, TopK = 2 }, logits), Near);
    }

    [Fact]
    public void The_penalty_divides_positive_logits_and_multiplies_negative_ones_of_tokens_in_the_text()
    {
        var sampler = new TokenSampler(5, new SamplingOptions { RepetitionPenalty = 2 });
        float[] logits = [2, -2, 1, 0, -1];
        AssertProbabilities(sampler, logits, logits);
        // However often.
        sampler.Add([0, 1, 3, 0, 0]);
        AssertProbabilities(sampler, logits, [1, -4, 1, 0, -1]);
        sampler.Reset();
        AssertProbabilities(sampler, logits, logits);

        // What is drawn is penalised too.
        int drawn = sampler.Draw([float.NegativeInfinity, float.NegativeInfinity, 3, float.NegativeInfinity, float.NegativeInfinity]);
        Assert.Equal(2, drawn);
        AssertProbabilities(sampler, logits, [2, -2, 0.5f, 0, -1]);
    }

    [Fact]
    public void The_penalty_holds_for_the_largest_logit_too()
    {
        var sampler = new TokenSampler(3, new SamplingOptions { Temperature = 0, RepetitionPenalty = 1.5f });
        Assert.Equal([0, 1, 0, 0], Enumerable.Range(0, 4).Select(_ => sampler.Draw([3, 2.5f, 1])));
    }

    /// <summary>Against the definition: sorted, summed from the least likely on, and what has 1 − p or less removed.</summary>
    [Theory]
    [InlineData(7, 1.5f)]
    [InlineData(130, 0.25f)]
    [InlineData(1000, 0)]
    public void Probabilities_are_those_of_the_definition(int size, float grid)
    {
        int compared = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            // On a grid there are many equal logits.
            float[] logits = [.. Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() * 12 - 6))
                .Select(x => grid > 0 ? MathF.Round(x / grid) * grid : x)];
            for (int i = 0; i < size; i += 1 + random.Next(9))
                logits[i] = random.Next(3) == 0 ? float.NegativeInfinity : logits[i];
            if (logits.Max() == float.NegativeInfinity)
                continue;
            var options = new SamplingOptions
            {
                Temperature = 0.3f + random.NextSingle() * 2,
                TopK = random.Next(3) == 0 ? 0 : 1 + random.Next(size),
                TopP = random.Next(3) == 0 ? 1 : 1 - random.NextSingle(),
                MinP = random.Next(2) == 0 ? 0 : random.NextSingle() / 4,
                RepetitionPenalty = random.Next(2) == 0 ? 1 : 0.5f + random.NextSingle(),
            };
            int[] text = [.. Enumerable.Range(0, random.Next(size)).Select(_ => random.Next(size))];
            if (Defined(logits, text, options) is not { } expected)
                continue;
            var sampler = new TokenSampler(size, options);
            sampler.Add(text);
            var actual = new float[size];
            sampler.Probabilities(logits, actual);
            for (int i = 0; i < size; i++)
                Assert.True(Near.Equals((float)expected[i], actual[i]), $"seed {seed}, token {i}: {actual[i]}, expected {expected[i]}");
            compared++;
        }
        Assert.InRange(compared, 40, 60);
    }

    /// <summary>How often each of many seeds draws which token, and one seed at many draws: χ² within its 99.9% quantile.</summary>
    [Theory]
    [InlineData(1f, 0, 1f)]
    [InlineData(0.7f, 5, 1f)]
    [InlineData(1.3f, 0, 0.8f)]
    public void Draws_have_the_probabilities(float temperature, int topK, float topP)
    {
        const int Draws = 20_000, Size = 9;
        float[] logits = [0.1f, -1, 2, 0.5f, 1.5f, -2, 0.9f, 1.1f, float.NegativeInfinity];
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP };
        float[] expected = Probabilities(options, logits);
        var sampler = new TokenSampler(Size, options);
        int[] bySeed = new int[Size], byDraw = new int[Size];
        for (int i = 0; i < Draws; i++)
        {
            sampler.Reset((ulong)i);
            bySeed[sampler.Draw(logits)]++;
        }
        sampler.Reset(12345);
        for (int i = 0; i < Draws; i++)
            byDraw[sampler.Draw(logits)]++;
        Assert.Equal(Draws, sampler.Drawn);
        // 99.9% quantiles of the χ² distribution with 0 to 7 degrees of freedom.
        double[] quantiles = [0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32];
        double most = quantiles[expected.Count(p => p > 0) - 1];
        foreach (int[] counts in new[] { bySeed, byDraw })
        {
            double square = 0;
            for (int token = 0; token < Size; token++)
            {
                if (expected[token] == 0)
                    Assert.Equal(0, counts[token]);
                else
                    square += Math.Pow(counts[token] - Draws * (double)expected[token], 2) / (Draws * (double)expected[token]);
            }
            Assert.InRange(square, 0, most);
        }
    }

    /// <summary>On every machine: these were drawn once.</summary>
    [Fact]
    public void A_seed_draws_what_it_always_draws()
    {
        float[] logits = [.. Enumerable.Range(0, 1000).Select(i => i * 37 % 101 / 20f)];
        var sampler = new TokenSampler(1000, new SamplingOptions { Seed = 7 });
        int[] first = [.. Enumerable.Range(0, 12).Select(_ => sampler.Draw(logits))];
        Assert.Equal("524 262 605 737 663 262 262 865 68 491 816 398", string.Join(' ', first));
        sampler.Reset();
        Assert.Equal(first, Enumerable.Range(0, 12).Select(_ => sampler.Draw(logits)));
        sampler.Reset(8);
        Assert.NotEqual(first, Enumerable.Range(0, 12).Select(_ => sampler.Draw(logits)));
    }

    [Fact]
    public void Extreme_logits_are_drawn_by_their_softmax()
    {
        Assert.Equal([0, 1f, 0], Probabilities(new SamplingOptions(), [-3e38f, 3e38f, float.NegativeInfinity]));
        Assert.Equal([0.5f, 0.5f], Probabilities(new SamplingOptions { Temperature = 1e-45f }, [3e38f, 3e38f]));
        Assert.Equal([1f, 0, 0], Probabilities(new SamplingOptions { TopK = 3, TopP = 0.999f, MinP = 0.5f }, [0, -800, -1e10f]));
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        foreach (float temperature in new[] { -0.1f, float.NaN, float.PositiveInfinity })
            Refused("Temperature", () => new SamplingOptions { Temperature = temperature });
        foreach (float p in new[] { 0, -1, 1.0001f, float.NaN })
            Refused("TopP", () => new SamplingOptions { TopP = p });
        foreach (float p in new[] { -0.1f, 1.1f, float.NaN })
            Refused("MinP", () => new SamplingOptions { MinP = p });
        foreach (float penalty in new[] { 0, -1, float.NaN, float.PositiveInfinity })
            Refused("RepetitionPenalty", () => new SamplingOptions { RepetitionPenalty = penalty });
        Refused("TopK", () => new SamplingOptions { TopK = -1 });
        Refused("MaxNewTokens", () => new GenerationOptions { MaxNewTokens = 0 });

        Assert.Contains("TopK is 6, but there are 5 tokens", Assert.Throws<ArgumentOutOfRangeException>(
            () => new TokenSampler(5, new SamplingOptions { TopK = 6 })).Message, StringComparison.Ordinal);
        foreach (int size in new[] { 0, -1 })
        {
            Assert.Contains("vocabulary is empty", Assert.Throws<ArgumentOutOfRangeException>(
                () => new TokenSampler(size)).Message, StringComparison.Ordinal);
        }

        static void Refused(string name, Func<object> make)
            => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);
    }

    [Fact]
    public void Wrong_logits_and_tokens_are_refused_and_change_nothing()
    {
        float[] logits = [.. Enumerable.Range(0, 20).Select(i => i * 0.1f)];
        TokenSampler sampler = New(), other = New();
        foreach (int place in new[] { 0, 13, 19 })
        {
            foreach (float wrong in new[] { float.NaN, float.PositiveInfinity })
            {
                float[] damaged = [.. logits];
                damaged[place] = wrong;
                string what = string.Create(CultureInfo.InvariantCulture, $"logit of token {place} is {wrong}: expected finite numbers");
                Assert.Contains(what, Assert.Throws<ArgumentException>(() => sampler.Draw(damaged)).Message, StringComparison.Ordinal);
                Assert.Throws<ArgumentException>(() => sampler.Probabilities(damaged, new float[20]));
            }
        }
        Assert.Contains("All logits are −∞", Assert.Throws<ArgumentException>(
            () => sampler.Draw(Enumerable.Repeat(float.NegativeInfinity, 20).ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 20 values", Assert.Throws<ArgumentException>(() => sampler.Draw(logits.AsSpan(1))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => sampler.Probabilities(logits, new float[21]));
        foreach (int token in new[] { -1, 20 })
        {
            Assert.Contains($"{token} at place 1 is no token: expected 0 to 19", Assert.Throws<ArgumentOutOfRangeException>(
                () => sampler.Add([5, token])).Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, sampler.Drawn);
        Assert.Equal(Enumerable.Range(0, 50).Select(_ => other.Draw(logits)), Enumerable.Range(0, 50).Select(_ => sampler.Draw(logits)));

        static TokenSampler New() => new(20, new SamplingOptions { Seed = 3, RepetitionPenalty = 1.5f });
    }

    /// <summary>A small penalty can make a logit infinite, which is told as such.</summary>
    [Fact]
    public void A_penalty_that_overflows_is_told()
    {
        var sampler = new TokenSampler(2, new SamplingOptions { RepetitionPenalty = 0.1f });
        sampler.Add([1]);
        Assert.Contains("token 1 is ∞ with the repetition penalty".Replace("∞", float.PositiveInfinity.ToString(
            CultureInfo.InvariantCulture), StringComparison.Ordinal),
            Assert.Throws<ArgumentException>(() => sampler.Draw([1, 3e38f])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] logits = [.. Enumerable.Range(0, 500).Select(i => i % 17 * 0.3f)], probabilities = new float[500];
        foreach (SamplingOptions options in new[]
        {
            new SamplingOptions(), new SamplingOptions { Temperature = 0 },
            new SamplingOptions { TopK = 40, TopP = 0.9f, MinP = 0.01f, RepetitionPenalty = 1.1f },
        })
        {
            var sampler = new TokenSampler(500, options);
            int[] text = [1, 2, 3];
            long bytes = 0;
            for (int attempt = 0; attempt < 20 && (attempt == 0 || bytes > 0); attempt++)
            {
                bytes = GC.GetAllocatedBytesForCurrentThread();
                sampler.Reset(5);
                sampler.Add(text);
                for (int i = 0; i < 100; i++)
                    sampler.Draw(logits);
                sampler.Probabilities(logits, probabilities);
                bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            }
            Assert.Equal(0, bytes);
        }
    }

    [Fact]
    public void Exponentials_are_right_to_the_last_bits()
    {
        float[] values = [.. Enumerable.Range(0, 20_001).Select(i => -i * 0.0354f), float.NegativeInfinity, -1e30f];
        var results = new double[values.Length + Exponentials.Block];
        Exponentials.Of(values, 0, 1, results);
        for (int i = 0; i < values.Length; i++)
        {
            double expected = values[i] < -708 ? 0 : Math.Exp(values[i]);
            Assert.True(Math.Abs(results[i] - expected) <= 6e-16 * expected, $"exp({values[i]}) is {results[i]}, expected {expected}");
        }
        Assert.Equal(1, results[0]);
    }

    [Fact]
    public void The_kth_largest_is_that_of_the_sorted_values()
    {
        foreach (int size in new[] { 1, 2, 7, 8, 9, 40, 1000 })
        {
            for (int seed = 0; seed < 20; seed++)
            {
                var random = new Random(seed);
                float[] values = [.. Enumerable.Range(0, size).Select(_ => MathF.Round(random.NextSingle() * 200 - 100))];
                values[random.Next(size)] = float.NegativeInfinity;
                if (seed == 0)
                    Array.Sort(values);
                int k = seed == 1 ? size : 1 + random.Next(size);
                Assert.Equal(values.OrderDescending().ElementAt(k - 1), LogitSelection.KthLargest(values, new float[k]));
            }
        }
    }

    private static readonly FloatsNear Near = new();

    private static float[] Logs(params double[] probabilities) => [.. probabilities.Select(p => (float)Math.Log(p))];

    private static float[] Probabilities(SamplingOptions options, float[] logits)
    {
        var probabilities = new float[logits.Length];
        new TokenSampler(logits.Length, options).Probabilities(logits, probabilities);
        return probabilities;
    }

    private static void AssertProbabilities(TokenSampler sampler, float[] logits, float[] penalised)
    {
        var actual = new float[logits.Length];
        sampler.Probabilities(logits, actual);
        double sum = penalised.Sum(logit => Math.Exp(logit));
        Assert.Equal([.. penalised.Select(logit => (float)(Math.Exp(logit) / sum))], actual, Near);
    }

    /// <summary>The definition; null where a sum is so near to its limit that rounding decides.</summary>
    private static double[]? Defined(float[] logits, int[] text, SamplingOptions options)
    {
        float[] values = [.. logits];
        foreach (int token in text.Distinct())
            values[token] = values[token] > 0 ? values[token] / options.RepetitionPenalty : values[token] * options.RepetitionPenalty;
        if (options.TopK > 0)
        {
            float least = values.OrderDescending().ElementAt(options.TopK - 1);
            values = [.. values.Select(value => value < least ? float.NegativeInfinity : value)];
        }
        double[] p = Softmax();
        double removed = 0;
        foreach (int token in Enumerable.Range(0, p.Length).OrderBy(token => values[token]).ThenByDescending(token => token))
        {
            removed += p[token];
            if (options.TopP < 1 && Math.Abs(removed - (1 - options.TopP)) < 1e-9)
                return null;
            if (options.TopP < 1 && removed <= 1 - options.TopP)
                values[token] = float.NegativeInfinity;
        }
        p = Softmax();
        double least2 = options.MinP * p.Max();
        if (options.MinP > 0 && p.Any(x => Math.Abs(x - least2) < 1e-9 * least2))
            return null;
        values = [.. values.Select((value, token) => p[token] < least2 ? float.NegativeInfinity : value)];
        return Softmax();

        double[] Softmax()
        {
            double largest = values.Max(), sum = values.Sum(value => Math.Exp((value - largest) / options.Temperature));
            return [.. values.Select(value => Math.Exp((value - largest) / options.Temperature) / sum)];
        }
    }

    private sealed class FloatsNear : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => (x == 0) == (y == 0) && Math.Abs(x - y) <= 1e-6f * Math.Abs(x);

        public int GetHashCode(float value) => 0;
    }
}
