using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>The property NetGenVectorWidths: what kernels are written for.</summary>
public sealed class VectorWidthTests
{
    private const string Network = "[Network(4), Linear(3), ReLU, Linear(2), CrossEntropyLoss] public sealed partial class Net;";

    [Theory]
    [InlineData("", "Avx2 Avx512 Vector128")]
    [InlineData("512,256,128", "Avx2 Avx512 Vector128")]
    [InlineData("512,256", "Avx2 Avx512")]
    [InlineData("128", "Vector128")]
    [InlineData("256 , 256", "Avx2")]
    public void KernelsAreWrittenForTheWidthsThatAreAskedFor(string widths, string files)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(Network);
        var properties = new BuildProperties(("_NetGenVectorWidths", widths));
        GeneratorDriver driver = GeneratorHarness.CreateDriver(compilation, properties: properties);
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);

        string[] kinds = driver.GetRunResult().GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath).Split('.')[^3])
            .Where(kind => kind is "Avx512" or "Avx2" or "Vector128").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(files, string.Join(' ', kinds));
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        string surface =
            driver.GetRunResult().GeneratedTrees.Single(tree => tree.FilePath.EndsWith("Net.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Equal(kinds.Length < 3, surface.Contains("VectorWidths = new[]", StringComparison.Ordinal));
    }
}
