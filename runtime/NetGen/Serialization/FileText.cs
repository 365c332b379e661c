using System.Globalization;

namespace NetGen;

/// <summary>Texts on their way into files, which keep them as UTF-8, and texts of files on their way into messages.</summary>
internal static class FileText
{
    // Enough of a name to find it by; what is longer is no name.
    private const int ShownLength = 120, ShownItems = 10;

    /// <summary>
    /// Refuses half of a surrogate pair, which UTF-8 has no code for: writers put a replacement character in its place without a word.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, to begin a sentence with.</param>
    /// <param name="parameterName">The parameter that it came by.</param>
    /// <exception cref="ArgumentException">There is half of a pair.</exception>
    public static void Check(string text, string what, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        int index = IndexOfHalfPair(text);
        if (index >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{what} has half of a surrogate pair, U+{(int)text[index]:X4}, at index {index}; UTF-8, in which files keep texts, "
                    + $"has no code for it."), parameterName);
        }
    }

    /// <summary>A text in quotes, its beginning where it is long.</summary>
    /// <param name="text">The text.</param>
    public static string Quote(string text) => $"'{Shorten(text)}'";

    /// <summary>A text, or its beginning and how long it is.</summary>
    /// <param name="text">The text.</param>
    public static string Shorten(string text)
    {
        if (text.Length <= ShownLength)
            return text;
        int end = char.IsHighSurrogate(text[ShownLength - 1]) ? ShownLength - 1 : ShownLength;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}… ({text.Length} characters)");
    }

    /// <summary>Some texts in a row, the first of them where there are many, in words where there are none.</summary>
    /// <param name="items">The texts.</param>
    /// <param name="separator">What stands between two.</param>
    public static string List(IReadOnlyCollection<string> items, string separator = ", ")
    {
        if (items.Count == 0)
            return "none";
        string shown = string.Join(separator, items.Take(ShownItems).Select(Shorten));
        return items.Count <= ShownItems
            ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}{separator}and {items.Count - ShownItems} more");
    }

    private static int IndexOfHalfPair(string text)
    {
        int index = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (index < 0)
            return -1;
        for (; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
                return index;
            index++;
        }
        return -1;
    }
}
