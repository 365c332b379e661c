using System.Diagnostics;
using NetGen.CompilerServices;

namespace NetGen.Conformance.Tests.Behaviour;

/// <summary>
/// Processors with less, imitated in child processes: the runtime hides instruction sets that an environment variable takes away.
/// .NET 10 knows EnableAVX512, EnableAVX2 and EnableHWIntrinsic; the finer names of earlier releases have no effect there.
/// </summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData(null, VectorWidth.Auto)]
    [InlineData("DOTNET_EnableAVX512", VectorWidth.Vector256)]
    [InlineData("DOTNET_EnableAVX2", VectorWidth.Vector128)]
    [InlineData("DOTNET_EnableHWIntrinsic", VectorWidth.Vector128)]
    public async Task Sessions_use_what_the_processor_has(string? takenAway, VectorWidth widest)
    {
        VectorWidth expected = widest == VectorWidth.Auto ? VectorSupport.Best
            : (VectorWidth)Math.Min((int)widest, (int)VectorSupport.Best);
        bool isHost = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet";
        var start = new ProcessStartInfo(isHost ? Environment.ProcessPath! : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", typeof(InstructionSetTests).Assembly.Location, "instruction-sets" },
        };
        if (takenAway is not null)
            start.Environment[takenAway] = "0";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, $"Without {takenAway}: exit code {child.ExitCode}\n{output}\n{await errors}");

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.Where(l => l.StartsWith("width ", StringComparison.Ordinal)),
            l => Assert.Equal($"width {(int)expected}", l.Trim()));
        Assert.StartsWith($"checked {(int)expected}", lines[^1], StringComparison.Ordinal);
        // A width that is missing is refused in words that name it and what there is.
        if (expected != VectorWidth.Vector512)
        {
            string[] refused = lines.Where(l => l.StartsWith("refused ", StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(refused);
            Assert.All(refused, l => Assert.Contains("128", l, StringComparison.Ordinal));
        }
    }
}
