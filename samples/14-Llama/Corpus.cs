namespace NetGen.Samples.Language;

/// <summary>A text as tokens: nine tenths to learn from, the rest to see how well the network does on what it has not seen.</summary>
internal sealed class Corpus
{
    private readonly int[] _training, _validation;

    public Corpus(Tokens tokens, string text)
    {
        int cut = (int)(text.Length * 0.9);
        Characters = text.Length;
        ValidationCharacters = text.Length - cut;
        _training = tokens.Encode(text[..cut]);
        _validation = tokens.Encode(text[cut..]);
    }

    public int Characters { get; }

    public int ValidationCharacters { get; }

    public int TrainingTokens => _training.Length;

    public int ValidationTokens => _validation.Length;

    /// <summary>Windows that lie side by side in the text that is not learned from.</summary>
    public int ValidationWindows => (_validation.Length - 1) / Llama.Length;

    /// <summary>Windows from anywhere in the text that is learned from, and for each of their tokens the next.</summary>
    /// <param name="random">Says which.</param>
    /// <param name="tokens">Receives the windows.</param>
    /// <param name="next">Receives the tokens behind each of theirs.</param>
    public void Draw(ref Noise random, Span<int> tokens, Span<int> next)
    {
        for (int i = 0; i < tokens.Length; i += Llama.Length)
            Copy(_training, random.Below(_training.Length - Llama.Length), tokens[i..], next[i..]);
    }

    /// <summary>Some of the windows that are not learned from.</summary>
    public void Take(int first, Span<int> tokens, Span<int> next)
    {
        for (int i = 0; i < tokens.Length; i += Llama.Length, first++)
            Copy(_validation, first * Llama.Length, tokens[i..], next[i..]);
    }

    private static void Copy(int[] text, int start, Span<int> tokens, Span<int> next)
    {
        text.AsSpan(start, Llama.Length).CopyTo(tokens);
        text.AsSpan(start + 1, Llama.Length).CopyTo(next);
    }
}
