namespace NetGen.Data;

/// <summary>Checks the ranges that random transforms draw from, and writes them.</summary>
internal static class Ranges
{
    public static (double From, double To) Check(
        (double From, double To) range, double least, string parameter, double most = double.MaxValue)
    {
        (double from, double to) = range;
        if (!(from >= least && to <= most && from <= to && double.IsFinite(from) && double.IsFinite(to)))
        {
            string bounds = least == double.MinValue ? "" : FormattableString.Invariant($" not below {least}");
            if (most != double.MaxValue)
                bounds += FormattableString.Invariant($" and not above {most}");
            throw new ArgumentOutOfRangeException(parameter,
                FormattableString.Invariant($"Expected a range of finite numbers{bounds}, the smaller one first, got ({from}, {to})."));
        }
        return range;
    }

    public static string Text((double From, double To) range) => FormattableString.Invariant($"({range.From}, {range.To})");
}
