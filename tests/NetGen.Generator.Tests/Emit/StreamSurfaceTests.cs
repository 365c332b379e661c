using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>What [Stream] adds to the class that users call, and that it adds nothing elsewhere.</summary>
public class StreamSurfaceTests
{
    private const string Network = """
        [Network, Stream]
        [Input<int>("tokens", 20), Embedding(50, 24, Name = "table"), GRU(32, Name = "gru"), Output("states")]
        [Linear(50), Output("logits")]
        public sealed partial class Net;
        """;

    private const string User = """

        public static class User
        {
            public static void Run(Net net)
            {
                using Net.Stream stream = net.CreateStream(new SessionOptions { VectorWidth = VectorWidth.Vector128 });
                int[] tokens = new int[3 * Net.Stream.InputSize];
                stream.Step(tokens, new float[3 * Net.Stream.StatesSize], new float[3 * Net.Stream.LogitsSize]);
                stream.Prefill(tokens, new float[Net.Stream.StatesSize], new float[Net.Stream.LogitsSize]);
                stream.Prefill(tokens);
                Net.Stream fork = stream.Fork();
                fork.CopyFrom(stream);
                fork.Reset();
                fork.Save("a");
                fork.Load("a");
                string text = $"{fork.Position} {fork.Capacity} {fork.VectorWidth}";
            }
        }
        """;

    [Fact]
    public void Every_member_is_there_and_documented()
    {
        GenerationResult result = GeneratorHarness.Run(Network + User);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics);
        ClassDeclarationSyntax stream = Types(result, "Net").Single(type => type.Identifier.Text == "Stream");
        MemberDeclarationSyntax[] members = [.. stream.Members.Where(member => member.Modifiers.Any(SyntaxKind.PublicKeyword))];
        Assert.Equal(8, members.Length);
        Assert.All(members, member => Assert.Contains("/// <summary>", member.GetLeadingTrivia().ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_in_error_has_the_same_members()
    {
        GenerationResult result = GeneratorHarness.Run(Network.Replace("GRU(32", "GRU(0", StringComparison.Ordinal) + User);
        Assert.NotEmpty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics);
    }

    /// <summary>One that is not causal has them too.</summary>
    [Fact]
    public void A_network_that_is_not_causal_has_the_same_members()
    {
        GenerationResult result = GeneratorHarness.Run(
            Network.Replace("GRU(32,", "GRU(32, Bidirectional = true,", StringComparison.Ordinal) + User);
        Assert.Equal(DiagnosticDescriptors.NotCausal.Id, Assert.Single(result.NetGenDiagnostics).Id);
        Assert.Empty(result.CompilerDiagnostics);
    }

    /// <summary>One int in and one output at each step: those that generate tokens take it.</summary>
    [Theory]
    [InlineData("[Network, Stream, Input<int>(\"tokens\", 20), Embedding(50, 24), GRU(32), Linear(40)]", true)]
    [InlineData("[Network, Stream, Input<int>(\"target\", 20), Embedding(50, 24), GRU(32), Linear(40), Output(\"source\")]", true)]
    [InlineData("[Network, Stream, Input<int>(\"tokens\", 20), Embedding(50, 24), GRU(0), Linear(40)]", true)]
    [InlineData("[Network(20, 1), Stream, GRU(32), Linear(40)]", false)]
    [InlineData("[Network, Stream, Input<int>(\"a\", 20), Embedding(50, 24), Output(\"x\"), GRU(32), Output(\"y\")]", false)]
    public void Streams_of_tokens_have_their_interface(string network, bool isOne)
    {
        GenerationResult result = GeneratorHarness.Run(network + """
             public sealed partial class Net;

            public static class User
            {
                public static ITokenStream Of(Net net)
                {
                    ITokenStream stream = net.CreateStream();
                    stream.Step([3], new float[stream.OutputSize]);
                    return stream;
                }
            }
            """);
        Assert.Equal(isOne ? 0 : 1, result.CompilerDiagnostics.Count());
        Assert.All(result.CompilerDiagnostics, diagnostic => Assert.Equal("CS0029", diagnostic.Id));
        if (isOne && result.NetGenDiagnostics.IsEmpty)
        {
            string text = result.Sources.Single(file => file.HintName == "Net.g.cs").Source;
            Assert.Contains("int global::NetGen.ITokenStream.TokenCount => 50;", text, StringComparison.Ordinal);
            Assert.Contains("int global::NetGen.ITokenStream.OutputSize => OutputSize;", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_the_attribute_there_is_nothing_and_the_names_are_free()
    {
        const string Source = """
            [Network(20, 8), GRU(32, Name = "stream"), Linear(2, Name = "createStream")]
            public sealed partial class Net;
            """;
        GenerationResult result = GeneratorHarness.Run(Source);
        Assert.Empty(result.NetGenDiagnostics);
        Assert.Empty(result.CompilerDiagnostics);
        Assert.DoesNotContain(result.Sources, file => file.Source.Contains("StreamCore", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stream", "Stream")]
    [InlineData("createStream", "CreateStream")]
    public void With_the_attribute_the_names_are_taken(string layer, string member)
    {
        GenerationResult result = GeneratorHarness.Run(
            $"[Network(20, 8), Stream, GRU(32, Name = \"{layer}\")] public sealed partial class Net;");
        Diagnostic reserved = Assert.Single(result.NetGenDiagnostics);
        Assert.Equal(DiagnosticDescriptors.ReservedName.Id, reserved.Id);
        Assert.Contains($"'{member}'", reserved.GetMessage(null), StringComparison.Ordinal);

        result = GeneratorHarness.Run($"[Network(20, 8), Stream, GRU(32)] public sealed partial class Net {{ public int {member} => 3; }}");
        Assert.Equal(DiagnosticDescriptors.MemberCollision.Id, Assert.Single(result.NetGenDiagnostics).Id);
    }

    /// <summary>Depth costs nothing: equal blocks of a deep network are called from one section.</summary>
    [Fact]
    public void A_deep_stream_is_no_longer_than_a_shallow_one()
    {
        int shallow = Kernels(8), deep = Kernels(64);
        Assert.InRange(deep, shallow / 2, shallow * 11 / 10);

        static int Kernels(int blocks)
        {
            GenerationResult result = GeneratorHarness.Run($$"""
                [Network(20, 16), Stream, Repeat<Body>({{blocks}}, Name = "body"), Linear(4)]
                public sealed partial class Net;

                [Block, LayerNorm(16, Name = "n"), Linear(32), Rotary(Heads = 2, Name = "q")]
                [From("n"), Linear(32), Rotary(Heads = 2, Name = "k")]
                [From("n"), Linear(32), ScaledDotProductAttention(Query = "q", Key = "k", Heads = 2, Causal = true)]
                [Linear(16), Add("input")]
                internal sealed class Body;
                """, BuildProperties.None);
            Assert.Empty(result.NetGenDiagnostics);
            string kernels = result.Sources.Single(file => file.HintName == "Net.Avx512.g.cs").Source;
            int start = kernels.IndexOf("void Stream_Avx512", StringComparison.Ordinal);
            return kernels.IndexOf("void TrainForward", start, StringComparison.Ordinal) - start;
        }
    }

    private static IEnumerable<ClassDeclarationSyntax> Types(GenerationResult result, string name)
        => CSharpSyntaxTree.ParseText(result.Sources.Single(file => file.HintName == name + ".g.cs").Source).GetRoot()
            .DescendantNodes().OfType<ClassDeclarationSyntax>();
}
