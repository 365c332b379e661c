using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
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
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new NetworkGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
            optionsProvider: new Properties(widths));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);

        string[] kinds = driver.GetRunResult().GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath).Split('.')[^3])
            .Where(kind => kind is "Avx512" or "Avx2" or "Vector128").Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(files, string.Join(' ', kinds));
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        string surface =
            driver.GetRunResult().GeneratedTrees.Single(tree => tree.FilePath.EndsWith("Net.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Equal(kinds.Length < 3, surface.Contains("VectorWidths = new[]", StringComparison.Ordinal));
    }

    private sealed class Properties(string widths) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(widths);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(string widths) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key == "build_property._NetGenVectorWidths" ? widths : null;
                return value is not null;
            }
        }
    }
}
