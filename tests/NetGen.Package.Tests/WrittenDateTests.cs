using System.Globalization;
using System.Text.RegularExpressions;
using NetGen.Samples;

namespace NetGen.Package.Tests;

/// <summary>What samples/13-Translate learns from: texts that mean their date, and days that are in one part only.</summary>
public sealed partial class WrittenDateTests
{
    private static readonly string[] Ordinals =
        ("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
            + "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
            + "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first").Split(' ');

    private static readonly DateSets Sets = DateSets.Draw(DateSets.MostToLearnFrom);

    private static IEnumerable<WrittenDate> All => Sets.Train.Concat(Sets.Validation).Concat(Sets.Test);

    /// <summary>Read by another way than they are written.</summary>
    [Fact]
    public void TextsMeanTheirDate()
    {
        foreach (WrittenDate written in All)
        {
            DateOnly? read = Read(written.Text);
            Assert.True(read == written.Date, $"{written.Text} was written for {written.Date:O}, and is {read:O}");
        }
    }

    [Fact]
    public void EachDayIsInOnePart()
    {
        Assert.Equal(2_000, Sets.Validation.Count);
        Assert.Equal(5_000, Sets.Test.Count);
        int days = new DateOnly(2100, 1, 1).DayNumber - new DateOnly(1900, 1, 1).DayNumber;
        Assert.Equal(days, All.Select(written => written.Date).Distinct().Count());
        Assert.Equal(days, All.Count());
    }

    /// <summary>Those to test on are the same dates in the same forms, of however many is learned.</summary>
    [Fact]
    public void TheTestDoesNotDependOnTheTraining()
    {
        DateSets fewer = DateSets.Draw(100);
        Assert.Equal(100, fewer.Train.Count);
        Assert.Equal(Sets.Test, fewer.Test);
        Assert.Equal(Sets.Validation, fewer.Validation);
    }

    /// <summary>Every text has a number for each of its characters, every character comes, and so does the longest form.</summary>
    [Fact]
    public void AllCharactersHaveNumbers()
    {
        int[][] encoded = [.. All.Select(written => written.Encode())];
        Assert.Equal(Enumerable.Range(0, WrittenDate.Characters), encoded.SelectMany(text => text).Distinct().Order());
        Assert.Equal(WrittenDate.Most, WrittenDate.Encode("Wednesday, the twenty-seventh of September, 2023", out _)!.Length);
        Assert.All(All.Zip(encoded), pair => Assert.Equal(pair.First.Text.Length, pair.Second.Length));
    }

    [Theory]
    [InlineData("", "expected 1 to 48 characters, got 0")]
    [InlineData("Wednesday, the twenty-seventh of September, 20233", "expected 1 to 48 characters, got 49")]
    [InlineData("14 März 1987", "character 5 is 'ä'")]
    public void WhatIsNoTextIsRefused(string text, string part)
    {
        Assert.Null(WrittenDate.Encode(text, out string complaint));
        Assert.Contains(part, complaint, StringComparison.Ordinal);
    }

    /// <summary>The date that a text means; null where it means none, or names a weekday that is not the date's.</summary>
    private static DateOnly? Read(string text)
    {
        string[] words = [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)];
        int? year = null, month = null, day = null;
        DayOfWeek? weekday = null;
        var numbers = new List<int>();
        foreach (string word in words)
        {
            if (word is "the" or "of")
                continue;
            if (Array.IndexOf(Ordinals, word) is int ordinal and >= 0)
                day = ordinal + 1;
            else if (Find(CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12], word) is int named)
                month = named + 1;
            else if (Find(CultureInfo.InvariantCulture.DateTimeFormat.DayNames, word) is int ofWeek)
                weekday = (DayOfWeek)ofWeek;
            else if (Number().Match(word) is { Success: true } match)
                numbers.Add(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            else
                return null;
        }
        bool isYearFirst = numbers[0] >= 1900;
        year = numbers.Find(number => number >= 1900);
        List<int> small = numbers.FindAll(number => number < 1900);
        if (month is null)
            (month, day) = isYearFirst || text.Contains('/', StringComparison.Ordinal) ? (small[0], small[1]) : (small[1], small[0]);
        else
            day ??= small.Single();
        bool isDay = DateOnly.TryParseExact($"{year:D4}-{month:D2}-{day:D2}", "yyyy-MM-dd", out DateOnly date);
        return isDay && (weekday is null || weekday == date.DayOfWeek) ? date : null;
    }

    /// <summary>Which of some names a word is, or is the first three letters of.</summary>
    private static int? Find(string[] names, string word)
        => Array.FindIndex(names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase)
            || name.AsSpan(0, 3).Equals(word, StringComparison.OrdinalIgnoreCase)) is int at and >= 0 ? at : null;

    /// <summary>Ordinals of two words are one; other hyphens stand between words.</summary>
    [GeneratedRegex(@"(?:twenty|thirty)-[a-z]+|[a-z]+|\d+(?:st|nd|rd|th)?")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(\d+)(?:st|nd|rd|th)?$")]
    private static partial Regex Number();
}
