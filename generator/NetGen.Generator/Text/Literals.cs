using System.Globalization;

namespace NetGen.Generator.Text;

/// <summary>C# literals, in the invariant culture and exact when read back.</summary>
internal static class Literals
{
    public static string Float(float value)
    {
        if (float.IsNaN(value))
            return "float.NaN";
        if (float.IsPositiveInfinity(value))
            return "float.PositiveInfinity";
        if (float.IsNegativeInfinity(value))
            return "float.NegativeInfinity";
        return value.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    public static string Double(double value)
    {
        if (double.IsNaN(value))
            return "double.NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        return value.ToString("R", CultureInfo.InvariantCulture) + "d";
    }

    public static string Int(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>An integer whose bits matter, e.g. <c>0x3F800000</c>.</summary>
    public static string Bits(int value) => "0x" + value.ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>A set of bits, e.g. <c>0x5UL</c>.</summary>
    public static string Bits(ulong value) => "0x" + value.ToString("X", CultureInfo.InvariantCulture) + "UL";

    /// <summary>A number with thousands separated, for comments.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string String(string value) => "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    /// <summary>A pointer or variable plus a constant: <c>input</c>, <c>input + 16</c>, <c>input - 4</c>.</summary>
    public static string Plus(string expression, long offset) => offset switch
    {
        0 => expression,
        > 0 => expression + " + " + Int(offset),
        _ => expression + " - " + Int(-offset),
    };
}
