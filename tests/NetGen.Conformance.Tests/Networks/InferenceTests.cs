using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Conformance.Tests.Golden;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Inference;
using NetGen.Generator.Parsing;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// The generator reads every declaration that these tests use, however it is written, as the network that is meant: layers,
/// names and shapes are those that the tests compute for themselves.
/// </summary>
public sealed class InferenceTests
{
    // 0 is the shortest way to write a declaration; the others mix explicit sizes, pairs, arguments and properties.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Declarations_are_read_as_meant(int style)
    {
        Stack[] stacks =
        [
            .. GoldenFile.Names.Select(n => GoldenFile.Read(n).Stack),
            .. NetworkTable.Groups.SelectMany(g => NetworkTable.Stacks(g.Name)),
            .. Gen.Sample(RandomNetworks.Networks, 100, new Rnd(7, (ulong)(2 * style + 1)), 50)
                .Select((s, i) => s with { Name = "Random" + i.ToString(CultureInfo.InvariantCulture) }),
        ];
        var source = new StringBuilder("using NetGen;\nnamespace Tests;\n\n");
        foreach (Stack stack in stacks)
            source.Append(DeclarationWriter.Write(stack, style: style * 1000)).Append('\n');

        Dictionary<string, InferredNetwork> read = Read(source.ToString());
        foreach (Stack stack in stacks)
        {
            Assert.True(read.TryGetValue(stack.Name, out InferredNetwork? network),
                $"{stack} was not read:\n{DeclarationWriter.Write(stack, style: style * 1000)}");
            Meaning.Check(stack, network);
        }
    }

    private static Dictionary<string, InferredNetwork> Read(string source)
    {
        var parser = new ParserOnly();
        var compilation = NetworkCompiler.CreateCompilation(Consumer.Net10, source);
        CSharpGeneratorDriver.Create([parser.AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)compilation.SyntaxTrees.First().Options).RunGenerators(compilation);
        return parser.Networks.ToDictionary(n => n.Name, n =>
        {
            InferenceResult result = ShapeInference.Infer(n);
            Assert.False(result.HasErrors, $"{n.Name}: {string.Join("; ", result.Problems)}");
            return result.Network;
        });
    }

    /// <summary>The front half of the generator.</summary>
#pragma warning disable RS1036, RS1041 // Not shipped: lives in a test only.
    private sealed class ParserOnly : IIncrementalGenerator
#pragma warning restore
    {
        public List<NetworkSpec> Networks { get; } = [];

        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
            IncrementalValuesProvider<ParsedNetwork?> parsed = context.SyntaxProvider.ForAttributeWithMetadataName(
                "NetGen.NetworkAttribute", (_, _) => true, (c, cancellation) => NetworkParser.Parse(c, cancellation));
            context.RegisterSourceOutput(parsed, (_, network) =>
            {
                if (network?.Source?.Network is { } spec)
                    Networks.Add(spec);
            });
        }
    }
}
