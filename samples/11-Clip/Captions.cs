using System.Globalization;

namespace NetGen.Samples;

/// <summary>
/// Sentences that tell what an image shows, made from its class, and as numbers: how often each three letters in a row occur, each three in
/// a bucket by their hash. There is no dictionary, and words that are alike share most of their buckets.
/// </summary>
internal static class Captions
{
    /// <summary>Numbers that a sentence becomes.</summary>
    public const int Buckets = 512;

    private static readonly string[] Told =
    [
        "a photo of a {0}", "this is a {0}", "a {0} from a catalogue", "a small picture of a {0}, in grey", "somebody sells a {0}",
        "{0} on a black background", "one {0}", "the {0} I bought last week",
    ];

    /// <summary>Sentences for classifying; none of them is in the training.</summary>
    private static readonly string[] Asked =
        ["a black and white photo of the {0}", "an image that shows a {0}", "{0}, a piece of clothing"];

    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["T-shirt/top"] = ["T-shirt", "top", "tee"],
        ["Trouser"] = ["trouser", "pair of trousers", "pair of pants"],
        ["Pullover"] = ["pullover", "sweater", "jumper"],
        ["Dress"] = ["dress", "frock", "gown"],
        ["Coat"] = ["coat", "overcoat", "jacket"],
        ["Sandal"] = ["sandal", "open shoe", "shoe with straps"],
        ["Shirt"] = ["shirt", "blouse", "button-down shirt"],
        ["Sneaker"] = ["sneaker", "trainer", "running shoe"],
        ["Bag"] = ["bag", "handbag", "purse"],
        ["Ankle boot"] = ["ankle boot", "boot", "short boot"],
    };

    /// <summary>One of the sentences for an image of a class.</summary>
    public static string Tell(string className, ref Noise random)
    {
        var words = Words.GetValueOrDefault(className, [className]);
        return Sentence(Told[random.Below(Told.Length)], words[random.Below(words.Length)]);
    }

    /// <summary>The sentences that ask whether an image is of a class.</summary>
    public static IEnumerable<string> Ask(string className)
        => from form in Asked from word in Words.GetValueOrDefault(className, [className]) select Sentence(form, word);

    /// <summary>The numbers of a sentence, as a vector of length 1.</summary>
    public static void Encode(string sentence, Span<float> numbers)
    {
        numbers.Clear();
        string padded = $"  {sentence.ToLowerInvariant()} ";
        double squares = 0;
        for (int i = 0; i + 3 <= padded.Length; i++)
        {
            ref float number = ref numbers[Bucket(padded.AsSpan(i, 3))];
            squares += 2 * number + 1;
            number++;
        }

        float scale = (float)(1 / Math.Sqrt(squares));
        foreach (ref float number in numbers)
        {
            number *= scale;
        }
    }

    private static string Sentence(string form, string word) => string.Format(CultureInfo.InvariantCulture, form, word);

    /// <summary>FNV-1a: the same in every process, unlike the hash of a string.</summary>
    private static int Bucket(ReadOnlySpan<char> letters)
    {
        uint hash = 2_166_136_261;
        foreach (char letter in letters)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return (int)(hash % Buckets);
    }
}
