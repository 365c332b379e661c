namespace NetGen.Runtime.Tests;

/// <summary>What a generator gives to a stream, when it ends, and what it refuses.</summary>
public class TokenGeneratorTests
{
    private const int Tokens = 50;

    private static readonly GenerationOptions s_greedy = new() { Temperature = 0 };

    [Fact]
    public void Each_token_is_drawn_from_what_the_stream_gives_for_the_one_before()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, s_greedy);
        generator.Begin([4, 9]);
        int[] text = [.. Take(generator, 6)];
        Assert.Equal(Chain(9, 6), text);
        // It takes a token only when the next is asked for.
        Assert.Equal([4, 9, .. text[..^1]], stream.Taken);
        Assert.Equal(6, generator.Count);
        Assert.Null(generator.StopReason);
    }

    [Fact]
    public void It_ends_after_so_many_tokens()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, s_greedy with { MaxNewTokens = 3 });
        generator.Begin([9]);
        Assert.Equal(Chain(9, 3), Take(generator, 10));
        AssertEnded(generator, StopReason.MaxNewTokens);
        Assert.Equal(3, stream.Position);
    }

    [Fact]
    public void It_ends_at_a_stop_token_which_is_not_given()
    {
        using var stream = new Script();
        int[] chain = Chain(9, 5);
        var generator = new TokenGenerator(stream, s_greedy with { MaxNewTokens = 5, StopTokens = [49, chain[3]] });
        generator.Begin([9]);
        Assert.Equal(chain[..3], Take(generator, 10));
        AssertEnded(generator, StopReason.StopToken);
        Assert.Equal(3, generator.Count);
    }

    /// <summary>The last token of a full stream still gives logits, so that one more can be drawn.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void It_ends_where_the_stream_is_full(int prompt)
    {
        using var stream = new Script { Capacity = 8 };
        var generator = new TokenGenerator(stream, s_greedy);
        generator.Begin(Enumerable.Repeat(9, prompt).ToArray());
        Assert.Equal(Chain(9, 8 - prompt + 1), Take(generator, 100));
        AssertEnded(generator, StopReason.Capacity);
        Assert.Equal(8, stream.Position);

        generator.Begin([3]);
        Assert.Null(generator.StopReason);
        Assert.Equal(Chain(3, 8), Take(generator, 100));
    }

    [Fact]
    public void Texts_go_on_behind_further_tokens()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, s_greedy with { MaxNewTokens = 2 });
        generator.Begin([9]);
        int[] first = [.. Take(generator, 5)];
        generator.Continue([7, 8]);
        Assert.Equal((0, null), (generator.Count, generator.StopReason));
        Assert.Equal(Chain(8, 2), Take(generator, 5));
        Assert.Equal([9, .. first, 7, 8, Chain(8, 1)[0]], stream.Taken);
        AssertEnded(generator, StopReason.MaxNewTokens);
    }

    [Fact]
    public void A_span_is_filled_and_can_be_gone_on_from()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, s_greedy with { MaxNewTokens = 6 });
        var tokens = new int[4];
        Assert.Equal(4, generator.Generate([9], tokens));
        Assert.Equal(Chain(9, 4), tokens);
        Assert.Null(generator.StopReason);
        Assert.Equal(Chain(9, 6)[4..], Take(generator, 9));

        var more = new int[10];
        Assert.Equal(6, generator.Generate([9], more));
        Assert.Equal([.. Chain(9, 6), 0, 0, 0, 0], more);
        Assert.Equal(StopReason.MaxNewTokens, generator.StopReason);
    }

    [Fact]
    public void A_text_is_a_function_of_prompt_and_seed()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, new GenerationOptions
        {
            Temperature = 5, TopK = 20, RepetitionPenalty = 1.2f, MaxNewTokens = 40, Seed = 1,
        });
        int[] first = Text([9], null), second = Text([9], 2);
        Assert.Equal(40, first.Length);
        Assert.NotEqual(first, second);
        Assert.Equal(first, Text([9], 1));
        Assert.Equal(first, Text([9], null));
        Assert.Equal(second, Text([9], 2));

        int[] Text(int[] prompt, ulong? seed)
        {
            var tokens = new int[50];
            return tokens[..generator.Generate(prompt, tokens, seed)];
        }
    }

    /// <summary>A prompt's tokens are penalised as drawn ones are: the largest logit, 10, becomes less than the next, 5.</summary>
    [Fact]
    public void Tokens_of_the_prompt_are_penalised()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, s_greedy with { RepetitionPenalty = 3 });
        int next = Chain(9, 1)[0];
        generator.Begin([9]);
        Assert.Equal([next], Take(generator, 1));
        generator.Begin([next, 9]);
        Assert.Equal([(next + 1) % Tokens], Take(generator, 1));
    }

    [Fact]
    public void What_is_wrong_is_told_and_changes_nothing()
    {
        using var stream = new Script { Capacity = 10 };
        var generator = new TokenGenerator(stream, s_greedy);
        Assert.Contains("Begin(prompt)", Assert.Throws<InvalidOperationException>(() => generator.TryNext(out _)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => generator.Continue([1]));
        generator.Begin([9]);
        int[] chain = Chain(9, 10), first = [.. Take(generator, 3)];

        Assert.Equal("prompt", Assert.Throws<ArgumentException>(() => generator.Begin([])).ParamName);
        Assert.Contains("50 at place 1 is no token: expected 0 to 49", Assert.Throws<ArgumentOutOfRangeException>(
            () => generator.Begin([3, 50])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Generate([-1], new int[3]));
        Assert.Contains("11 tokens behind 0 others, but the stream takes 10", Assert.Throws<InvalidOperationException>(
            () => generator.Begin(new int[11])).Message, StringComparison.Ordinal);
        Assert.Equal("tokens", Assert.Throws<ArgumentException>(() => generator.Continue([])).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Continue([50]));
        // One of the prompt, and three that were drawn.
        Assert.Contains("7 tokens behind 4 others", Assert.Throws<InvalidOperationException>(
            () => generator.Continue(new int[7])).Message, StringComparison.Ordinal);

        Assert.Equal((3, null), (generator.Count, generator.StopReason));
        Assert.Equal(chain[3..], Take(generator, 100));
        Assert.Equal(chain[..3], first);
    }

    [Fact]
    public void A_stream_that_someone_else_moved_is_told()
    {
        using var stream = new Script();
        var generator = new TokenGenerator(stream, s_greedy);
        generator.Begin([9]);
        stream.Step([1], new float[Tokens]);
        Assert.Contains("stands at 2, where this generator left it at 1",
            Assert.Throws<InvalidOperationException>(() => generator.TryNext(out _)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => generator.Continue([3]));
        generator.Begin([9]);
        Assert.Equal(Chain(9, 2), Take(generator, 2));
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_told_at_every_call()
    {
        using var stream = new Script { Wrong = 17 };
        var generator = new TokenGenerator(stream, s_greedy);
        generator.Begin([9]);
        for (int i = 0; i < 2; i++)
        {
            Assert.Contains("token 17 is NaN", Assert.Throws<ArgumentException>(() => generator.TryNext(out _)).Message,
                StringComparison.Ordinal);
        }
        Assert.Equal((0, null), (generator.Count, generator.StopReason));
    }

    [Fact]
    public void Streams_and_options_that_do_not_fit_are_refused()
    {
        using var stream = new Script();
        using var larger = new Script { TokenCount = Tokens - 1 };
        Assert.Contains("gives 50 logits but takes tokens from 0 to 48", Assert.Throws<ArgumentException>(
            () => new TokenGenerator(larger)).Message, StringComparison.Ordinal);
        foreach (int token in new[] { -1, Tokens })
        {
            Assert.Contains($"stop token {token} can never be drawn", Assert.Throws<ArgumentException>(
                () => new TokenGenerator(stream, new GenerationOptions { StopTokens = [3, token] })).Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenGenerator(stream, new GenerationOptions { TopK = Tokens + 1 }));
        Assert.Throws<ArgumentNullException>(() => new TokenGenerator(null!));
    }

    /// <summary>Tokens that have no logit may stand in a prompt; they are never drawn.</summary>
    [Fact]
    public void A_prompt_may_have_tokens_without_a_logit()
    {
        using var stream = new Script { TokenCount = Tokens + 2 };
        var generator = new TokenGenerator(stream, s_greedy with { RepetitionPenalty = 3 });
        generator.Begin([Tokens + 1, 9]);
        Assert.Equal(Chain(9, 1), Take(generator, 1));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using var stream = new Script { Keeps = false };
        var generator = new TokenGenerator(stream, new GenerationOptions
        {
            TopK = 30, TopP = 0.95f, RepetitionPenalty = 1.1f, StopTokens = [3], MaxNewTokens = 60,
        });
        int[] prompt = [9, 8, 7], tokens = new int[60];
        long bytes = 0;
        for (int attempt = 0; attempt < 20 && (attempt == 0 || bytes > 0); attempt++)
        {
            bytes = GC.GetAllocatedBytesForCurrentThread();
            generator.Generate(prompt, tokens, 4);
            generator.Continue(prompt);
            while (generator.TryNext(out _))
            {
            }
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        }
        Assert.Equal(0, bytes);
    }

    private static IEnumerable<int> Take(TokenGenerator generator, int most)
    {
        for (int i = 0; i < most && generator.TryNext(out int token); i++)
            yield return token;
    }

    private static int[] Chain(int token, int count)
    {
        var chain = new int[count];
        for (int i = 0; i < count; i++)
            chain[i] = token = Script.After(token);
        return chain;
    }

    private static void AssertEnded(TokenGenerator generator, StopReason reason)
    {
        Assert.Equal(reason, generator.StopReason);
        int count = generator.Count;
        Assert.False(generator.TryNext(out int token));
        Assert.Equal(-1, token);
        Assert.Equal((reason, count), (generator.StopReason, generator.Count));
    }

    /// <summary>Behind each token another has the largest logit, 10, and the one after that 5.</summary>
    private sealed class Script : ITokenStream
    {
        public int TokenCount { get; init; } = Tokens;

        public int OutputSize => Tokens;

        public long Position { get; private set; }

        public int? Capacity { get; init; }

        /// <summary>A token whose logit is NaN.</summary>
        public int? Wrong { get; init; }

        public bool Keeps { get; init; } = true;

        public List<int> Taken { get; } = [];

        public static int After(int token) => (token * 7 + 3) % Tokens;

        public void Step(ReadOnlySpan<int> tokens, Span<float> output)
        {
            if (tokens.Length != 1)
                throw new ArgumentException("A drawn token is a step of its own.", nameof(tokens));
            Prefill(tokens, output);
        }

        public void Prefill(ReadOnlySpan<int> tokens, Span<float> output)
        {
            if (tokens.Length > (Capacity ?? int.MaxValue) - Position)
                throw new InvalidOperationException("The stream is full.");
            Position += tokens.Length;
            if (Keeps)
                Taken.AddRange(tokens);
            output.Clear();
            int next = After(tokens[^1]);
            (output[next], output[(next + 1) % Tokens]) = (10, 5);
            if (Wrong is int wrong)
                output[wrong] = float.NaN;
        }

        public void Reset()
        {
            Position = 0;
            Taken.Clear();
        }

        public void Dispose()
        {
        }
    }
}
