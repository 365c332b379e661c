using System.Globalization;

namespace NetGen.Samples;

/// <summary>A date, and how somebody wrote it in English.</summary>
/// <param name="Date">The date.</param>
/// <param name="Text">As it is written.</param>
internal sealed record WrittenDate(DateOnly Date, string Text)
{
    /// <summary>Characters of the longest text, such as "Wednesday, the twenty-seventh of September, 2023".</summary>
    public const int Most = 48;

    /// <summary>Numbers of characters, from 0.</summary>
    public const int Characters = 61;

    private const string Alphabet = " ,.-/0123456789ABCDEFGHIJLMNOPRSTUVWXYabcdefghijlmnoprstuvwxy";

    private static readonly string[] Ordinals =
    [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth",
        "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second",
        "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth", "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth",
        "thirty-first",
    ];

    /// <summary>Writes a date in a form that is drawn: 31 days in words or numbers, twelve months in words, short or as numbers.</summary>
    /// <remarks>
    /// Numbers with slashes have the month first, as in America, unless the year is; those with dots have the day first, as in Europe. A
    /// weekday is the right one.
    /// </remarks>
    public static WrittenDate Draw(DateOnly date, Random random)
    {
        string text = random.Next(4) > 0 ? InWords(date, random) : InNumbers(date, random);
        text = random.Next(5) switch
        {
            0 => text.ToLowerInvariant(),
            1 => text.ToUpperInvariant(),
            _ => text,
        };
        return new WrittenDate(date, text);
    }

    /// <summary>The numbers of a text's characters.</summary>
    /// <returns>Null where the text has none, or too many, or one that no date is written with; then the complaint says so.</returns>
    public static int[]? Encode(string text, out string complaint)
    {
        complaint = "";
        if (text.Length is 0 or > Most)
        {
            complaint = $"expected 1 to {Most} characters, got {text.Length}";
            return null;
        }

        int[] numbers = [.. text.Select(character => Alphabet.IndexOf(character))];
        int unknown = Array.IndexOf(numbers, -1);
        if (unknown >= 0)
        {
            complaint = $"character {unknown + 1} is '{text[unknown]}', which no date is written with here; those are {Alphabet}";
            return null;
        }

        return numbers;
    }

    /// <summary>The numbers of this text's characters.</summary>
    public int[] Encode() => Encode(Text, out string complaint) ?? throw new InvalidOperationException($"{Text}: {complaint}");

    private static string InWords(DateOnly date, Random random)
    {
        string ordinal = random.Next(2) == 0 ? Ordinals[date.Day - 1] : $"{date.Day}{Suffix(date.Day)}";
        string day = random.Next(2) == 0 ? Number(date.Day, random) : ordinal, month = Month(date, random);
        string comma = random.Next(2) == 0 ? "," : "";
        return random.Next(6) switch
        {
            0 => $"{Weekday(date, random)}{day} {month}{comma} {date.Year}",
            1 => $"{Weekday(date, random)}{month} {day}{comma} {date.Year}",
            2 => $"{Weekday(date, random)}the {ordinal} of {month}{comma} {date.Year}",
            3 => $"{Weekday(date, random)}{month} the {ordinal}{comma} {date.Year}",
            4 => $"{date.Year}{comma} {month} {day}",
            _ => $"{Weekday(date, random)}{Number(date.Day, random)}-{date.ToString("MMM", CultureInfo.InvariantCulture)}-{date.Year}",
        };
    }

    private static string InNumbers(DateOnly date, Random random)
    {
        string day = Number(date.Day, random), month = Number(date.Month, random);
        return Weekday(date, random) + random.Next(3) switch
        {
            0 => $"{month}/{day}/{date.Year}",
            1 => $"{day}.{month}.{date.Year}",
            _ => $"{date.Year}/{month}/{day}",
        };
    }

    /// <summary>A number of one digit may have a zero before it.</summary>
    private static string Number(int number, Random random)
        => number.ToString(random.Next(2) == 0 ? "D1" : "D2", CultureInfo.InvariantCulture);

    private static string Suffix(int day) => (day % 10, day / 10) switch
    {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };

    private static string Month(DateOnly date, Random random) => random.Next(3) switch
    {
        0 => date.ToString("MMM", CultureInfo.InvariantCulture),
        1 => date.ToString("MMM", CultureInfo.InvariantCulture) + (date.Month == 5 ? "" : "."),
        _ => date.ToString("MMMM", CultureInfo.InvariantCulture),
    };

    /// <summary>The weekday with what parts it from the date, or nothing.</summary>
    private static string Weekday(DateOnly date, Random random) => random.Next(6) switch
    {
        0 => date.ToString("dddd", CultureInfo.InvariantCulture) + ", ",
        1 => date.ToString("ddd", CultureInfo.InvariantCulture) + ", ",
        2 => date.ToString("ddd", CultureInfo.InvariantCulture) + (random.Next(2) == 0 ? " " : ". "),
        _ => "",
    };
}
