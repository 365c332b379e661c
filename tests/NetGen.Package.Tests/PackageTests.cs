using System.IO.Compression;

namespace NetGen.Package.Tests;

[Collection(PackageCollection.Name)]
public sealed class PackageTests(PackedNetGen package)
{
    [Fact]
    public void HoldsRuntimeGeneratorAndBuildFiles()
    {
        using var zip = ZipFile.OpenRead(package.PackagePath);
        var names = zip.Entries.Select(e => e.FullName).ToHashSet();

        string[] expected =
        [
            "lib/net8.0/NetGen.dll", "lib/net8.0/NetGen.xml", "lib/net10.0/NetGen.dll", "lib/net10.0/NetGen.xml",
            "analyzers/dotnet/cs/NetGen.CodeFixes.dll", "analyzers/dotnet/cs/NetGen.Generator.dll",
            "buildTransitive/NetGen.props", "buildTransitive/NetGen.targets", "README.md", "docs/diagnostics/NG1001.md",
        ];
        Assert.Empty(expected.Except(names));

        // Nothing else may be loaded into a user's compiler.
        Assert.Equal(["analyzers/dotnet/cs/NetGen.CodeFixes.dll", "analyzers/dotnet/cs/NetGen.Generator.dll"],
            names.Where(n => n.StartsWith("analyzers/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DoesNotDependOnTheCompiler()
    {
        using var zip = ZipFile.OpenRead(package.PackagePath);
        using var nuspec = new StreamReader(zip.GetEntry("NetGen.nuspec")!.Open());
        Assert.DoesNotContain("Microsoft.CodeAnalysis", nuspec.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net10.0")]
    public async Task FreshProjectBuildsTrainsSavesAndLoads(string framework)
    {
        string project = await package.NewProject(framework, "", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.Program));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();

        string dll = Path.Combine(project, "bin", "Release", framework, "Consumer.dll");
        var run = (await Dotnet.Run(project, dll)).Successful();
        Assert.Contains("trained", run.Output, StringComparison.Ordinal);
        Assert.Contains("loaded", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The property reaches the generator, and what makes no sense is refused.</summary>
    [Fact]
    public async Task SizeFromWhichThreadsShareSamplesIsRead()
    {
        string project = await package.NewProject("net10.0", "", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.Program));
        var refused = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenDivideFrom=soon");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("error NETGEN002: NetGenDivideFrom is 'soon'; expected a number of multiply-adds, or never.", refused.Output, StringComparison.Ordinal);

        foreach ((string from, bool divides) in new[] { ("1", true), ("never", false) })
        {
            // Beside the project, since files below it would be compiled.
            string generated = project + "-generated-" + from;
            (await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenDivideFrom=" + from, "-p:EmitCompilerGeneratedFiles=true", "-p:CompilerGeneratedFilesOutputPath=" + generated)).Successful();
            string[] files = Directory.GetFiles(generated, "*.Avx2.g.cs", SearchOption.AllDirectories);
            Assert.NotEmpty(files);
            Assert.All(files, file => Assert.Equal(divides, File.ReadAllText(file).Contains("ForwardTogether", StringComparison.Ordinal)));
        }
    }

    /// <summary>The package of data brings NetGen with it, generator and all.</summary>
    [Fact]
    public async Task FreshProjectTrainsFromTheDataPackageAlone()
    {
        using (var zip = ZipFile.OpenRead(package.DataPackagePath))
        {
            var names = zip.Entries.Select(e => e.FullName).ToHashSet();
            string[] expected = ["lib/net8.0/NetGen.Data.dll", "lib/net8.0/NetGen.Data.xml", "lib/net10.0/NetGen.Data.dll", "lib/net10.0/NetGen.Data.xml", "data.md"];
            Assert.Empty(expected.Except(names));
            Assert.Equal(2, names.Count(n => n.EndsWith(".dll", StringComparison.Ordinal)));
        }

        string project = await package.NewProject("net8.0", "", "NetGen.Data", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.DataProgram));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();
        var run = (await Dotnet.Run(project, Path.Combine(project, "bin", "Release", "net8.0", "Consumer.dll"))).Successful();
        Assert.Contains("24 pictures of [horizontal, vertical]", run.Output, StringComparison.Ordinal);
        Assert.Contains("trained", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The package of logs brings all that a training needs, and nothing of what compiled its schema.</summary>
    [Fact]
    public async Task FreshProjectLogsFromTheTensorBoardPackageAlone()
    {
        using (var zip = ZipFile.OpenRead(package.TensorBoardPackagePath))
        {
            var names = zip.Entries.Select(e => e.FullName).ToHashSet();
            string[] expected = ["lib/net8.0/NetGen.TensorBoard.dll", "lib/net8.0/NetGen.TensorBoard.xml", "lib/net10.0/NetGen.TensorBoard.dll", "lib/net10.0/NetGen.TensorBoard.xml", "tensorboard.md"];
            Assert.Empty(expected.Except(names));
            Assert.Equal(2, names.Count(n => n.EndsWith(".dll", StringComparison.Ordinal)));
            using var nuspec = new StreamReader(zip.GetEntry("NetGen.TensorBoard.nuspec")!.Open());
            Assert.DoesNotContain("Grpc.Tools", await nuspec.ReadToEndAsync(), StringComparison.Ordinal);
        }

        string project = await package.NewProject("net8.0", "", "NetGen.TensorBoard", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.LoggedProgram));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();
        var run = (await Dotnet.Run(project, Path.Combine(project, "bin", "Release", "net8.0", "Consumer.dll"))).Successful();
        Assert.Contains("30 steps, 2 files", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(project, "runs"), "events.out.tfevents.*").Length);
    }

    [Fact]
    public async Task WrongFeatureCountIsAnErrorUnderThatVeryArgument()
    {
        const string wrong = "4 * 4 * 5";
        string network = Sources.Network.Replace("4 * 4 * 4", wrong, StringComparison.Ordinal);
        string[] lines = network.Split('\n');
        int line = Array.FindIndex(lines, l => l.Contains(wrong, StringComparison.Ordinal));
        int column = lines[line].IndexOf(wrong, StringComparison.Ordinal);

        string project = await package.NewProject("net10.0", "", ("Tiny.cs", network), ("Program.cs", Sources.Program));
        var build = await Dotnet.Run(project, "build", "-c", "Release", "-m:1");

        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains($"Tiny.cs({line + 1},{column + 1}): error NG1001: ", build.Output, StringComparison.Ordinal);
        Assert.Contains("80", build.Output, StringComparison.Ordinal);
        Assert.Contains("64", build.Output, StringComparison.Ordinal);

        // The rest of the program still compiles against the network: no errors at second hand.
        Assert.DoesNotContain("error CS", build.Output, StringComparison.Ordinal);
    }
}
