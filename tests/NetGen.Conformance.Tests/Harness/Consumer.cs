using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.CompilerServices;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>
/// A project that uses NetGen, by what reaches the generated code: its framework's reference assemblies, which decide what the generator
/// may call, and the compiler's options. Between the two that there are, every option has either value: generated code must not depend on
/// them.
/// </summary>
internal sealed class Consumer
{
    private readonly Lazy<MetadataReference[]> _references;

    private Consumer(string framework, string vectorWidths, CSharpParseOptions parseOptions, CSharpCompilationOptions compilationOptions,
        Func<IEnumerable<string>> references)
    {
        Framework = framework;
        VectorWidths = vectorWidths;
        ParseOptions = parseOptions;
        CompilationOptions = compilationOptions;
        _references = new Lazy<MetadataReference[]>(() =>
            references().Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray());
    }

    /// <summary>A project for .NET 10, as <c>dotnet new</c> makes it, but for the kernels of 256 bits, which it leaves out.</summary>
    public static Consumer Net10 { get; } = Modern("512,128");

    /// <summary>A project for .NET 10 with kernels of every width.</summary>
    public static Consumer Net10OfEveryWidth { get; } = Modern("");

    private static Consumer Modern(string vectorWidths) => new("net10.0", vectorWidths,
        new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose),
        Options.WithNullableContextOptions(NullableContextOptions.Enable),
        () => OfThisProcess);

    /// <summary>
    /// A project for the oldest framework there is a package for, whose settings are as far from the usual ones as can be: C# 12, which is
    /// the oldest that reads <c>partial class X;</c>, no nullable types, checked arithmetic, all that the compiler can find fault with,
    /// CLSCompliant too. It leaves out the kernels of 512 bits.
    /// </summary>
    public static Consumer Net8 { get; } = Old("256,128");

    private static Consumer Old(string vectorWidths) => new("net8.0", vectorWidths,
        new CSharpParseOptions(LanguageVersion.CSharp12, DocumentationMode.Diagnose).WithFeatures([new("strict", "true")]),
        Options.WithNullableContextOptions(NullableContextOptions.Disable).WithOverflowChecks(true).WithWarningLevel(9999),
        () => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "net8.0.references.txt")));

    private static CSharpCompilationOptions Options =>
        new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true);

    /// <summary>The assemblies that this process runs on, NetGen's among them.</summary>
    public static IEnumerable<string> OfThisProcess =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var file
            && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll" or "NetGen.dll"));

    /// <summary>A project like another, with these kernels; the same one for the same.</summary>
    public static Consumer Of(Consumer project, IEnumerable<VectorWidth> widths)
    {
        string bits = string.Join(',', widths.Select(width => ((int)width).ToString(CultureInfo.InvariantCulture)));
        return s_ofWidths.GetOrAdd((project.Framework == Net10.Framework, bits), key => key.IsModern ? Modern(bits) : Old(bits));
    }

    private static readonly ConcurrentDictionary<(bool IsModern, string Widths), Consumer> s_ofWidths = new();

    /// <summary>Its name in project files, e.g. <c>net8.0</c>.</summary>
    public string Framework { get; }

    /// <summary>
    /// The kernels that it is compiled with, as the generator reads <c>NetGenVectorWidths</c>: those that run for it
    /// (<see cref="CodeForm"/>). The others would cost a third of the compiler's time, and their text is compared.
    /// </summary>
    public string VectorWidths { get; }

    public CSharpParseOptions ParseOptions { get; }

    public CSharpCompilationOptions CompilationOptions { get; }

    public IReadOnlyList<MetadataReference> References => _references.Value;

    /// <summary>Another source file of the project.</summary>
    public string AssemblyInfo => Framework == "net8.0" ? "[assembly: System.CLSCompliant(true)]" : "";

    public override string ToString() => Framework;
}
