using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator;

namespace NetGen.Conformance.Tests.Harness;

/// <summary>
/// Declares networks, runs the generator, compiles what it wrote as a project would, with every warning an error, and loads the assembly in
/// an unloadable context. Many networks go into one compilation: references are bound once. The adapters are an assembly of their own,
/// since a project for an older framework could not refer to these tests.
/// </summary>
internal sealed class NetworkCompiler : IDisposable
{
    private readonly AssemblyLoadContext _context;

    private NetworkCompiler(AssemblyLoadContext context, Assembly assembly, IReadOnlyDictionary<string, ICompiledNetwork> networks)
    {
        _context = context;
        Assembly = assembly;
        Networks = networks;
    }

    public Assembly Assembly { get; }

    /// <summary>By class name.</summary>
    public IReadOnlyDictionary<string, ICompiledNetwork> Networks { get; }

    /// <param name="styles">How each network is written; see <see cref="DeclarationWriter"/>. By default the shortest.</param>
    /// <param name="declaredAs">What they are declared with besides.</param>
    public static NetworkCompiler Compile(
        IReadOnlyList<Stack> stacks, Consumer consumer, Func<Stack, int>? styles = null, DeclaredAs declaredAs = DeclaredAs.Usual)
    {
        var adapters = new StringBuilder("using System;\nusing System.Collections.Generic;\nusing NetGen;\nusing NetGen.Conformance.Tests.Harness;\nnamespace Tests;\n\n");
        foreach (Stack stack in stacks)
            adapters.Append(AdapterWriter.Write(stack, declaredAs));
        return Compile(Declarations(stacks, styles, declaredAs), adapters.ToString(), consumer,
            stacks.ToDictionary(s => s.Name, s => "Tests." + AdapterWriter.ClassName(s)));
    }

    /// <summary>What the generator writes for these networks with kernels of every width, by file name.</summary>
    public static IReadOnlyDictionary<string, string> Generate(IReadOnlyList<Stack> stacks, Consumer consumer) =>
        Generate(CreateCompilation(consumer, Declarations(stacks, styles: null, DeclaredAs.Usual), consumer.AssemblyInfo), out _);

    private static string Declarations(IReadOnlyList<Stack> stacks, Func<Stack, int>? styles, DeclaredAs declaredAs)
    {
        var declarations = new StringBuilder("using NetGen;\nnamespace Tests;\n\n");
        foreach (Stack stack in stacks)
        {
            declarations.Append("// ").Append(stack.Text).Append('\n')
                .Append(DeclarationWriter.Write(stack, style: styles?.Invoke(stack) ?? 0, declaredAs: declaredAs)).Append('\n');
        }
        return declarations.ToString();
    }

    /// <summary>How the message begins where the generator reports errors.</summary>
    public const string Refusal = "The generator refused a network";

    /// <summary>The functions that the networks' project has of its own.</summary>
    private static readonly string s_userFunctions = new StreamReader(
        typeof(NetworkCompiler).Assembly.GetManifestResourceStream("UserFunctions.cs")!).ReadToEnd();

    /// <summary>A compilation of these sources, before any generator has run.</summary>
    public static CSharpCompilation CreateCompilation(Consumer consumer, params string[] sources) => CSharpCompilation.Create(
        "Networks" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
        sources.Append(s_userFunctions).Select((s, i) => CSharpSyntaxTree.ParseText(s, consumer.ParseOptions,
            string.Create(CultureInfo.InvariantCulture, $"Source{i}.cs"))),
        consumer.References,
        consumer.CompilationOptions);

    /// <summary>The generated sources of these networks by file name, without compiling them.</summary>
    /// <param name="vectorWidths">The widths of vectors that kernels are written for, as <see cref="Consumer.VectorWidths"/>.</param>
    public static IReadOnlyDictionary<string, string> Generate(
        CSharpCompilation compilation, out Compilation output, string vectorWidths = "")
    {
        var parseOptions = (CSharpParseOptions)compilation.SyntaxTrees[0].Options;
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: parseOptions,
            optionsProvider: new Properties(vectorWidths));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out output, out _);
        GeneratorDriverRunResult run = driver.GetRunResult();
        foreach (GeneratorRunResult result in run.Results)
        {
            if (result.Exception is not null)
                Assert.Fail($"The generator threw:\n{result.Exception}\n\nfor\n{compilation.SyntaxTrees[0]}");
        }
        Diagnostic[] refused = run.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (refused.Length > 0)
            Assert.Fail(Describe(Refusal, refused));

        return run.GeneratedTrees.ToDictionary(t => Path.GetFileName(t.FilePath), t => t.ToString());
    }

    private static NetworkCompiler Compile(string declarations, string adapters, Consumer consumer,
        IReadOnlyDictionary<string, string> adapterNames)
    {
        Generate(CreateCompilation(consumer, declarations, consumer.AssemblyInfo), out Compilation output, consumer.VectorWidths);
        byte[] networks = Emit(output);
        byte[] adapted = Emit(CreateCompilation(Consumer.Net10, adapters).AddReferences(
            MetadataReference.CreateFromImage(networks), MetadataReference.CreateFromFile(typeof(ICompiledNetwork).Assembly.Location)));

        var context = new AssemblyLoadContext("Networks", isCollectible: true);
        Assembly assembly = context.LoadFromStream(new MemoryStream(networks)), adapter = context.LoadFromStream(new MemoryStream(adapted));
        JitBudget.Check(assembly);
        var compiled = adapterNames.ToDictionary(a => a.Key,
            a => (ICompiledNetwork)Activator.CreateInstance(adapter.GetType(a.Value, throwOnError: true)!)!);
        return new NetworkCompiler(context, assembly, compiled);
    }

    private static byte[] Emit(Compilation compilation)
    {
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        // Every warning counts in generated code, missing documentation among them; what is written here has none.
        Diagnostic[] faults = emitted.Diagnostics
            .Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && IsGenerated(d)))
            .ToArray();
        if (faults.Length > 0)
            Assert.Fail(Describe("Generated code does not compile without warnings", faults));
        return image.ToArray();
    }

    /// <summary>The project's properties: threads share the work of single samples in networks of every size.</summary>
    private sealed class Properties(string vectorWidths) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(vectorWidths);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(string vectorWidths) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key switch
                {
                    "build_property.NetGenDivideFrom" => "0",
                    "build_property._NetGenVectorWidths" => vectorWidths,
                    _ => null,
                };
                return value is not null;
            }
        }
    }

    private static bool IsGenerated(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    /// <summary>The first faults, each with the source around it, lines numbered.</summary>
    private static string Describe(string title, Diagnostic[] faults)
    {
        const int Shown = 8, Around = 4, LineLength = 200;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{title}: {faults.Length} faults.\n");
        foreach (Diagnostic fault in faults.Take(Shown))
        {
            text.Append('\n').Append(fault.ToString()).Append('\n');
            if (fault.Location.SourceTree is not { } tree)
                continue;
            SourceText source = tree.GetText();
            int line = fault.Location.GetLineSpan().StartLinePosition.Line;
            for (int i = Math.Max(0, line - Around); i <= Math.Min(source.Lines.Count - 1, line + Around); i++)
            {
                string content = source.Lines[i].ToString();
                text.Append(CultureInfo.InvariantCulture,
                    $"{(i == line ? '>' : ' ')}{i + 1,6}  {(content.Length > LineLength ? content[..LineLength] + "…" : content)}\n");
            }
        }
        return text.ToString();
    }

    public void Dispose() => _context.Unload();
}
