using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace NetGen.Package.Tests;

/// <summary>Runs samples/07-Tiny as a user would, and published as a native executable.</summary>
public sealed partial class TinySampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netgen-tiny-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ControllerHoldsThePendulumUp() => Check((await Sample()).Successful().Output);

    [Fact]
    public async Task ControllerLearnsByImitation()
    {
        string output = (await Sample("--train", "learned.safetensors", "--seed", "7")).Successful().Output;
        Check(output);
        // 353 numbers of four bytes, and a header.
        Assert.InRange(new FileInfo(Path.Combine(_folder, "learned.safetensors")).Length, 4 * 353, 4 * 353 + 1024);
    }

    [Theory]
    [InlineData("--seed", "-1", 2, "--seed -1: not understood")]
    [InlineData("--colour", "blue", 2, "--colour blue: not understood")]
    [InlineData("--model", "nowhere.safetensors", 1, "nowhere.safetensors")]
    public async Task WhatIsWrongIsNamed(string name, string value, int exitCode, string part)
    {
        var run = await Sample(name, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task NativeExecutableIsSmallAndDecidesInNanoseconds()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64
            && HasLinker(), "Needs Linux on x64, and clang or gcc.");
        string project = Path.Combine(Repository.Root, "samples", "07-Tiny"), target = Path.Combine(_folder, "out");
        // Everything beside the repository, so that its own builds are not disturbed.
        string[] common =
            ["-r", "linux-x64", "-p:PublishAot=true", "-p:SampleFramework=net9.0", "--artifacts-path", Path.Combine(_folder, "artifacts")];
        var restore = await Dotnet.Run(project, ["restore", .. common]);
        Skip.If(restore.ExitCode != 0, $"The NativeAOT compiler for net9.0 cannot be restored: {restore.Output}");
        (await Dotnet.Run(project, ["publish", "-c", "Release", "-m:1", "-o", target, .. common])).Successful();

        string executable = Path.Combine(target, "tiny-control");
        Assert.InRange(new FileInfo(executable).Length, 1, 3_000_000);
        // A network without kernels for GPUs brings nothing of that path along; literals of .NET are UTF-16.
        Assert.False((await File.ReadAllBytesAsync(executable)).AsSpan().IndexOf(Encoding.Unicode.GetBytes("cuLaunchKernelEx")) >= 0);
        string output = (await Dotnet.Start(executable, _folder)).Successful().Output;
        Check(output);
        Assert.Contains("NativeAOT", output, StringComparison.Ordinal);
    }

    /// <summary>The network keeps up nearly every pendulum, and a decision takes far less than its period of 20 ms.</summary>
    private static void Check(string output)
    {
        Assert.Contains("353 weights", output, StringComparison.Ordinal);
        Match share = Share().Match(output), time = Nanoseconds().Match(output);
        Assert.True(share.Success && time.Success, output);
        Assert.InRange(double.Parse(share.Groups[1].Value, CultureInfo.InvariantCulture), 98, 100);
        Assert.InRange(double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture), 1, 20_000);
    }

    private static bool HasLinker() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));

    private Task<Outcome> Sample(params string[] arguments) => Dotnet.Run(_folder,
        [Path.Combine(
            Path.GetDirectoryName(Repository.MnistConvNet)!.Replace("01-MnistConvNet", "07-Tiny",
            StringComparison.Ordinal), "tiny-control.dll"), .. arguments]);

    [GeneratedRegex(@"upright for good from (\d+\.\d) % of 1000 starts")]
    private static partial Regex Share();

    [GeneratedRegex(@"One decision: (\d+) ns")]
    private static partial Regex Nanoseconds();
}
