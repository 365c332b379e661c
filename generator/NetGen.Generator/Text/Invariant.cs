using System.Globalization;

namespace NetGen.Generator.Text;

/// <summary>Numbers as names and titles write them: the same on every machine, whatever its culture.</summary>
internal static class Invariant
{
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>So many digits that the same number is read from them.</summary>
    public static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>So many digits that the same number is read from them.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
