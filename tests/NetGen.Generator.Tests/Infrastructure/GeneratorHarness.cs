using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Parsing;

namespace NetGen.Generator.Tests.Infrastructure;

/// <summary>Compiles sources in memory and runs the generator on them.</summary>
internal static class GeneratorHarness
{
    /// <summary>The running framework, NetGen's runtime library, and those beside it that guides show.</summary>
    public static ImmutableArray<MetadataReference> References { get; } = Directory
        .EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
        .Where(IsManaged)
        .Append(typeof(NetworkAttribute).Assembly.Location)
        .Append(typeof(NetGen.Data.DataLoader).Assembly.Location)
        .Append(typeof(NetGen.Data.CsvTable).Assembly.Location)
        .Append(typeof(NetGen.TensorBoard.SummaryWriter).Assembly.Location)
        .Append(typeof(NetGen.Plots.Figure).Assembly.Location)
        .Append(typeof(ScottPlot.Plot).Assembly.Location)
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToImmutableArray();

    /// <summary>The web framework, NetGen's library for serving, and the collector of its meters, which one guide shows.</summary>
    public static IEnumerable<MetadataReference> WebReferences => Directory
        .EnumerateFiles(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location)!, "*.dll")
        .Append(typeof(NetGen.Serving.ServingOptions).Assembly.Location)
        .Append(typeof(OpenTelemetry.Metrics.MeterProviderBuilderExtensions).Assembly.Location)
        .Append(typeof(OpenTelemetry.Metrics.MeterProviderBuilder).Assembly.Location)
        .Append(typeof(OpenTelemetry.OpenTelemetryBuilder).Assembly.Location)
        .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>What <c>ImplicitUsings</c> gives users, and NetGen.</summary>
    public const string GlobalUsings = "global using System; global using System.Collections.Generic; global using NetGen;";

    public static CSharpCompilation Compile(string source, LanguageVersion languageVersion = LanguageVersion.CSharp12,
        bool allowUnsafe = true)
        => Compile([("Program.cs", source)], languageVersion, allowUnsafe);

    public static CSharpCompilation Compile(
        IEnumerable<(string Path, string Text)> sources, LanguageVersion languageVersion = LanguageVersion.CSharp12,
            bool allowUnsafe = true)
    {
        var options = new CSharpParseOptions(languageVersion);
        return CSharpCompilation.Create(
            "Fixture",
            sources.Prepend(("GlobalUsings.cs", GlobalUsings))
                .Select(source => CSharpSyntaxTree.ParseText(source.Item2, options, source.Item1)),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: allowUnsafe,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    public static GeneratorDriver CreateDriver(
        CSharpCompilation compilation, bool trackSteps = false, BuildProperties? properties = null) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()],
        parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
        optionsProvider: properties,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackSteps));

    /// <summary>
    /// Kernels of one width: what is said of declarations, and the members that networks have, do not depend on it, and those of all widths
    /// take three times as long to compile. They are compiled by the conformance tests.
    /// </summary>
    private static readonly BuildProperties s_oneWidth = new(("_NetGenVectorWidths", "128"));

    public static GenerationResult Run(string source, BuildProperties? properties = null) => Run(Compile(source), properties);

    public static GenerationResult Run(CSharpCompilation compilation, BuildProperties? properties = null)
    {
        GeneratorDriver driver = CreateDriver(compilation, properties: properties ?? s_oneWidth)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        if (result.Exception is not null)
            throw new InvalidOperationException("The generator threw.", result.Exception);
        // The analyzer looks at declarations only: the user's source is enough, and the generated source is long.
        ImmutableArray<Diagnostic> ofAnalyzers = compilation
            .WithAnalyzers([new LayersWithoutNetworkAnalyzer(), new ElementFunctionAnalyzer()])
            .GetAnalyzerDiagnosticsAsync()
            .GetAwaiter().GetResult()
            .AddRange(OfCalls(compilation, output));
        return new GenerationResult((CSharpCompilation)output, result, ofAnalyzers);
    }

    /// <summary>What is said of calls of generated members, which only the compilation with these knows.</summary>
    private static IEnumerable<Diagnostic> OfCalls(CSharpCompilation compilation, Compilation output) => compilation.SyntaxTrees
        .Where(tree => tree.ToString() is var text
            && (text.Contains(".Step(", StringComparison.Ordinal) || text.Contains(".Backward(", StringComparison.Ordinal)))
        .SelectMany(tree => output.WithAnalyzers([new StepWithoutLossAnalyzer()])
            .GetAnalyzerSemanticDiagnosticsAsync(output.GetSemanticModel(tree), filterSpan: null, CancellationToken.None)
            .GetAwaiter().GetResult());

    private static bool IsManaged(string path)
    {
        string name = Path.GetFileName(path);
        return (name.StartsWith("System.", StringComparison.Ordinal) && !name.Contains(".Native", StringComparison.Ordinal))
            || name is "netstandard.dll" or "mscorlib.dll" or "Microsoft.CSharp.dll" or "Microsoft.Win32.Primitives.dll";
    }
}

/// <summary>What the generator made of a compilation.</summary>
internal sealed record GenerationResult(CSharpCompilation Compilation, GeneratorRunResult Run,
    ImmutableArray<Diagnostic> AnalyzerDiagnostics)
{
    /// <summary>NetGen's diagnostics, those that #pragma suppresses left out.</summary>
    public ImmutableArray<Diagnostic> NetGenDiagnostics
        => Run.Diagnostics.Concat(AnalyzerDiagnostics).Where(diagnostic => !diagnostic.IsSuppressed).ToImmutableArray();

    /// <summary>The compiler's errors and warnings about the user's and the generated source together.</summary>
    public ImmutableArray<Diagnostic> CompilerDiagnostics => Compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed)
        .ToImmutableArray();

    public IEnumerable<(string HintName, string Source)> Sources
        => Run.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString()));

    public string SingleSource => Run.GeneratedSources.Single().SourceText.ToString();
}
