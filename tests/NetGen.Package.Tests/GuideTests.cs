namespace NetGen.Package.Tests;

/// <summary>docs/getting-started.md, done word by word from a clone, on a machine that has nothing but the SDK.</summary>
[Collection(PackageCollection.Name)]
public sealed class GuideTests(PackedNetGen package) : IDisposable
{
    private const string Page = "docs/getting-started.md";

    private readonly string _home = Directory.CreateTempSubdirectory("netgen-stranger-").FullName;
    private string _folder = "", _output = "";

    private string Clone => Path.Combine(_home, "clone");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task EveryStepOfGettingStartedDoesWhatThePageSays()
    {
        IReadOnlyList<GuideStep> steps = GuideStep.Read(Page);
        Assert.True(steps.Count >= 18, $"{Page}: {steps.Count} steps were found.");
        await PrepareAsync();
        foreach (GuideStep step in steps)
        {
            switch (step)
            {
                case { Verb: "run", Block.Length: > 0 }:
                    await RunAsync(step, succeeds: true);
                    break;
                case { Verb: "fails", Block.Length: > 0 }:
                    await RunAsync(step, succeeds: false);
                    break;
                case { Verb: "file", Block.Length: > 0 }:
                    await File.WriteAllTextAsync(Path.Combine(_folder, step.Argument), step.Block);
                    break;
                case { Verb: "change" } when step.Argument.Split(" | ") is [var name, var from, var to]:
                    string path = Path.Combine(_folder, name), text = await File.ReadAllTextAsync(path);
                    Assert.Contains(from, text, StringComparison.Ordinal);
                    await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal));
                    break;
                case { Verb: "prints" }:
                    Assert.Contains(step.Argument, _output, StringComparison.Ordinal);
                    break;
                default:
                    Assert.Fail($"{Page}: this test does not know what to do at '{step.Verb}: {step.Argument}'.");
                    break;
            }
        }
    }

    /// <summary>One command packs all packages.</summary>
    [Fact]
    public void TheFilterHasEveryPackage()
    {
        string filter = File.ReadAllText(Path.Combine(Repository.Root, "NetGen.Packages.slnf"));
        string[] projects = [.. Directory.GetDirectories(Path.Combine(Repository.Root, "runtime"))
            .SelectMany(folder => Directory.GetFiles(folder, "*.csproj")).Select(path => Path.GetFileName(path))];
        Assert.True(projects.Length >= 4);
        Assert.All(projects, project => Assert.Contains(project, filter, StringComparison.Ordinal));
    }

    /// <summary>The README's way to get it is the guide's.</summary>
    [Fact]
    public void ReadmeSaysTheSame()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");
        GuideStep[] steps = [.. GuideStep.Read(Page).Where(step => step.Verb == "run").Take(2)];
        Assert.Equal(2, steps.Length);
        Assert.All(steps, step => Assert.Contains($"```\n{step.Block}```\n", readme, StringComparison.Ordinal));
    }

    /// <summary>
    /// A home of its own, since the commands add a feed and templates to the user's. It knows no other feed, so that nothing is looked for
    /// elsewhere; what the SDK has not, such as the test framework, is taken from where this machine keeps packages.
    /// </summary>
    private async Task PrepareAsync()
    {
        foreach (string place in (string[])[Path.Combine(_home, ".nuget", "NuGet"), Path.Combine(_home, "NuGet")])
        {
            Directory.CreateDirectory(place);
            await File.WriteAllTextAsync(Path.Combine(place, "NuGet.Config"), $"""
                <configuration>
                  <packageSources></packageSources>
                  <fallbackPackageFolders><add key="known" value="{PackedNetGen.KnownPackages}" /></fallbackPackageFolders>
                </configuration>
                """);
        }

        // The clone's root has a solution and settings that a project within it would inherit.
        Directory.CreateDirectory(Clone);
        foreach (string file in (string[])["NetGen.sln", "Directory.Build.props", "Directory.Packages.props", "global.json"])
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(Clone, file));
    }

    private async Task RunAsync(GuideStep step, bool succeeds)
    {
        if (step.Argument == "clone")
            _folder = Clone;
        foreach (string command in step.Commands)
        {
            string[] words = [.. command.Split(' ').Select(word
                => word.Trim('"').Replace("$PWD", _folder, StringComparison.Ordinal).TrimEnd('\\'))];
            switch (words)
            {
                case ["cd", var to]:
                    _folder = Path.GetFullPath(Path.Combine(_folder, to));
                    break;
                case ["dotnet", "pack", var filter, "-c", "Release", "-o", var feed]:
                    // All of them were packed for these tests, one by one.
                    string packed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, filter));
                    Directory.CreateDirectory(Path.Combine(_folder, feed));
                    foreach (string file in package.Packages)
                    {
                        string name = Path.GetFileNameWithoutExtension(file);
                        Assert.Contains($"{name.Replace($".{package.Version}", "", StringComparison.Ordinal)}.csproj", packed,
                            StringComparison.Ordinal);
                        File.Copy(file, Path.Combine(_folder, feed, Path.GetFileName(file)));
                    }

                    break;
                case ["dotnet", ..]:
                    Outcome outcome = await Dotnet.Start(_folder, Environment(), words[1..]);
                    _output = outcome.Output;
                    Assert.True(outcome.ExitCode == 0 == succeeds, $"{command}: exit status {outcome.ExitCode}\n{_output}");
                    break;
                default:
                    Assert.Fail($"{Page}: this test does not know the command {command}");
                    break;
            }
        }
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = _home,
        ["USERPROFILE"] = _home,
        ["APPDATA"] = _home,
        ["DOTNET_CLI_HOME"] = _home,
        ["NUGET_PACKAGES"] = Path.Combine(_home, "packages"),
        ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
    };
}
