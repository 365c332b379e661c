using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>
/// Draws tokens from logits: repetition penalty, temperature, top-k, top-p, min-p, softmax, in this order, as <see cref="SamplingOptions"/>
/// say. A draw is a function of the seed, of how many tokens were drawn before, of the text so far and of the logits: the same on every
/// machine. Nothing is allocated by any call, and the vocabulary is never sorted.
/// </summary>
/// <remarks>
/// For a network with a stream <see cref="TokenGenerator"/> does all of it. A sampler serves one caller at a time.
/// </remarks>
public sealed class TokenSampler
{
    // Sets these counters apart from those of other uses of a seed: 'toke'.
    private const uint Purpose = 0x746F6B65;

    private readonly SamplingOptions _options;
    private readonly LogitSelection _selection = new();

    // What remains of the vocabulary: values, what they weigh, and which tokens they are (in ascending order); and the largest values.
    private readonly float[] _values, _largest;
    private readonly double[] _weights;
    private readonly int[] _tokens;

    // The tokens of the text, each once.
    private readonly int[] _text;
    private readonly bool[] _isInText;
    private int _textCount;
    private ulong _seed;

    /// <summary>A sampler whose text is empty.</summary>
    /// <param name="vocabularySize">How many tokens there are, at least 1: as many as there are logits.</param>
    /// <param name="options">How tokens are drawn; by default by the softmax of the logits.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The vocabulary is empty, or <see cref="SamplingOptions.TopK"/> is larger than it.
    /// </exception>
    public TokenSampler(int vocabularySize, SamplingOptions? options = null)
    {
        if (vocabularySize < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(vocabularySize), vocabularySize,
                "The vocabulary is empty: expected at least one token.");
        }
        _options = options ?? new SamplingOptions();
        if (_options.TopK > vocabularySize)
        {
            throw new ArgumentOutOfRangeException(nameof(options), _options.TopK, string.Create(CultureInfo.InvariantCulture,
                $"TopK is {_options.TopK}, but there are {vocabularySize} tokens: expected at most as many, or 0 for all of them."));
        }
        VocabularySize = vocabularySize;
        _values = new float[vocabularySize];
        _largest = new float[_options.TopK];
        _weights = new double[(vocabularySize + Exponentials.Block - 1) / Exponentials.Block * Exponentials.Block];
        _tokens = new int[vocabularySize];
        _text = new int[vocabularySize];
        _isInText = new bool[vocabularySize];
        _seed = _options.Seed;
    }

    /// <summary>How many tokens there are.</summary>
    public int VocabularySize { get; }

    /// <summary>Tokens drawn since the beginning or the last <see cref="Reset"/>.</summary>
    public long Drawn { get; private set; }

    /// <summary>Forgets the text and what was drawn: the next draw is the first.</summary>
    /// <param name="seed">The seed from now on; null for that of the options.</param>
    public void Reset(ulong? seed = null)
    {
        foreach (int token in _text.AsSpan(0, _textCount))
            _isInText[token] = false;
        _textCount = 0;
        _seed = seed ?? _options.Seed;
        Drawn = 0;
    }

    /// <summary>Tells of tokens that the text has besides those that are drawn, such as a prompt's: they are penalised too.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative, or not below the vocabulary's size; nothing was done.</exception>
    public void Add(ReadOnlySpan<int> tokens)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)VocabularySize)
                ThrowToken(tokens[i], i, nameof(tokens));
        }
        foreach (int token in tokens)
            Add(token);
    }

    /// <summary>Draws a token, which belongs to the text from then on.</summary>
    /// <param name="logits">One for each token; −∞ for a token that may not be drawn.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ArgumentException">
    /// There are fewer or more logits than tokens, one is NaN or +∞, or all are −∞; nothing was done.
    /// </exception>
    public int Draw(ReadOnlySpan<float> logits)
    {
        float largest = Penalise(logits);
        int token;
        if (_options.Temperature == 0)
        {
            token = _values.AsSpan().IndexOf(largest);
        }
        else
        {
            int remaining = Weigh(largest, out double total);
            int place = Place(_weights.AsSpan(0, remaining), Unit() * total);
            token = remaining == VocabularySize ? place : _tokens[place];
        }
        Drawn++;
        Add(token);
        return token;
    }

    /// <summary>With which probability the next <see cref="Draw"/> gives each token. Changes nothing.</summary>
    /// <param name="logits">One for each token; −∞ for a token that may not be drawn.</param>
    /// <param name="probabilities">Receives one for each token.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer or more logits or probabilities than tokens, a logit is NaN or +∞, or all are −∞; nothing was done.
    /// </exception>
    public void Probabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (probabilities.Length != VocabularySize)
            ThrowLength(probabilities.Length, nameof(probabilities));
        float largest = Penalise(logits);
        probabilities.Clear();
        if (_options.Temperature == 0)
        {
            probabilities[_values.AsSpan().IndexOf(largest)] = 1;
            return;
        }
        int remaining = Weigh(largest, out double total);
        for (int i = 0; i < remaining; i++)
            probabilities[remaining == VocabularySize ? i : _tokens[i]] = (float)(_weights[i] / total);
    }

    private void Add(int token)
    {
        if (_isInText[token])
            return;
        _isInText[token] = true;
        _text[_textCount++] = token;
    }

    /// <summary>Copies the logits, with those of the text's tokens penalised, and gives the largest, which is finite.</summary>
    private float Penalise(ReadOnlySpan<float> logits)
    {
        if (logits.Length != VocabularySize)
            ThrowLength(logits.Length, nameof(logits));
        logits.CopyTo(_values);
        float penalty = _options.RepetitionPenalty;
        if (penalty != 1)
        {
            foreach (int token in _text.AsSpan(0, _textCount))
                _values[token] = _values[token] < 0 ? _values[token] * penalty : _values[token] / penalty;
        }
        float largest = Largest(_values);
        if (!float.IsFinite(largest))
            ThrowLogits(logits);
        return largest;
    }

    /// <summary>The largest of some values; NaN where one of them is NaN or +∞.</summary>
    private static float Largest(ReadOnlySpan<float> values)
    {
        Vector256<float> infinity = Vector256.Create(float.PositiveInfinity), largest = -infinity, allowed = Vector256<float>.AllBitsSet;
        float most = float.NegativeInfinity;
        bool isAllowed = true;
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> some = Vector256.Create(values.Slice(i, Vector256<float>.Count));
            allowed &= Vector256.LessThan(some, infinity);
            largest = Vector256.ConditionalSelect(Vector256.GreaterThan(some, largest), some, largest);
        }
        for (; i < values.Length; i++)
        {
            isAllowed &= values[i] < float.PositiveInfinity;
            most = values[i] > most ? values[i] : most;
        }
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
            most = largest[lane] > most ? largest[lane] : most;
        return isAllowed && Vector256.EqualsAll(allowed.AsInt32(), Vector256<int>.AllBitsSet) ? most : float.NaN;
    }

    /// <summary>
    /// Leaves the tokens that may be drawn, with weights in proportion to their probabilities, the largest being 1.
    /// </summary>
    /// <param name="largest">The largest value.</param>
    /// <param name="total">Their sum.</param>
    /// <returns>How many; where that is the whole vocabulary, tokens are their places.</returns>
    private int Weigh(float largest, out double total)
    {
        int count = VocabularySize;
        if (_options.TopK > 0 && _options.TopK < count)
        {
            // Whatever equals the k-th stays, as with Hugging Face.
            count = KeepFrom(LogitSelection.KthLargest(_values, _largest));
        }
        Exponentials.Of(_values.AsSpan(0, count), largest, _options.Temperature, _weights);
        total = Sum(_weights.AsSpan(0, count));
        if (_options.TopP < 1)
        {
            double share = _options.TopP * total;
            // Those below this would not have the rest together, even if it were all of them. Of a trained network that is nearly all.
            count = Keep(count, 0, 0, double.PositiveInfinity, (1 - (double)_options.TopP) * total / count);
            (uint least, double above) = _selection.Find(_values.AsSpan(0, count), _weights.AsSpan(0, count), share);
            count = Keep(count, least, above, share, 0);
        }
        if (_options.MinP > 0)
            count = Keep(count, 0, 0, double.PositiveInfinity, _options.MinP);
        if (count < VocabularySize)
            total = Sum(_weights.AsSpan(0, count));
        return count;
    }

    /// <summary>Keeps, of the whole vocabulary, values from the given one on.</summary>
    private int KeepFrom(float least)
    {
        Span<float> values = _values;
        Vector256<float> limit = Vector256.Create(least);
        int kept = 0, first = 0;
        for (; first <= values.Length - Vector256<float>.Count; first += Vector256<float>.Count)
        {
            uint mask = Vector256.GreaterThanOrEqual(
                Vector256.Create((ReadOnlySpan<float>)values.Slice(first, Vector256<float>.Count)), limit).ExtractMostSignificantBits();
            for (; mask != 0; mask &= mask - 1)
            {
                int token = first + BitOperations.TrailingZeroCount(mask);
                values[kept] = values[token];
                _tokens[kept++] = token;
            }
        }
        for (int token = first; token < values.Length; token++)
        {
            if (!(values[token] >= least))
                continue;
            values[kept] = values[token];
            _tokens[kept++] = token;
        }
        return kept;
    }

    /// <summary>
    /// Keeps, of what remains, what weighs enough and is above a key; with that key as many as are needed for a share.
    /// </summary>
    private int Keep(int count, uint least, double above, double share, double lightest)
    {
        bool isWhole = count == VocabularySize;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (_weights[i] < lightest)
                continue;
            uint key = LogitSelection.KeyOf(_values[i]);
            if (key < least)
                continue;
            if (key == least)
            {
                if (above >= share)
                    continue;
                above += _weights[i];
            }
            _values[kept] = _values[i];
            _weights[kept] = _weights[i];
            _tokens[kept++] = isWhole ? i : _tokens[i];
        }
        return kept;
    }

    /// <summary>In the order of the tokens, as draws go through them.</summary>
    private static double Sum(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        return sum;
    }

    /// <summary>Where the sum of weights exceeds a part of their total.</summary>
    private static int Place(ReadOnlySpan<double> weights, double part)
    {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0)
                continue;
            sum += weights[i];
            if (sum > part)
                return i;
            last = i;
        }
        // The product with a number just below 1 may round up to the total.
        return last;
    }

    /// <summary>A number in [0, 1) for the next draw: 53 bits, all that a double holds.</summary>
    private double Unit()
    {
        Vector128<uint> words = Philox.Generate(_seed, (uint)Drawn, (uint)(Drawn >> 32), uint.MaxValue, Purpose);
        return (((ulong)words[1] << 32 | words[0]) >> 11) * (1.0 / (1UL << 53));
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowToken(int token, int place, string name)
        => throw new ArgumentOutOfRangeException(name, token, string.Create(CultureInfo.InvariantCulture,
            $"{token} at place {place} is no token: expected 0 to {VocabularySize - 1}."));

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowLength(int length, string name)
        => throw new ArgumentException($"Expected {VocabularySize} values, one for each token, but the length is {length}.", name);

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowLogits(ReadOnlySpan<float> logits)
    {
        for (int token = 0; token < logits.Length; token++)
        {
            if (!(_values[token] < float.PositiveInfinity))
            {
                string penalised = logits[token] < float.PositiveInfinity ? " with the repetition penalty" : "";
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The logit of token {token} is {_values[token]}{penalised}: expected finite numbers, or −∞ for tokens that may not be "
                    + $"drawn."), nameof(logits));
            }
        }
        throw new ArgumentException("All logits are −∞, so that no token may be drawn.", nameof(logits));
    }
}
