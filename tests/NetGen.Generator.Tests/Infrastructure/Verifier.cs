using System.Runtime.CompilerServices;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace NetGen.Generator.Tests.Infrastructure;

/// <summary>
/// Compares generated files with those that were accepted, by the file conventions of Verify: the accepted text lies in
/// <c>Class.Method#Hint.verified.cs</c> beside the test; where it differs, <c>….received.cs</c> is written and the test fails
/// with the difference. To accept, rename the received file.
/// </summary>
internal static class Verifier
{
    public static void Verify(IEnumerable<(string HintName, string Source)> sources, [CallerFilePath] string testFile = "",
        [CallerMemberName] string method = "")
    {
        string prefix = $"{Path.GetFileNameWithoutExtension(testFile)}.{method}#";
        string folder = Path.Combine(TestPaths.Project, Path.GetFileName(Path.GetDirectoryName(testFile))!);
        var failures = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string hintName, string source) in sources)
        {
            string stem = prefix + (hintName.EndsWith(".cs", StringComparison.Ordinal) ? hintName[..^3] : hintName);
            string verified = Path.Combine(folder, stem + ".verified.cs"), received = Path.Combine(folder, stem + ".received.cs");
            seen.Add(verified);
            string expected = File.Exists(verified) ? Normalise(File.ReadAllText(verified)) : "", actual = Normalise(source);
            if (expected == actual)
            {
                File.Delete(received);
                continue;
            }
            File.WriteAllText(received, actual);
            failures.Append(Path.GetFileName(verified)).AppendLine(File.Exists(verified) ? " differs:" : " does not exist yet:")
                .AppendLine(Difference(expected, actual));
        }
        foreach (string stale in Directory.EnumerateFiles(folder, prefix + "*.verified.cs").Where(file => !seen.Contains(file)))
            failures.Append(Path.GetFileName(stale)).AppendLine(" is no longer generated.");
        if (failures.Length > 0)
            Assert.Fail(failures.ToString());
    }

    /// <summary>The changed lines with three lines of context.</summary>
    private static string Difference(string expected, string actual)
    {
        const int Context = 3;
        List<DiffPiece> lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(expected, actual).Lines;
        var result = new StringBuilder();
        bool skipped = false;
        for (int i = 0; i < lines.Count; i++)
        {
            bool isNear =
                Enumerable.Range(i - Context, 2 * Context + 1).Any(j => j >= 0 && j < lines.Count && lines[j].Type != ChangeType.Unchanged);
            if (!isNear)
            {
                skipped = true;
                continue;
            }
            if (skipped)
                result.AppendLine("  …");
            skipped = false;
            result.Append(lines[i].Type switch { ChangeType.Inserted => "+ ", ChangeType.Deleted => "- ", _ => "  " })
                .AppendLine(lines[i].Text);
        }
        return result.ToString();
    }

    private static string Normalise(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n') + "\n";
}
