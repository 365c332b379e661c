namespace NetGen;

/// <summary>
/// How a token is drawn from logits. The parts follow one another as in <c>generate</c> of Hugging Face's Transformers: repetition penalty,
/// temperature, top-k, top-p, min-p, softmax. By default none of them does anything, and a token is drawn by its softmax.
/// </summary>
public record SamplingOptions
{
    private readonly float _temperature = 1, _topP = 1, _minP, _repetitionPenalty = 1;
    private readonly int _topK;

    /// <summary>
    /// What logits are divided by: below 1 likely tokens become more likely. 0 takes the largest logit without drawing, of equal ones the
    /// lowest token. 1 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or NaN.</exception>
    public float Temperature
    {
        get => _temperature;
        init => _temperature = Check(value, value is >= 0 and < float.PositiveInfinity, nameof(Temperature), "a finite number from 0 on");
    }

    /// <summary>
    /// Only the tokens with the k largest logits remain, and those whose logit equals the k-th. 0, the default, leaves all; a sampler
    /// refuses more than there are tokens.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int TopK
    {
        get => _topK;
        init => _topK = Check(value, value >= 0, nameof(TopK), "a number of tokens, or 0 for all of them");
    }

    /// <summary>
    /// Only the likeliest tokens remain, as few as have this share of the probability together: a token stays while those before it have
    /// less (nucleus sampling). Of equally likely ones lower tokens come first. 1, the default, leaves all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside of (0, 1].</exception>
    public float TopP
    {
        get => _topP;
        init => _topP = Check(value, value is > 0 and <= 1, nameof(TopP), "a share above 0, and at most 1");
    }

    /// <summary>
    /// Only tokens remain that are at least this many times as likely as the likeliest. 0, the default, leaves all.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside of [0, 1].</exception>
    public float MinP
    {
        get => _minP;
        init => _minP = Check(value, value is >= 0 and <= 1, nameof(MinP), "a ratio from 0 to 1");
    }

    /// <summary>
    /// Logits of tokens that the text has already are divided by this where they are positive, and multiplied where negative, however often
    /// the text has the token. 1, the default, changes nothing; larger numbers make repetitions rarer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0, infinite or NaN.</exception>
    public float RepetitionPenalty
    {
        get => _repetitionPenalty;
        init => _repetitionPenalty = Check(
            value, value is > 0 and < float.PositiveInfinity, nameof(RepetitionPenalty), "a finite number above 0");
    }

    /// <summary>Seed of the draws: the n-th draw is a function of seed, n and the logits.</summary>
    public ulong Seed { get; init; }

    /// <summary>The value, if it is allowed.</summary>
    private protected static T Check<T>(T value, bool isAllowed, string name, string expected)
        => isAllowed ? value : throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");
}

/// <summary>How a text is generated: how tokens are drawn, and when it ends.</summary>
public record GenerationOptions : SamplingOptions
{
    private readonly int? _maxNewTokens;

    /// <summary>The most tokens that follow a prompt. Null, the default, sets no limit but the stream's capacity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? MaxNewTokens
    {
        get => _maxNewTokens;
        init => _maxNewTokens = Check(value, value is null or >= 1, nameof(MaxNewTokens), "a number of tokens from 1 on, or null");
    }

    /// <summary>Tokens that end the text when they are drawn, such as that of the end of a text; they are not given.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];
}
