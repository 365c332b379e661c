using System.Globalization;

namespace NetGen.Samples;

/// <summary>Dates as the decoder writes them, "1987-03-14", and the numbers of their characters.</summary>
internal static class IsoDate
{
    /// <summary>Characters of a date.</summary>
    public const int Length = 10;

    /// <summary>Characters that there are: the digits and the hyphen.</summary>
    public const int Characters = 11;

    /// <summary>What stands before the first character.</summary>
    public const int Start = Characters;

    /// <summary>Numbers that the decoder is given: those of the characters, and the start.</summary>
    public const int Inputs = Characters + 1;

    private const string Alphabet = "0123456789-";

    /// <summary>A date as it is to be written.</summary>
    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The numbers of a date's characters.</summary>
    public static int[] Encode(DateOnly date) => [.. Text(date).Select(character => Alphabet.IndexOf(character))];

    /// <summary>The characters of some numbers.</summary>
    public static string Decode(ReadOnlySpan<int> characters)
    {
        Span<char> text = stackalloc char[Length];
        for (int i = 0; i < characters.Length; i++)
        {
            text[i] = Alphabet[characters[i]];
        }

        return new string(text[..characters.Length]);
    }

    /// <summary>What the decoder is given while it learns to write a date: the start, and all characters but the last.</summary>
    public static int[] Shifted(ReadOnlySpan<int> date) => [Start, .. date[..^1]];
}
