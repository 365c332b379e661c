namespace NetGen.Cuda.Tests;

/// <summary>
/// The networks of the tests that a GPU does not do yet, with the reasons: <c>Refused.txt</c>. What is not there must be done, and what is
/// done must not be there, so that nothing is refused by accident and the list can only become shorter.
/// </summary>
internal static class Refusals
{
    private static readonly Dictionary<string, string> s_reasons = Lines.Select(line => line.Split('\t')).ToDictionary(
        parts => parts[1], parts => parts[0], StringComparer.Ordinal);

    /// <summary>A reason and, behind a tab, the network.</summary>
    public static string[] Lines => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Refused.txt"));

    /// <summary>All reasons that there are.</summary>
    public static IReadOnlySet<string> Reasons { get; } =
        s_reasons.Values.SelectMany(reason => reason.Split("; ")).ToHashSet(StringComparer.Ordinal);

    /// <summary>Fails where the list says something else.</summary>
    /// <param name="network">The words of a network, or the name of a golden file.</param>
    /// <param name="reason">Why it is refused; null where it is done.</param>
    public static void Check(string network, string? reason)
    {
        // NETGEN_WRITE_REFUSED names a file to which refused networks are appended, for a new list.
        if (Environment.GetEnvironmentVariable("NETGEN_WRITE_REFUSED") is { Length: > 0 } path)
        {
            lock (s_reasons)
            {
                if (reason is not null)
                    File.AppendAllText(path, $"{reason}\t{network}\n");
            }
            return;
        }
        string? listed = s_reasons.GetValueOrDefault(network);
        Assert.True(listed == reason, $"{network}\nis {(reason is null ? "done" : "refused, since: " + reason)}, and Refused.txt says "
            + $"{(listed is null ? "that it is done" : listed)}.");
    }
}
