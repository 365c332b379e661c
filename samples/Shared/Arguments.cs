using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NetGen.Samples;

/// <summary>Reads a command line of names and values into a record of options.</summary>
internal static class Arguments
{
    /// <summary>Reads the arguments; on failure <paramref name="complaint"/> names the argument and what was expected.</summary>
    /// <param name="defaults">What holds where nothing is said.</param>
    /// <param name="flag">The options with an argument that has no value, or null if it is none of those.</param>
    /// <param name="with">
    /// The options with one more argument, or null if it is unknown or its value is out of range; the value is not empty.
    /// </param>
    public static bool TryRead<T>(string[] args, T defaults, string usage, Func<T, string, T?> flag, Func<T, string, string, T?> with,
        out T options, [NotNullWhen(false)] out string? complaint)
        where T : class
    {
        options = defaults;
        complaint = null;
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (flag(options, name) is { } flagged)
            {
                options = flagged;
                continue;
            }

            string? value = i + 1 < args.Length ? args[++i] : null;
            if (string.IsNullOrEmpty(value) || with(options, name, value) is not { } changed)
            {
                complaint = value is null ? $"{name}: a value is missing" : $"{name} {value}: not understood";
                complaint += $"\n\n{usage}";
                return false;
            }

            options = changed;
        }

        return true;
    }

    /// <summary>A whole number of zero or more, or null.</summary>
    public static int? Whole(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;

    /// <summary>A seed, or null.</summary>
    public static ulong? Seed(string value)
        => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n) ? n : null;

    /// <summary>A finite number above zero, or null.</summary>
    public static float? Rate(string value)
        => float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float x) && x is > 0 and < float.PositiveInfinity
            ? x : null;
}
