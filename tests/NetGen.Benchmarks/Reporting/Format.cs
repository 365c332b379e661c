using System.Globalization;

namespace NetGen.Benchmarks.Reporting;

internal static class Format
{
    /// <summary>What stands where a contender is missing.</summary>
    public const string Missing = "–";

    /// <summary>
    /// Three significant digits in the unit that suits: 173 ns, 12.1 µs, 3.40 ms. A difference of two times that came out
    /// negative was too small to be measured.
    /// </summary>
    public static string Time(double nanoseconds)
    {
        if (!(nanoseconds > 0))
            return Missing;
        (double value, string unit) = nanoseconds switch
        {
            < 1e3 => (nanoseconds, "ns"),
            < 1e6 => (nanoseconds * 1e-3, "µs"),
            < 1e9 => (nanoseconds * 1e-6, "ms"),
            _ => (nanoseconds * 1e-9, "s"),
        };
        string digits = value switch { < 10 => "F2", < 100 => "F1", _ => "F0" };
        return value.ToString(digits, CultureInfo.InvariantCulture) + " " + unit;
    }

    public static string Ratio(double ratio) =>
        double.IsNaN(ratio) ? Missing : ratio.ToString("F2", CultureInfo.InvariantCulture) + "×";

    public static string Percent(double fraction) =>
        double.IsNaN(fraction) ? Missing : (100 * fraction).ToString("F0", CultureInfo.InvariantCulture) + "%";

    public static string Number(double value, string format = "F1") =>
        double.IsNaN(value) ? Missing : value.ToString(format, CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) =>
        (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture) + " MB";
}
