using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using NetGen.Cuda.Simulator.Ptx;
using NetGen.Generator.Cuda;
using NetGen.Generator.Cuda.Kernels;

namespace NetGen.Cuda.Tests;

/// <summary>
/// What NVIDIA's assembler says of the kernels of all golden networks, in each precision: of those that differ in numbers only it is asked
/// one.
/// </summary>
public sealed partial class AssemblerTests
{
    /// <summary>Kernels that are assembled together.</summary>
    private const int PerModule = 32;

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    [FactWithAssembler]
    public void The_assembler_takes_every_kernel_and_spills_nothing()
    {
        IEnumerable<CudaKernel> kernels = GoldenTests.Plans.SelectMany(plan => plan.Kernels);
        string[] texts = [.. kernels.SelectMany(Bodies).DistinctBy(body => Numbers().Replace(body, "#")).Select((body, i) => string.Create(
            CultureInfo.InvariantCulture, $".visible .entry kernel{i}{body}"))];
        Assert.True(texts.Length > 100, $"Only {texts.Length} kernels.");
        var faults = new ConcurrentBag<string>();
        Parallel.ForEach(texts.Chunk(PerModule).SelectMany(chunk => new[] { (chunk, 80), (chunk, 90) }), job =>
        {
            (string[] together, int architecture) = job;
            AssemblerResult result = Assembler.Assemble(PtxWriter.Module(together), architecture);
            if (!result.IsAccepted || result.SpilledBytes > 0)
                faults.Add(Fault(together, architecture, result));
        });
        Assert.True(faults.IsEmpty, string.Join("\n\n", faults));
    }

    /// <summary>What is behind a kernel's name, in each precision: what stands before it is a comment.</summary>
    private static IEnumerable<string> Bodies(CudaKernel kernel)
    {
        string entry = ".visible .entry " + kernel.Name;
        IEnumerable<string> others = kernel.InPrecision is { } write ? ProductPrecisions.Reduced.Select(write) : [];
        return others.Prepend(kernel.Text).Select(text => text[(text.IndexOf(entry, StringComparison.Ordinal) + entry.Length)..]);
    }

    /// <summary>The first kernel that is at fault by itself.</summary>
    private static string Fault(string[] kernels, int architecture, AssemblerResult all)
    {
        foreach (string kernel in kernels)
        {
            AssemblerResult result = Assembler.Assemble(PtxWriter.Module([kernel]), architecture);
            if (!result.IsAccepted || result.SpilledBytes > 0)
                return $"sm_{architecture}: {result.Words}\n{kernel}";
        }
        return $"sm_{architecture}: {all.Words}";
    }
}

/// <summary>A test that is skipped where <c>ptxas</c> is not on the path.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithAssemblerAttribute : FactAttribute
{
    public FactWithAssemblerAttribute() => Skip = Assembler.IsAvailable ? null : "There is no ptxas on the path.";
}
