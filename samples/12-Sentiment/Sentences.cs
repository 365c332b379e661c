namespace NetGen.Samples;

/// <summary>Sentences with what they are, positive (1) or negative (0), as texts and as the numbers of their words.</summary>
internal sealed class Sentences
{
    /// <summary>Words of a sentence that the networks read; of the 3,000 two are longer, whose ends are left away.</summary>
    public const int Most = 64;

    private readonly int[][] _tokens;
    private readonly int[] _labels;

    private Sentences(IReadOnlyList<LabelledSentence> sentences, Vocabulary vocabulary)
    {
        _tokens = [.. sentences.Select(sentence => Encode(vocabulary, sentence.Text))];
        _labels = [.. sentences.Select(sentence => sentence.Label)];
    }

    public int Count => _labels.Length;

    /// <summary>Batches of them.</summary>
    /// <param name="batchSize">Sentences of a batch.</param>
    /// <param name="isPadded">Whether the network takes sentences of one length; others take them as long as they are.</param>
    /// <param name="shuffleSeed">What their order is drawn from; null keeps it.</param>
    public IBatchSource Batches(int batchSize, bool isPadded, ulong? shuffleSeed = null)
    {
        if (!isPadded)
        {
            return new SequenceBatches(_tokens, _labels, batchSize, shuffleSeed, lengthPool: shuffleSeed is null ? 0 : 8 * batchSize);
        }

        int[] padded = new int[Count * Most];
        PaddedSequences.Pad(_tokens.SelectMany(tokens => tokens).ToArray(), [.. _tokens.Select(tokens => tokens.Length)], Most,
            Vocabulary.Padding, padded);
        return new ArrayBatches(padded, _labels, batchSize, shuffleSeed);
    }

    /// <summary>One sentence's numbers, as many as the networks read.</summary>
    public static int[] Encode(Vocabulary vocabulary, string text) => [.. vocabulary.Encode(text).Take(Most)];

    /// <summary>The 3,000 sentences within this program: those to learn from, to choose by and to test on; words of the first.</summary>
    public static (Sentences Train, Sentences Validation, Sentences Test, Vocabulary Vocabulary) Read()
    {
        var (train, validation, test) = LabelledSentence.Split();
        var vocabulary = new Vocabulary(train.Select(sentence => sentence.Text));
        return (new Sentences(train, vocabulary), new Sentences(validation, vocabulary), new Sentences(test, vocabulary), vocabulary);
    }
}
