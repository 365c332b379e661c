using System.Globalization;
using System.Text;

namespace NetGen.Conformance.Tests.Emission;

/// <summary>
/// The committed hashes of what the generator writes, one line a network: the hash, then what names the network. Sections begin with
/// <c>#</c>. The random networks stand here and nowhere else, as words: they stay what they are however networks are drawn later.
/// </summary>
internal sealed class EmissionManifest
{
    public const string RandomSection = "random";

    /// <summary>
    /// Networks of sizes that only the generator sees, for they would take long to run: long sums, weights that stay in no cache, chunks
    /// across samples, many phases. They are added here, as words.
    /// </summary>
    public const string LargeSection = "large";

    private readonly List<(string Section, string Network, string Hash)> _lines = [];

    public IReadOnlyList<(string Section, string Network, string Hash)> Lines => _lines;

    public static EmissionManifest Read(string file)
    {
        var manifest = new EmissionManifest();
        if (!File.Exists(file))
            return manifest;
        string section = "";
        foreach (string line in File.ReadLines(file).Where(line => line.Length > 0))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                section = line[2..];
                continue;
            }
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            manifest.Add(section, line[(space + 1)..], line[..space]);
        }
        return manifest;
    }

    public void Add(string section, string network, string hash) => _lines.Add((section, network, hash));

    /// <summary>The networks of a section, in the order of the file.</summary>
    public IEnumerable<string> Networks(string section) => _lines.Where(line => line.Section == section).Select(line => line.Network);

    public void Write(string file)
    {
        var text = new StringBuilder();
        string? section = null;
        foreach ((string ofSection, string network, string hash) in _lines)
        {
            if (ofSection != section)
                text.Append(section is null ? "" : "\n").Append("# ").Append(section = ofSection).Append('\n');
            text.Append(hash).Append(' ').Append(network).Append('\n');
        }
        File.WriteAllText(file, text.ToString());
    }

    /// <summary>What differs, as lines that name the networks; empty if nothing does.</summary>
    public string DifferencesTo(EmissionManifest other)
    {
        const int Shown = 40;
        var theirs = other._lines.ToDictionary(line => (line.Section, line.Network), line => line.Hash);
        var differences = new List<string>();
        foreach ((string section, string network, string hash) in _lines)
        {
            if (!theirs.Remove((section, network), out string? their))
                differences.Add($"{section}: {network}: not generated");
            else if (their != hash)
                differences.Add($"{section}: {network}: other text");
        }
        differences.AddRange(theirs.Keys.Select(line => $"{line.Section}: {line.Network}: not in the manifest"));
        if (differences.Count == 0)
            return "";
        string rest = differences.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $"\n… and {differences.Count - Shown} more")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{differences.Count} of {_lines.Count}:\n")
            + string.Join('\n', differences.Take(Shown)) + rest;
    }
}
