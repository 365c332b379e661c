using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace NetGen.Samples.Language;

/// <summary>
/// Texts as tokens and back: byte-level byte-pair encoding with the vocabulary in Data. Every text can be encoded, and decodes to what it
/// was.
/// </summary>
internal sealed partial class Tokens
{
    private readonly BpeTokenizer _tokenizer;
    private readonly byte[][] _bytes;

    public Tokens()
    {
        using Stream vocabulary = Resources.Open("vocab.json"), merges = Resources.Open("merges.txt");
        // The options have what the method for two streams has not: that spaces, and all else which cannot be seen, are bytes of the
        // vocabulary.
        _tokenizer = BpeTokenizer.Create(new BpeOptions(ReadVocabulary(vocabulary))
        {
            Merges = ReadMerges(merges),
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Pieces(), null),
        });
        Dictionary<char, byte> bytes = VisibleBytes();
        _bytes = new byte[_tokenizer.Vocabulary.Count][];
        foreach ((string text, int token) in _tokenizer.Vocabulary)
            _bytes[token] = [.. text.Select(character => bytes[character])];
    }

    public int Count => _bytes.Length;

    public int[] Encode(string text) => [.. _tokenizer.EncodeToIds(text)];

    /// <summary>The bytes that a token stands for, of which a character may need several tokens.</summary>
    public ReadOnlySpan<byte> BytesOf(int token) => _bytes[token];

    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (int token in tokens)
            bytes.AddRange(_bytes[token]);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static Dictionary<string, int> ReadVocabulary(Stream json)
        => System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, int>>(json)!;

    private static string[] ReadMerges(Stream text)
    {
        using var reader = new StreamReader(text);
        // The first line is the version of the format.
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    /// <summary>GPT-2's characters for bytes: those that can be seen stand for themselves, others for characters from 256 on.</summary>
    private static Dictionary<char, byte> VisibleBytes()
    {
        var bytes = new Dictionary<char, byte>();
        int others = 0;
        for (int i = 0; i < 256; i++)
        {
            bool isSeen = i is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®' and <= 'ÿ';
            bytes.Add(isSeen ? (char)i : (char)(256 + others++), (byte)i);
        }
        return bytes;
    }

    /// <summary>How GPT-2 cuts a text before it encodes the pieces.</summary>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
