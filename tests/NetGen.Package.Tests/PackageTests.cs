using System.IO.Compression;
using System.Text.RegularExpressions;

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
            "buildTransitive/net8.0/NetGen.props", "buildTransitive/net8.0/NetGen.targets", "README.md", "docs/diagnostics/NG1001.md",
        ];
        Assert.Empty(expected.Except(names));

        // Files for every framework would make the package fit projects that its assemblies do not fit.
        Assert.All(names.Where(n => n.StartsWith("build", StringComparison.Ordinal)),
            n => Assert.StartsWith("buildTransitive/net8.0/", n, StringComparison.Ordinal));

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

    /// <summary>Frameworks before .NET 8 are told by the restore what is supported; no compiler comes to search for types.</summary>
    [Theory]
    [InlineData("NetGen")]
    [InlineData("NetGen.Data")]
    [InlineData("NetGen.TensorBoard")]
    [InlineData("NetGen.Serving")]
    [InlineData("NetGen.Plots")]
    public async Task OlderFrameworksAreRefusedByTheRestore(string name)
    {
        string[] frameworks = ["net6.0", "net7.0", "netstandard2.0", "netstandard2.1", "net48"];
        string project = await package.NewProject("net8.0", "", name, ("Tiny.cs", Sources.Network));
        string file = Path.Combine(project, "Consumer.csproj");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("<TargetFramework>net8.0</TargetFramework>",
            $"<TargetFrameworks>{string.Join(';', frameworks)}</TargetFrameworks><OutputType>Library</OutputType>",
                StringComparison.Ordinal).Replace("<OutputType>Exe</OutputType>", "", StringComparison.Ordinal));

        // What the frameworks themselves are made of is on no feed here.
        var build = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:AutomaticallyUseReferenceAssemblyPackages=false", "-p:CheckEolTargetFramework=false");
        Assert.NotEqual(0, build.ExitCode);
        Assert.All(frameworks,
            framework =>
            Assert.Contains($"error NU1202: Package {name} {package.Version} is not compatible with {framework} ", build.Output,
            StringComparison.Ordinal));
        Assert.DoesNotContain("error CS", build.Output, StringComparison.Ordinal);
    }

    /// <summary>What the commands of the pages leave in a clone is none of its sources.</summary>
    [SkippableFact]
    public async Task TheFeedIsIgnored()
    {
        Skip.IfNot(Directory.Exists(Path.Combine(Repository.Root, ".git"))
            || File.Exists(Path.Combine(Repository.Root, ".git")), "These sources are no clone.");
        Assert.Equal(0, (await Dotnet.Start("git", Repository.Root, "check-ignore", "-q", "feed/NetGen.0.1.0.nupkg")).ExitCode);
    }

    /// <summary>
    /// README's network in a project for the oldest framework, with settings that are as far from the usual ones as can be: it builds
    /// without a warning, and its narrowest vectors, whose code is another there, compute what the widest do.
    /// </summary>
    [Fact]
    public async Task ReadmesNetworkIsRightAtEveryWidthInStrictAndCheckedProjectsForNet8()
    {
        const string Settings = """
            <Nullable>disable</Nullable>
            <ImplicitUsings>disable</ImplicitUsings>
            <LangVersion>12</LangVersion>
            <Features>strict</Features>
            <WarningLevel>9999</WarningLevel>
            <AnalysisLevel>latest-recommended</AnalysisLevel>
            <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
            <!-- The README's class has no namespace. -->
            <NoWarn>$(NoWarn);CA1050</NoWarn>
            """;
        string project =
            await package.NewProject("net8.0", Settings, ("MnistConvNet.cs", Repository.FirstSnippet("README.md")),
            ("Program.cs", Sources.WidthsProgram));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();
        var run = (await Dotnet.Run(project, Path.Combine(project, "bin", "Release", "net8.0", "Consumer.dll"))).Successful();
        Assert.Contains("compared Vector128", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The property reaches the generator, and what makes no sense is refused.</summary>
    [Fact]
    public async Task SizeFromWhichThreadsShareSamplesIsRead()
    {
        string project = await package.NewProject("net10.0", "", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.Program));
        var refused = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenDivideFrom=soon");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("error NETGEN002: NetGenDivideFrom is 'soon'; expected a number of multiply-adds, or never.", refused.Output,
            StringComparison.Ordinal);

        foreach ((string from, bool divides) in new[] { ("1", true), ("never", false) })
        {
            // Beside the project, since files below it would be compiled.
            string generated = project + "-generated-" + from;
            (await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenDivideFrom="
                + from, "-p:EmitCompilerGeneratedFiles=true", "-p:CompilerGeneratedFilesOutputPath=" + generated)).Successful();
            string[] files = Directory.GetFiles(generated, "*.Avx2.g.cs", SearchOption.AllDirectories);
            Assert.NotEmpty(files);
            Assert.All(files, file => Assert.Equal(divides, File.ReadAllText(file).Contains("ForwardTogether", StringComparison.Ordinal)));
        }
    }

    /// <summary>Kernels of the widths that a project asks for, and of no others; what a machine lacks then is said.</summary>
    [Fact]
    public async Task VectorWidthsAreLimited()
    {
        string project = await package.NewProject("net10.0", "", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.Program));
        var refused = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenVectorWidths=1024");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(
            "error NETGEN003: NetGenVectorWidths is '1024'; expected some of 512, 256 and 128, separated by semicolons.", refused.Output,
            StringComparison.Ordinal);

        string generated = project + "-generated";
        (await Dotnet.Run(
            project, "build", "-c", "Release", "-m:1", "-p:NetGenVectorWidths=256%3B128", "-p:EmitCompilerGeneratedFiles=true",
            "-p:CompilerGeneratedFilesOutputPath=" + generated)).Successful();
        Assert.NotEmpty(Directory.GetFiles(generated, "*.Avx2.g.cs", SearchOption.AllDirectories));
        Assert.NotEmpty(Directory.GetFiles(generated, "*.Vector128.g.cs", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(generated, "*.Avx512.g.cs", SearchOption.AllDirectories));
        (await Dotnet.Run(project, "run", "-c", "Release", "--no-build")).Successful();
    }

    /// <summary>Kernels for GPUs where a project asks for them; a target that does not exist is said, and so is a machine without a card.</summary>
    [Fact]
    public async Task TargetsAddKernelsForGpus()
    {
        string project = await package.NewProject("net10.0", "", ("Tiny.cs", Sources.Network), ("Program.cs", """
            using NetGen;
            using var session = new Consumer.Tiny(seed: 1).CreateSession(1, new SessionOptions { Device = Device.Cpu });
            Console.WriteLine(session.Schedule);
            Console.WriteLine($"cuda: {Device.WhyNoCuda ?? "there"}");
            """));
        var refused = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenTargets=cuda");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("error NETGEN004: NetGenTargets is 'cuda'; expected cpu, or cpu;cuda.", refused.Output, StringComparison.Ordinal);
        refused = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:NetGenCudaPrecisions=Float32%3BFloat16");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("error NETGEN005: NetGenCudaPrecisions is 'Float32;Float16'; expected some of Float32, TF32 and BFloat16, "
            + "separated by semicolons.", refused.Output, StringComparison.Ordinal);

        foreach (string targets in (string[])["", "cpu%3Bcuda"])
        {
            string generated = $"{project}-generated{targets.Length}";
            (await Dotnet.Run(
                project, "build", "-c", "Release", "-m:1", "-p:NetGenTargets=" + targets, "-p:NetGenCudaPrecisions=tf32",
                "-p:EmitCompilerGeneratedFiles=true", "-p:CompilerGeneratedFilesOutputPath=" + generated)).Successful();
            string[] files = Directory.GetFiles(generated, "*.Cuda.g.cs", SearchOption.AllDirectories);
            Assert.Equal(targets.Length > 0 ? 1 : 0, files.Length);
            Assert.All(files, file => Assert.Contains("Precision.TF32", File.ReadAllText(file), StringComparison.Ordinal));
        }
        Assert.Contains("cuda: ", (await Dotnet.Run(project, "run", "-c", "Release", "--no-build")).Successful().Output,
            StringComparison.Ordinal);
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

        string project =
            await package.NewProject("net8.0", "", "NetGen.Data", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.DataProgram));
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

        string project =
            await package.NewProject("net8.0", "", "NetGen.TensorBoard", ("Tiny.cs", Sources.Network),
            ("Program.cs", Sources.LoggedProgram));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();
        var run = (await Dotnet.Run(project, Path.Combine(project, "bin", "Release", "net8.0", "Consumer.dll"))).Successful();
        Assert.Contains("30 steps, 2 files", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(project, "runs"), "events.out.tfevents.*").Length);
    }

    /// <summary>The package of serving brings all that a container needs but the container itself.</summary>
    [Fact]
    public async Task FreshProjectServesFromTheServingPackageAlone()
    {
        using (var zip = ZipFile.OpenRead(package.ServingPackagePath))
        {
            var names = zip.Entries.Select(e => e.FullName).ToHashSet();
            string[] expected = ["lib/net8.0/NetGen.Serving.dll", "lib/net8.0/NetGen.Serving.xml", "lib/net10.0/NetGen.Serving.dll", "lib/net10.0/NetGen.Serving.xml", "serving.md"];
            Assert.Empty(expected.Except(names));
            Assert.Equal(2, names.Count(n => n.EndsWith(".dll", StringComparison.Ordinal)));
        }

        string project =
            await package.NewProject("net8.0", "", "NetGen.Serving", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.ServedProgram));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();
        var run = (await Dotnet.Run(project, Path.Combine(project, "bin", "Release", "net8.0", "Consumer.dll"))).Successful();
        Assert.Contains("64 answers, all right", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The package of pictures brings the runtime, the generator and what draws.</summary>
    [Fact]
    public async Task FreshProjectDrawsFromThePackageOfPlotsAlone()
    {
        using (var zip = ZipFile.OpenRead(package.PlotsPackagePath))
        {
            var names = zip.Entries.Select(e => e.FullName).ToHashSet();
            string[] expected = ["lib/net8.0/NetGen.Plots.dll", "lib/net8.0/NetGen.Plots.xml", "lib/net10.0/NetGen.Plots.dll", "lib/net10.0/NetGen.Plots.xml", "plots.md"];
            Assert.Empty(expected.Except(names));
            Assert.Equal(2, names.Count(n => n.EndsWith(".dll", StringComparison.Ordinal)));
        }

        string project =
            await package.NewProject("net8.0", "", "NetGen.Plots", ("Tiny.cs", Sources.Network), ("Program.cs", Sources.DrawnProgram));
        (await Dotnet.Run(project, "build", "-c", "Release", "-m:1")).Successful();
        (await Dotnet.Run(project, Path.Combine(project, "bin", "Release", "net8.0", "Consumer.dll"))).Successful();
        Assert.Equal([0x89, .. "PNG"u8.ToArray()], File.ReadAllBytes(Path.Combine(project, "curves.png"))[..4]);
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
        var build = await Dotnet.Run(project, "build", "-c", "Release", "-m:1", "-p:ErrorLog=errors.sarif%2Cversion=2.1");

        // No server has the pages: the link leads to the one in the unpacked package.
        string log = await File.ReadAllTextAsync(Path.Combine(project, "errors.sarif"));
        Match link = Regex.Match(log, "\"helpUri\": \"(file:[^\"]*/NG1001.md)\"");
        Assert.True(link.Success && File.Exists(new Uri(link.Groups[1].Value).LocalPath), link.Value);

        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains($"Tiny.cs({line + 1},{column + 1}): error NG1001: ", build.Output, StringComparison.Ordinal);
        Assert.Contains("80", build.Output, StringComparison.Ordinal);
        Assert.Contains("64", build.Output, StringComparison.Ordinal);

        // The rest of the program still compiles against the network: no errors at second hand.
        Assert.DoesNotContain("error CS", build.Output, StringComparison.Ordinal);
    }
}
