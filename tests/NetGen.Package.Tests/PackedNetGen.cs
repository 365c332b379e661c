using System.Globalization;

namespace NetGen.Package.Tests;

/// <summary>Packs NetGen once into a folder feed, for all tests of this assembly, and lays out projects that use it.</summary>
public sealed class PackedNetGen : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"netgen-package-{Guid.NewGuid():N}");

    /// <summary>The packages' projects, each named like its folder.</summary>
    private static readonly string[] Projects =
        [
            "runtime/NetGen",
            "runtime/NetGen.Data",
            "runtime/NetGen.Data.Csv",
            "runtime/NetGen.TensorBoard",
            "runtime/NetGen.Serving",
            "runtime/NetGen.Plots",
            "runtime/NetGen.Templates",
        ];

    private string Feed => Path.Combine(_folder, "feed");

    /// <summary>The package of runtime and generator.</summary>
    public string PackagePath => Path.Combine(Feed, $"NetGen.{Version}.nupkg");

    /// <summary>The package of data sets and loader.</summary>
    public string DataPackagePath => Path.Combine(Feed, $"NetGen.Data.{Version}.nupkg");

    /// <summary>The package of logs for TensorBoard.</summary>
    public string TensorBoardPackagePath => Path.Combine(Feed, $"NetGen.TensorBoard.{Version}.nupkg");

    /// <summary>The package of serving.</summary>
    public string ServingPackagePath => Path.Combine(Feed, $"NetGen.Serving.{Version}.nupkg");

    /// <summary>The package of `dotnet new netgen`.</summary>
    public string TemplatesPackagePath => Path.Combine(Feed, $"NetGen.Templates.{Version}.nupkg");

    /// <summary>All the packages.</summary>
    public IEnumerable<string> Packages => Directory.EnumerateFiles(Feed, "*.nupkg");

    /// <summary>Where packages are that this machine has, which no feed of the tests has.</summary>
    public static string KnownPackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The package of pictures of trainings.</summary>
    public string PlotsPackagePath => Path.Combine(Feed, $"NetGen.Plots.{Version}.nupkg");

    /// <summary>A version that no cache can hold.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.0.1-test.{DateTime.UtcNow.Ticks}");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Feed);

        // All that the build makes goes to the temporary folder: other tests may be reading the repository's bin/ and obj/. What analyzers
        // have to say was said when the repository was built, and takes most of the time.
        foreach (string project in Projects)
        {
            (await Dotnet.Run(Repository.Root, "pack", project, "-c", "Release", "-o", Feed, "-m:1", $"-p:Version={Version}", "-p:RunAnalyzers=false",
                "--artifacts-path", Path.Combine(_folder, "artifacts"))).Successful();
        }

        // Packages already on this machine are used where they lie, but what the tests unpack goes to a folder of their own.
        Directory.CreateDirectory(KnownPackages);
        await File.WriteAllTextAsync(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder, "packages")}" /></config>
              <fallbackPackageFolders><add key="known" value="{KnownPackages}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A fresh folder in which projects find the packages.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, $"folder-{Guid.NewGuid():N}")).FullName;

    /// <summary>A fresh folder with a console project that references the package, and these source files.</summary>
    public Task<string> NewProject(string framework, string properties, params (string Name, string Text)[] files) =>
        NewProject(framework, properties, "NetGen", files);

    /// <summary>A fresh folder with a console project that references one of the packages, and these source files.</summary>
    public async Task<string> NewProject(string framework, string properties, string package, params (string Name, string Text)[] files)
    {
        string folder = Path.Combine(_folder, $"consumer-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RollForward>Major</RollForward>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text);
        }

        return folder;
    }
}

[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackedNetGen>
{
    public const string Name = "package";
}
