using System.Globalization;
using System.Numerics;

namespace NetGen.Generator.Text;

/// <summary>Numbers and lists as messages write them: the same on every machine, whatever its culture.</summary>
internal static class MessageText
{
    public static string Number(BigInteger value)
    {
        // A true minus sign, since the sums in the messages have it too.
        string digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture);
        return value.Sign < 0 ? "−" + digits : digits;
    }

    public static string Fraction(float value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("-", "−");

    public static string Fraction(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("-", "−");

    /// <summary>E.g. <c>1 row</c>, <c>2 rows</c>.</summary>
    public static string Count(BigInteger count, string noun) => $"{Number(count)} {noun}{(count.IsOne ? "" : "s")}";

    /// <summary>All of a few names, or the first of many.</summary>
    public static string List(IReadOnlyList<string> names)
        => names.Count <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(10))} and {Number(names.Count - 10)} more";
}
