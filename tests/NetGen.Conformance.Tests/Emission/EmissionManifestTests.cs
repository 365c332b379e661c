using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Emission;

/// <summary>
/// The generator's text for every network of the table, of the golden files, of the samples and of these tests, and for 300 random ones,
/// with the kernels of all instruction sets, is the one whose hashes are committed in <c>manifest.txt</c>: a change of structure must not
/// change a byte, a change of the text shows where it reaches. Nothing is compiled.
/// <para>
/// To accept new text: <c>NETGEN_BLESS=1 dotnet test … --filter EmissionManifest</c>. To see it: <c>NETGEN_EMISSION=folder</c> has the text
/// of each network written there, so that two states of the generator can be compared.
/// </para>
/// </summary>
public sealed class EmissionManifestTests
{
    private const int RandomCount = 300, PerCompilation = 25;
    private const string FilesSection = "files";
    private const ulong Seed = 20261128;
    private static readonly string s_folder = FindFolder();

    private static string ManifestFile => Path.Combine(s_folder, "manifest.txt");

    private static string Repository => Path.GetFullPath(Path.Combine(s_folder, "..", "..", ".."));

    [Fact]
    public void Every_network_has_the_text_of_the_manifest()
    {
        EmissionManifest committed = EmissionManifest.Read(ManifestFile), generated = Generate(committed);
        if (Environment.GetEnvironmentVariable("NETGEN_BLESS") == "1")
            generated.Write(ManifestFile);
        else if (committed.DifferencesTo(generated) is { Length: > 0 } differences)
            Assert.Fail($"Other text than manifest.txt has; if that is meant, run this test again with NETGEN_BLESS=1. {differences}");
    }

    private static EmissionManifest Generate(EmissionManifest committed)
    {
        List<string> random = committed.Networks(EmissionManifest.RandomSection).ToList();
        if (random.Count == 0)
            random = Draw();
        var networks = new List<(string Section, string Network, string Source)>();
        networks.AddRange(NetworkTable.Groups.SelectMany(group =>
            group.Stacks).Distinct().Select(words => ("table", words, Declare(words))));
        networks.AddRange(StreamRows.Texts.Select(words => ("streams", words, Declare(words, DeclaredAs.Stream))));
        networks.AddRange(WeightRows.Sessions.Select(words => ("weights", words, Declare(words, DeclaredAs.BFloat16))));
        networks.AddRange(WeightRows.Streams.Select(words => ("weights", words, Declare(words, DeclaredAs.BFloat16 | DeclaredAs.Stream))));
        networks.AddRange(GoldenFile.Names.Select(name => ("golden", name, Declare(GoldenFile.Read(name).Stack.Text))));
        networks.AddRange(Declarations("samples").Concat(Declarations("tests/NetGen.Conformance.Tests/Declared"))
            .Select(file => (FilesSection, Path.GetRelativePath(Repository, file).Replace('\\', '/'), File.ReadAllText(file))));
        networks.AddRange(committed.Networks(EmissionManifest.LargeSection)
            .Select(words => (EmissionManifest.LargeSection, words, Declare(words))));
        networks.AddRange(random.Select(words => (EmissionManifest.RandomSection, words, Declare(words))));

        // Networks of equal words are one class; a file may hold anything and stands alone.
        var hashes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<string[]> compilations = networks.Where(n =>
            n.Section != FilesSection).Select(n => n.Source).Distinct().Chunk(PerCompilation)
            .Concat(networks.Where(n => n.Section == FilesSection).Select(n => new[] { n.Source }));
        Parallel.ForEach(compilations, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            sources => Hash(sources, hashes));

        var manifest = new EmissionManifest();
        foreach ((string section, string network, string source) in networks)
            manifest.Add(section, network, hashes[source]);
        return manifest;
    }

    /// <summary>
    /// Runs the generator on several sources at once, each in a namespace of its own, and keeps the hash of the text for each.
    /// </summary>
    private static void Hash(string[] sources, ConcurrentDictionary<string, string> hashes)
    {
        IReadOnlyDictionary<string, string> files = NetworkCompiler.Generate(NetworkCompiler.CreateCompilation(Consumer.Net10,
            [Usings, .. sources]), out _);
        foreach (string source in sources)
        {
            string prefix = Namespace(source) is { Length: > 0 } own ? own + "." : "";
            var text = new StringBuilder();
            foreach ((string file, string generated) in files.Where(f => f.Key.StartsWith(prefix,
                StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal))
                text.Append("// ").Append(file).Append('\n').Append(generated);
            Assert.True(text.Length > 0, $"Nothing is generated for\n{source}\nbut {string.Join(", ", files.Keys)}");
            hashes[source] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..24];
            if (Environment.GetEnvironmentVariable("NETGEN_EMISSION") is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, (prefix.Length > 0 ? prefix : hashes[source]) + "txt"), source + text);
            }
        }
    }

    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using NetGen;";

    /// <summary>
    /// The declaration in a namespace that follows from the words, so that its text does not depend on what else is generated.
    /// </summary>
    private static string Declare(string words, DeclaredAs declaredAs = DeclaredAs.Usual)
    {
        string own = (declaredAs == DeclaredAs.Usual ? "" : declaredAs.ToString().ToLowerInvariant() + " ") + words;
        string name = "Of" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(own)))[..12];
        return $"namespace {name}\n{{\n{DeclarationWriter.Write(Stack.Parse(words), declaredAs: declaredAs)}\n}}\n";
    }

    private static string Namespace(string source)
    {
        string line = source.Split('\n')[0];
        return line.StartsWith("namespace Of", StringComparison.Ordinal) ? line["namespace ".Length..].Trim() : "";
    }

    private static IEnumerable<string> Declarations(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("[Network(", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static List<string> Draw() => Gen.Sample(RandomNetworks.Networks, 2 * RandomCount, new Rnd(Seed, 1), 50)
        .Select(stack => stack.Text).Distinct().Take(RandomCount).ToList();

    /// <summary>Where the source of these tests lies, above their binaries.</summary>
    private static string FindFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NetGen.Conformance.Tests.csproj")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder
            ?? throw new DirectoryNotFoundException($"The folder of the conformance tests is not above {AppContext.BaseDirectory}."),
            "Emission");
    }
}
