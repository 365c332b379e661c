using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NetGen.Samples;

/// <summary>A sentence of a review, and whether it is positive (1) or negative (0).</summary>
internal sealed partial record LabelledSentence(string Site, string Text, int Label)
{
    /// <summary>The 3,000 sentences within the program: those to learn from, to choose by and to test on.</summary>
    /// <remarks>
    /// Sentences that come again are left out, lest one to test on be among those to learn from. Of each site and label a tenth is for
    /// choosing and a fifth for testing. The shares are the same whatever seed a training has.
    /// </remarks>
    public static (IReadOnlyList<LabelledSentence> Train, IReadOnlyList<LabelledSentence> Validation, IReadOnlyList<LabelledSentence> Test)
        Split()
    {
        List<LabelledSentence> train = [], validation = [], test = [];
        var random = new Random(2015);
        var groups = new[] { "amazon_cells", "imdb", "yelp" }.SelectMany(Read)
            .DistinctBy(sentence => string.Join(' ', Words(sentence.Text))).GroupBy(sentence => (sentence.Site, sentence.Label));
        foreach (var group in groups)
        {
            LabelledSentence[] shuffled = [.. group];
            random.Shuffle(shuffled);
            int tenth = shuffled.Length / 10;
            validation.AddRange(shuffled[..tenth]);
            test.AddRange(shuffled[tenth..(3 * tenth)]);
            train.AddRange(shuffled[(3 * tenth)..]);
        }

        return (train, validation, test);
    }

    /// <summary>The words of a text, in small letters.</summary>
    public static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value);

    /// <summary>Letters, with apostrophes between them, a number, or a mark that says how loud a sentence is.</summary>
    [GeneratedRegex(@"\p{L}+(?:'\p{L}+)*|\d+|[!?]")]
    public static partial Regex Word();

    private static IEnumerable<LabelledSentence> Read(string site)
    {
        string name = $"{site}_labelled.txt";
        using Stream stream = typeof(LabelledSentence).Assembly.GetManifestResourceStream(name)
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

            yield return new LabelledSentence(site, lines[i][..tab].Trim(), label == "1" ? 1 : 0);
        }
    }
}
