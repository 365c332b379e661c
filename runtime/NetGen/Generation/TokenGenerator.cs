using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>
/// Writes texts with a stream, token by token: takes a prompt, draws a token from the logits, gives it to the stream, draws the next. It
/// ends at a stop token, after so many tokens, or where the stream is full, and says which. No token allocates anything.
/// </summary>
/// <remarks>
/// A text is a function of the prompt, the options, the seed and the logits. Whoever makes a generator keeps the stream and disposes of it;
/// meanwhile only the generator steps it. A generator serves one caller at a time.
/// </remarks>
/// <example>
/// <code>
/// using Shakespeare.Stream stream = network.CreateStream();
/// var generator = new TokenGenerator(stream, new GenerationOptions { Temperature = 0.8f, TopK = 40, MaxNewTokens = 200, Seed = 1 });
/// generator.Begin(tokenizer.EncodeToIds("ROMEO:").ToArray());
/// while (generator.TryNext(out int token))
///     Console.Write(tokenizer.Decode([token]));
/// Console.WriteLine($" ({generator.StopReason})");
/// </code>
/// </example>
public sealed class TokenGenerator
{
    private readonly ITokenStream _stream;
    private readonly GenerationOptions _options;
    private readonly TokenSampler _sampler;
    private readonly int[] _stopTokens;
    private readonly float[] _logits;

    // The stream's position after the last call, −1 before the first prompt; and the token that was given and that it has not taken yet.
    private long _position = -1;
    private int? _pending;

    /// <summary>A generator that writes with a stream.</summary>
    /// <param name="stream">The stream, whose output are logits: one for each token, from the first on.</param>
    /// <param name="options">How tokens are drawn, and when the text ends.</param>
    /// <exception cref="ArgumentException">
    /// The stream has more logits than it takes tokens, so that one might be drawn which it could not take; or a stop token has no logit.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SamplingOptions.TopK"/> is above the number of logits.</exception>
    public TokenGenerator(ITokenStream stream, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _options = options ?? new GenerationOptions();
        if (stream.OutputSize > stream.TokenCount)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The network gives {stream.OutputSize} logits but "
                + $"takes tokens from 0 to {stream.TokenCount - 1} only: expected no more logits than there are tokens."), nameof(stream));
        }
        _sampler = new TokenSampler(stream.OutputSize, _options);
        _stopTokens = [.. _options.StopTokens];
        foreach (int token in _stopTokens)
        {
            if ((uint)token >= (uint)stream.OutputSize)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The stop token {token} can never be drawn: expected 0 to {stream.OutputSize - 1}."), nameof(options));
            }
        }
        _logits = new float[stream.OutputSize];
    }

    /// <summary>New tokens since the last <see cref="Begin"/> or <see cref="Continue"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Why the text ended; null as long as it has not.</summary>
    public StopReason? StopReason { get; private set; }

    /// <summary>Begins a new text with a prompt.</summary>
    /// <param name="prompt">Its tokens, at least one.</param>
    /// <param name="seed">The seed of this text; null for that of the options.</param>
    /// <exception cref="ArgumentException">The prompt is empty; nothing was done.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The prompt has a number that is no token; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">
    /// The prompt is longer than the stream's capacity, or another call of the stream is inside; nothing was done.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public void Begin(ReadOnlySpan<int> prompt, ulong? seed = null)
    {
        CheckPrompt(prompt, 0, nameof(prompt));
        _stream.Reset();
        _sampler.Reset(seed);
        Take(prompt);
    }

    /// <summary>
    /// Adds tokens to the text that is there, such as the next question of a conversation, and goes on behind them. A stop token that ended
    /// the text is not in it: where the network expects it, it is the first of these.
    /// </summary>
    /// <param name="tokens">The tokens, at least one.</param>
    /// <exception cref="ArgumentException">There are no tokens; nothing was done.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is no token; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no text, or the stream has no room for the tokens, or was moved by someone else, or another call of it is inside; nothing
    /// was done.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public void Continue(ReadOnlySpan<int> tokens)
    {
        CheckText();
        CheckPrompt(tokens, _position + (_pending is null ? 0 : 1), nameof(tokens));
        if (_pending is not null)
            TakePending();
        Take(tokens);
    }

    /// <summary>The next token, unless the text has ended.</summary>
    /// <param name="token">The token; −1 where the text has ended.</param>
    /// <returns>Whether there is one. Where not, <see cref="StopReason"/> says why.</returns>
    /// <exception cref="ArgumentException">The network gives NaN or +∞ as logits; calling again gives the same error.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no text, or the stream was moved by someone else, or another call of it is inside; nothing was done.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public bool TryNext(out int token)
    {
        token = -1;
        CheckText();
        if (StopReason is not null)
            return false;
        if (Count == _options.MaxNewTokens)
            return Stop(NetGen.StopReason.MaxNewTokens);
        if (_pending is not null)
        {
            if (_position == _stream.Capacity)
                return Stop(NetGen.StopReason.Capacity);
            TakePending();
        }
        int drawn = _sampler.Draw(_logits);
        if (_stopTokens.AsSpan().Contains(drawn))
            return Stop(NetGen.StopReason.StopToken);
        token = drawn;
        _pending = drawn;
        Count++;
        return true;
    }

    /// <summary>Begins a new text with a prompt, and writes until it ends or a span is full.</summary>
    /// <param name="prompt">Its tokens, at least one.</param>
    /// <param name="tokens">Receives the tokens that follow it.</param>
    /// <param name="seed">The seed of this text; null for that of the options.</param>
    /// <returns>
    /// How many there are. <see cref="StopReason"/> says why no more; it is null where the span is full, and <see cref="TryNext"/> goes on.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The prompt is empty, and nothing was done; or the network gives NaN or +∞ as logits.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The prompt has a number that is no token; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">
    /// The prompt is longer than the stream's capacity, or another call of the stream is inside; nothing was done.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    public int Generate(ReadOnlySpan<int> prompt, Span<int> tokens, ulong? seed = null)
    {
        Begin(prompt, seed);
        int count = 0;
        while (count < tokens.Length && TryNext(out int token))
            tokens[count++] = token;
        return count;
    }

    private void CheckText()
    {
        if (_position < 0)
            throw new InvalidOperationException("There is no text yet: Begin(prompt) comes first.");
        if (_stream.Position != _position)
            ThrowMoved();
    }

    /// <summary>Checks tokens that come behind so many others.</summary>
    private void CheckPrompt(ReadOnlySpan<int> tokens, long before, string name)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("There are no tokens: expected at least one, from which the text goes on.", name);
        for (int i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)_stream.TokenCount)
            {
                throw new ArgumentOutOfRangeException(name, tokens[i], string.Create(CultureInfo.InvariantCulture,
                    $"{tokens[i]} at place {i} is no token: expected 0 to {_stream.TokenCount - 1}."));
            }
        }
        if (_stream.Capacity is int capacity && tokens.Length > capacity - before)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"There are {tokens.Length} tokens behind "
                + $"{before} others, but the stream takes {capacity} at most, the length that the network declares; nothing was done."));
        }
    }

    private void Take(ReadOnlySpan<int> tokens)
    {
        _stream.Prefill(tokens, _logits);
        foreach (ref readonly int token in tokens)
        {
            // Those that have no logit have nothing to be penalised.
            if (token < _sampler.VocabularySize)
                _sampler.Add(new ReadOnlySpan<int>(in token));
        }
        _position = _stream.Position;
        _pending = null;
        Count = 0;
        StopReason = null;
    }

    private void TakePending()
    {
        int token = _pending!.Value;
        _stream.Step(new ReadOnlySpan<int>(in token), _logits);
        _position = _stream.Position;
        _pending = null;
    }

    private bool Stop(StopReason reason)
    {
        StopReason = reason;
        return false;
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowMoved() => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
        $"The stream stands at {_stream.Position}, where this generator left it at {_position}: someone else has moved it. "
        + $"Give each generator a stream of its own, or begin a new text."));
}
