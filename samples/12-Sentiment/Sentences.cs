using System.Globalization;
using System.Text;

namespace NetGen.Samples;

/// <summary>Sentences with what they are, positive (1) or negative (0), as texts and as the numbers of their words.</summary>
internal sealed class Sentences
{
    /// <summary>Words of a sentence that the networks read; of the 3,000 two are longer, whose ends are left away.</summary>
    public const int Most = 64;

    private readonly int[][] _tokens;
    private readonly int[] _labels;

    private Sentences(IReadOnlyList<Labelled> sentences, Vocabulary vocabulary)
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
    /// <remarks>
    /// Sentences that come again are left out, lest one to test on be among those to learn from. Of each site and label a tenth is for
    /// choosing and a fifth for testing. The shares are the same whatever seed a training has.
    /// </remarks>
    public static (Sentences Train, Sentences Validation, Sentences Test, Vocabulary Vocabulary) Read()
    {
        List<Labelled> train = [], validation = [], test = [];
        var random = new Random(2015);
        var groups = new[] { "amazon_cells", "imdb", "yelp" }.SelectMany(Read).DistinctBy(sentence => Vocabulary.Key(sentence.Text))
            .GroupBy(sentence => (sentence.Site, sentence.Label));
        foreach (var group in groups)
        {
            Labelled[] shuffled = [.. group];
            random.Shuffle(shuffled);
            int tenth = shuffled.Length / 10;
            validation.AddRange(shuffled[..tenth]);
            test.AddRange(shuffled[tenth..(3 * tenth)]);
            train.AddRange(shuffled[(3 * tenth)..]);
        }

        var vocabulary = new Vocabulary(train.Select(sentence => sentence.Text));
        return (new Sentences(train, vocabulary), new Sentences(validation, vocabulary), new Sentences(test, vocabulary), vocabulary);
    }

    private static IEnumerable<Labelled> Read(string site)
    {
        string name = $"{site}_labelled.txt";
        using Stream stream = typeof(Sentences).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from this program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // Not by ReadLine: some sentences have the sign NEL, which is no end of a line here.
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            int tab = lines[i].LastIndexOf('\t');
            string label = lines[i][(tab + 1)..].Trim();
            if (tab < 0 || label is not ("0" or "1"))
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"{name}, line {i + 1}: expected a sentence, a tab and 0 or 1."));
            }

            yield return new Labelled(site, lines[i][..tab].Trim(), label == "1" ? 1 : 0);
        }
    }

    private sealed record Labelled(string Site, string Text, int Label);
}
