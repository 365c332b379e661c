using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>
/// NVIDIA's assembler, where <c>ptxas</c> is on the path: a second judge of a text, which no test needs. It knows what this machine cannot:
/// how many registers a kernel takes, and whether they are enough.
/// </summary>
public static partial class Assembler
{
    /// <summary>Whether there is one.</summary>
    public static bool IsAvailable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "ptxas")));

    /// <summary>Assembles a module.</summary>
    /// <param name="architecture">80 for <c>sm_80</c>.</param>
    /// <exception cref="InvalidOperationException">There is no assembler.</exception>
    public static AssemblerResult Assemble(string text, int architecture = 80)
    {
        if (!IsAvailable)
            throw new InvalidOperationException("There is no ptxas on the path.");
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string source = Path.Combine(folder, "module.ptx"), target = Path.Combine(folder, "module.cubin");
            File.WriteAllText(source, text);
            string[] arguments = ["-v", string.Create(CultureInfo.InvariantCulture, $"-arch=sm_{architecture}"), "-o", target, source];
            var start = new ProcessStartInfo("ptxas", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string words = process.StandardError.ReadToEnd() + output.Result;
            process.WaitForExit();
            return new AssemblerResult(process.ExitCode == 0, words, Largest(Registers(), words), Largest(SpilledBytes(), words));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Largest(Regex number, string words) => number.Matches(words)
        .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex SpilledBytes();
}

/// <summary>What the assembler says of a module.</summary>
/// <param name="IsAccepted">Whether it took it.</param>
/// <param name="Words">Everything it said.</param>
/// <param name="Registers">The most registers of a kernel's thread.</param>
/// <param name="SpilledBytes">The most bytes of a thread that found no register.</param>
public sealed record AssemblerResult(bool IsAccepted, string Words, int Registers, int SpilledBytes);
