using System.Text;
using Microsoft.ML.Tokenizers;

namespace NetGen.Samples;

/// <summary>
/// The words that the networks know, by the numbers that they know them by: those of the training sentences that come twice.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>Numbers that there may be, those of padding and of unknown words included: the rows of the networks' tables.</summary>
    public const int Size = 2048;

    /// <summary>The number of no word, behind the end of a sentence.</summary>
    public const int Padding = 0;

    /// <summary>The number of every word that is not among those.</summary>
    public const int Unknown = 1;

    private const int Least = 2;

    private const string UnknownWord = "[UNK]";

    private readonly WordPieceTokenizer _tokenizer;

    /// <summary>Counts the words of some texts.</summary>
    public Vocabulary(IEnumerable<string> texts)
    {
        string[] words = [.. texts.SelectMany(LabelledSentence.Words).CountBy(word => word).Where(counted => counted.Value >= Least)
            .OrderByDescending(counted => counted.Value).ThenBy(counted => counted.Key, StringComparer.Ordinal)
            .Take(Size - 2).Select(counted => counted.Key)];
        Count = words.Length;

        // Its pieces are whole words, one a line, whose numbers are those of the lines.
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', ["[PAD]", UnknownWord, .. words])));
        _tokenizer = WordPieceTokenizer.Create(lines, new WordPieceOptions
        {
            PreTokenizer = new RegexPreTokenizer(LabelledSentence.Word(), null),
            Normalizer = new LowerCaseNormalizer(),
            UnknownToken = UnknownWord,
        });
    }

    /// <summary>How many words there are.</summary>
    public int Count { get; }

    /// <summary>The numbers of a text's words; that of an unknown one where it has none.</summary>
    public int[] Encode(string text) => _tokenizer.EncodeToIds(text) is { Count: > 0 } ids ? [.. ids] : [Unknown];
}
