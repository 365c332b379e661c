namespace NetGen.Samples;

/// <summary>The days from 1900 to 2099 in three parts, each day in one of them and written once.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To choose the best epoch by.</param>
/// <param name="Test">To test on.</param>
internal sealed record DateSets(IReadOnlyList<WrittenDate> Train, IReadOnlyList<WrittenDate> Validation, IReadOnlyList<WrittenDate> Test)
{
    private const int ForValidation = 2_000, ForTest = 5_000;

    private static readonly DateOnly First = new(1900, 1, 1), Last = new(2099, 12, 31);

    /// <summary>Days that may be learned from.</summary>
    public static int MostToLearnFrom => Last.DayNumber - First.DayNumber + 1 - ForValidation - ForTest;

    /// <summary>Draws which day is in which part, and how each is written: the same whatever seed a training has.</summary>
    /// <param name="toLearnFrom">Days to learn from; those of the other parts do not depend on it.</param>
    public static DateSets Draw(int toLearnFrom)
    {
        var random = new Random(1582);
        DateOnly[] days = [.. Enumerable.Range(First.DayNumber, Last.DayNumber - First.DayNumber + 1).Select(DateOnly.FromDayNumber)];
        random.Shuffle(days);
        WrittenDate[] written = [.. days.Take(ForTest + ForValidation + toLearnFrom).Select(day => WrittenDate.Draw(day, random))];
        return new DateSets(written[(ForTest + ForValidation)..], written[ForTest..(ForTest + ForValidation)], written[..ForTest]);
    }
}
