using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Inference;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;

namespace NetGen.Cuda.Tests;

/// <summary>Networks as the generator reads them: declared as a user does, parsed and inferred, and nothing is emitted.</summary>
internal static class DeclaredNetworks
{
    private static readonly string s_userFunctions = new StreamReader(
        typeof(DeclaredNetworks).Assembly.GetManifestResourceStream("UserFunctions.cs")!).ReadToEnd();

    /// <summary>By the names of the stacks, which are different.</summary>
    public static IReadOnlyDictionary<string, InferredNetwork> Infer(IEnumerable<Stack> stacks)
    {
        var declarations = new StringBuilder("using NetGen;\nnamespace Tests;\n\n");
        foreach (Stack stack in stacks)
            declarations.Append(DeclarationWriter.Write(stack)).Append('\n');
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file
                && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "NetGen.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
        IEnumerable<SyntaxTree> trees = new[] { declarations.ToString(), s_userFunctions }
            .Select(text => CSharpSyntaxTree.ParseText(text, options));
        CSharpCompilation compilation = CSharpCompilation.Create("Networks", trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var reader = new Reader();
        GeneratorRunResult result = CSharpGeneratorDriver.Create([reader.AsSourceGenerator()], parseOptions: options)
            .RunGenerators(compilation).GetRunResult().Results.Single();
        if (result.Exception is not null)
            throw new InvalidOperationException("The parser threw.", result.Exception);
        return reader.Networks;
    }

    /// <summary>The generator's first half.</summary>
    private sealed class Reader : IIncrementalGenerator
    {
        public Dictionary<string, InferredNetwork> Networks { get; } = [];

        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
            IncrementalValuesProvider<ParsedNetwork?> networks = context.SyntaxProvider
                .ForAttributeWithMetadataName(Symbols.NetworkAttribute, (_, _) => true, NetworkParser.Parse);
            context.RegisterSourceOutput(networks, (output, network) =>
            {
                if (network?.Source?.Network is not { } spec)
                {
                    string words = string.Join('\n', network?.Diagnostics.Select(diagnostic => diagnostic.ToString()) ?? []);
                    throw new InvalidOperationException("A network of the tests is refused:\n" + words);
                }
                Networks.Add(spec.Name, ShapeInference.Infer(spec, output.CancellationToken).Network);
            });
        }
    }
}
