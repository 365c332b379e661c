namespace NetGen.Training.Tests;

/// <summary>Generated streams by the interface that generators write with.</summary>
public sealed class GenerationTests
{
    /// <summary>Texts in which each letter follows from the one before, which both networks learn.</summary>
    [Fact]
    public void Networks_of_both_kinds_write_what_they_have_learned()
    {
        var attention = new LetterAttention(seed: 1);
        using (LetterAttention.Trainer trainer = attention.CreateTrainer(32, new Adam(5e-3f)))
            Learn((tokens, next) => trainer.Step(tokens, next));
        using (LetterAttention.Stream stream = attention.CreateStream())
            Check(stream, LetterAttention.Length);

        var recurrent = new LetterRecurrence(seed: 1);
        using (LetterRecurrence.Trainer trainer = recurrent.CreateTrainer(32, new Adam(1e-2f)))
            Learn((tokens, next) => trainer.Step(tokens, next));
        using (LetterRecurrence.Stream stream = recurrent.CreateStream())
            Check(stream, null);
    }

    private static void Learn(Func<int[], int[], float> step)
    {
        int[] tokens = new int[32 * LetterAttention.Length], next = new int[tokens.Length];
        float loss = 0;
        for (int i = 0; i < 150; i++)
        {
            for (int sample = 0; sample < 32; sample++)
            {
                int token = (i * 5 + sample) % LetterAttention.Letters;
                for (int k = 0; k < LetterAttention.Length; k++)
                {
                    tokens[sample * LetterAttention.Length + k] = token;
                    next[sample * LetterAttention.Length + k] = token = After(token);
                }
            }
            loss = step(tokens, next);
        }
        Assert.InRange(loss, 0, 0.1f);
    }

    private static void Check(ITokenStream stream, int? capacity)
    {
        Assert.Equal((LetterAttention.Letters, LetterAttention.Letters, capacity), (stream.TokenCount, stream.OutputSize, stream.Capacity));
        var generator = new TokenGenerator(stream, new GenerationOptions { Temperature = 0 });
        int[] tokens = new int[100];
        int count = generator.Generate([3, After(3)], tokens);
        Assert.Equal(capacity - 1 ?? 100, count);
        Assert.Equal(capacity is null ? null : StopReason.Capacity, generator.StopReason);
        int last = After(3);
        foreach (int token in tokens.AsSpan(0, count))
            Assert.Equal(last = After(last), token);

        // Beyond what training has shown, the rule is drawn from a distribution that is nearly one letter.
        var drawn = new TokenGenerator(stream, new GenerationOptions { TopK = 5, TopP = 0.9f, MaxNewTokens = 5, Seed = 3 });
        drawn.Begin([5]);
        last = 5;
        while (drawn.TryNext(out int token))
            Assert.Equal(last = After(last), token);
        Assert.Equal(StopReason.MaxNewTokens, drawn.StopReason);

        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Step([LetterAttention.Letters], new float[LetterAttention.Letters]));
        AssertAllocatesNothing(generator, tokens);
    }

    private static void AssertAllocatesNothing(TokenGenerator generator, int[] tokens)
    {
        int[] prompt = [3, 4, 5];
        long bytes = 0;
        for (int attempt = 0; attempt < 20 && (attempt == 0 || bytes > 0); attempt++)
        {
            bytes = GC.GetAllocatedBytesForCurrentThread();
            generator.Generate(prompt, tokens);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        }
        Assert.Equal(0, bytes);
    }

    private static int After(int token) => (token * 3 + 1) % LetterAttention.Letters;
}

/// <summary>Writes letters; keeps keys and values, and has a capacity.</summary>
[Network, Input<int>("tokens", LetterAttention.Length), Stream]
[Embedding(LetterAttention.Letters, 16, Name = "table"), Linear(16), Rotary(Name = "q")]
[From("table"), Linear(16), Rotary(Name = "k")]
[From("table"), Linear(16), ScaledDotProductAttention(Query = "q", Key = "k", Causal = true), Add("table")]
[SwiGLU(16, 32), Linear(LetterAttention.Letters), CrossEntropyLoss(Dim = -1)]
internal sealed partial class LetterAttention
{
    internal const int Length = 12, Letters = 11;
}

/// <summary>Writes letters; keeps a state, and has no end.</summary>
[Network, Input<int>("tokens", LetterAttention.Length), Stream]
[Embedding(LetterAttention.Letters, 16), LSTM(24), Linear(LetterAttention.Letters), CrossEntropyLoss(Dim = -1)]
internal sealed partial class LetterRecurrence;
