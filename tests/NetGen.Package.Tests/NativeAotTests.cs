using System.Runtime.InteropServices;

namespace NetGen.Package.Tests;

/// <summary>Publishing with NativeAOT, where the package's build files choose the instruction set.</summary>
[Collection(PackageCollection.Name)]
public sealed class NativeAotTests(PackedNetGen package)
{
    private const string Framework = "net9.0";

    [SkippableTheory]
    [InlineData(null, "NetGenInstructionSet=avx2", 256)]
    [InlineData("none", "NetGenInstructionSet=none", 128)]
    public async Task ExecutableTrainsAtTheChosenWidth(string? choice, string says, int width)
    {
        bool x64 = RuntimeInformation.OSArchitecture == Architecture.X64;
        Skip.IfNot(x64, "Instruction sets are chosen on x64 only.");
        Skip.If(choice is null && !System.Runtime.Intrinsics.X86.Avx2.IsSupported, "This processor lacks AVX2.");

        string project = await AotProject();
        string[] property = choice is null ? [] : [$"-p:NetGenInstructionSet={choice}"];
        var publish = (await Dotnet.Run(project, ["publish", "-c", "Release", "-m:1", "-o", "out", .. property])).Successful();
        Assert.Contains(says, publish.Output, StringComparison.Ordinal);

        string executable = Path.Combine(project, "out", OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer");
        var run = (await Dotnet.Start(executable, project)).Successful();
        Assert.Contains($"width {width}", run.Output, StringComparison.Ordinal);
        Assert.Contains("trained", run.Output, StringComparison.Ordinal);
        Assert.Contains("loaded", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task UnknownInstructionSetIsRefused()
    {
        string project = await AotProject();
        var publish = await Dotnet.Run(project, "publish", "-c", "Release", "-m:1", "-p:NetGenInstructionSet=mmx");
        Assert.NotEqual(0, publish.ExitCode);
        Assert.Contains("error NETGEN001: NetGenInstructionSet is 'mmx'; expected native, avx2, avx512 or none.", publish.Output,
            StringComparison.Ordinal);
    }

    /// <summary>A project ready to publish; the test is skipped where the compiler's packages or a linker are not to be had.</summary>
    private async Task<string> AotProject()
    {
        Skip.IfNot(OperatingSystem.IsWindows() || HasLinker(), "NativeAOT needs clang or gcc.");
        string project =
            await package.NewProject(Framework, "<PublishAot>true</PublishAot>", ("Tiny.cs", Sources.Network),
            ("Program.cs", Sources.Program));
        var restore = await Dotnet.Run(project, "restore", "-r", RuntimeInformation.RuntimeIdentifier);
        Skip.If(restore.ExitCode != 0, $"The NativeAOT compiler for {Framework} cannot be restored: {restore.Output}");
        return project;
    }

    private static bool HasLinker() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));
}
