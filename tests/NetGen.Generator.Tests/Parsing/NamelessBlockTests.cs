using Microsoft.CodeAnalysis;
using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Parsing;

/// <summary>With <c>Name = ""</c> the layers of a block stand beside the others.</summary>
public class NamelessBlockTests
{
    /// <summary>What a Sequential without a name gives is what its layers written out give: the same parameters, kernels and members.</summary>
    [Theory]
    [InlineData("Sequential<Body>(Name = \"\")")]
    [InlineData("Sequential<Around>(Name = \"\")")]
    [InlineData("Sequential<Body>(Name = None.Tag)")]
    public void LayersStandAsIfWrittenOut(string use)
    {
        GenerationResult expected = Run("Linear(5, Name = \"fc\"), Tanh(Name = \"act\"), Linear(4, Name = \"proj\")");
        GenerationResult actual = Run(use);
        Assert.Equal(Text(expected), Text(actual));

        static GenerationResult Run(string layers) => NamelessBlockTests.Run($$"""
            [Network(4)]
            [Linear(6), ReLU, {{layers}}, Linear(3), CrossEntropyLoss]
            partial class Net;
            {{Blocks}}
            """);
    }

    /// <summary>
    /// Layers without a name are numbered as if they were written out, and the block's own names for them still mean them: in joins, in blocks
    /// within, for shared parameters and for initialisation.
    /// </summary>
    [Fact]
    public void NumbersGoOn()
    {
        GenerationResult expected = Run("""
            [Network(4)]
            [Initialize(Init.Constant, "linear4.bias", "linear3", Value = 0.5)]
            [Linear(4), ReLU, Linear(4), ReLU]
            [Linear(4), ReLU, Linear(4), Add("relu3"), ReLU, Sequential<Inner>(Name = "inner"), Linear(4, Shares = "linear3")]
            [ReLU, Add("relu2"), CrossEntropyLoss]
            partial class Net;

            [Block, Linear(4), ReLU(Name = "act"), Mul("relu3", "linear1", "linear4")]
            class Inner;
            """);
        GenerationResult actual = Run("""
            [Network(4)]
            [Linear(4), ReLU, Linear(4), ReLU]
            [Sequential<Body>(Name = "")]
            [ReLU, Add("relu2"), CrossEntropyLoss]
            partial class Net;

            [Block, Initialize(Init.Constant, "linear2.bias", "linear1", Value = 0.5)]
            [Sequential<Front>(Name = ""), Linear(4), Add("relu1"), ReLU, Sequential<Inner>(Name = "inner"), Linear(4, Shares = "linear1")]
            class Body;

            [Block, Linear(4), ReLU]
            class Front;

            [Block, Linear(4), ReLU(Name = "act"), Mul("relu1", "linear1", "linear2")]
            class Inner;
            """);
        Assert.Equal(Text(expected), Text(actual));
    }

    [Theory]
    [InlineData("Residual<Body>(Name = \"\")", "net.Fc.Weight, net.Proj.Bias")]
    [InlineData("Residual<Body, Short>(Name = \"\")", "net.Fc.Weight, net.Proj.Bias, net.Shortcut.Conv.Weight")]
    [InlineData("Add<Body, Short>(Name = \"\")", "net.Branch1.Fc.Weight, net.Branch2.Conv.Weight")]
    [InlineData("Concat<Short>(3, 4, Name = \"\")", "net.Branch1.Conv.Weight, net.Branch2.Conv.Weight")]
    [InlineData("Repeat<Body>(2, Name = \"\")", "net.Block1.Fc.Weight, net.Block2.Proj.Bias")]
    [InlineData("Repeat<Around>(3, Name = \"stages\")", "net.Stages[2].Fc.Weight, net.Stages[0].Proj.Bias")]
    [InlineData("Sequential<Deep>(Name = \"\")", "net.Units[1].Fc.Weight, net.Proj.Weight")]
    [InlineData("Sequential<Deep>(Name = \"deep\")", "net.Deep.Units[1].Fc.Weight, net.Deep.Proj.Weight")]
    [InlineData("Residual<Body>(Name = \"\"), ReLU, Sequential<Nested>(Name = \"\")", "net.Fc.Weight, net.Residual2.Conv.Weight")]
    [InlineData("Linear(4, Name = \"own\"), Tanh, Sequential<Short>(Name = \"\", Shares = \"_short\")", "net.Own.Weight, net.Short.Conv.Bias")]
    [InlineData("Sequential<Around>(Name = \"a\"), Tanh, Sequential<Around>(Shares = \"a\")", "net.A.Fc.Weight")]
    public void MembersStandBesideTheOthers(string use, string members)
    {
        Run($$"""
            [Network(4)]
            [Linear(4), ReLU, Sequential<Short>(Name = "_short"), Tanh(Name = "front"), {{use}}, Linear(3, Name = "head"), CrossEntropyLoss]
            partial class Net
            {
                public static int Count(Net net) => new object[] { net.Linear1.Bias, net.Head.Weight, {{members}} }.Length;
            }
            {{Blocks}}
            """);
    }

    /// <summary>The block's input is what it is given, and behind it the network's is the network's again.</summary>
    [Fact]
    public void InputIsTheBlocks()
    {
        GenerationResult actual = Run("""
            [Network(4)]
            [Linear(6, Name = "a"), ReLU, Sequential<Body>(Name = ""), Linear(4, Name = "c"), Add("input")]
            partial class Net;

            [Block, Linear(6, Name = "b"), Tanh(Name = "act"), Mul("input", Name = "gate")]
            class Body;
            """);
        GenerationResult expected = Run("""
            [Network(4)]
            [Linear(6, Name = "a"), ReLU, Linear(6, Name = "b"), Tanh(Name = "act"), Mul("relu1", Name = "gate"), Linear(4, Name = "c"), Add("input")]
            partial class Net;
            """);
        Assert.Equal(Lines(expected), Lines(actual));

        // The kernels: in words the operand is called as it is written.
        static IEnumerable<string> Lines(GenerationResult result)
            => result.Sources.Single(pair => pair.HintName.EndsWith(".Kernels.g.cs", StringComparison.Ordinal)).Source.Split('\n')
            .Where(line => !line.Contains("Mul(", StringComparison.Ordinal));
    }

    /// <summary>A block that shares finds the parameters of the other's layers, where these have no name in front either.</summary>
    [Fact]
    public void SharedParametersAreFound()
    {
        Assert.Equal(Shared("Body"), Shared("Around"));

        static IEnumerable<string> Shared(string block) => Text(Run($$"""
            [Network(4), Sequential<{{block}}>(Name = "a"), ReLU, Sequential<{{block}}>(Shares = "a"), CrossEntropyLoss]
            partial class Net;
            {{Blocks}}
            """)).Select(line => line.Replace("Around", "Body", StringComparison.Ordinal));
    }

    /// <summary>Whatever is wrong, it is reported, and nothing else goes wrong because of it.</summary>
    [Theory]
    [InlineData("Sequential<Body>(Name = \"\"), Sequential<Body>(Name = \"\")", "NG2013")]
    [InlineData("Sequential<Body>(Missing = 1, Name = \"\"), Linear(3)", "CS0246")]
    [InlineData("Sequential<Nowhere>(Name = \"\"), Linear(3)", "CS0246")]
    [InlineData("Sequential<Loop>(Name = \"\"), Linear(3)", "NG2006")]
    [InlineData("Sequential<Broken>(Name = \"\"), Residual<Broken>(Name = \"\"), Linear(3)", "NG1005")]
    [InlineData("Repeat<Broken>(0, Name = \"\"), Repeat<Body>(-1, Name = \"\"), Linear(3)", "NG1005")]
    [InlineData("Residual<Short>(5, Name = \"\"), Linear(3)", "NG1007")]
    [InlineData("Sequential<Short>(5, 6, Name = \"\"), Linear(3, Name = \"conv\")", "NG2024")]
    [InlineData("Add<Short, Short>(5.5, Name = \"\"), Sub<Body, Short>(Name = \"\"), Linear(3)", "NG2040")]
    [InlineData("Sequential<Body>(Name = \"\", Shares = \"nothing\"), Linear(3)", "NG1085")]
    [InlineData("Linear(4), Sequential<Short>(Name = \"\"), Add(\"_sequential1\"), Linear(3)", "NG1081")]
    public void MistakesAreReported(string layers, string id)
    {
        GenerationResult result = GeneratorHarness.Run($$"""
            [Network(4), {{layers}}, CrossEntropyLoss]
            partial class Net;

            [Block, Sequential<Loop>(Name = "")]
            class Loop;

            [Block, Linear(0, Name = "broken"), Unknown(3)]
            class Broken;
            {{Blocks}}
            """);
        List<string> ids = [.. result.NetGenDiagnostics.Concat(result.CompilerDiagnostics).Select(diagnostic => diagnostic.Id)];
        Assert.Contains(id, ids);
        Assert.DoesNotContain("NG9999", ids);
    }

    private const string Blocks = """
        [Block, Linear(5, Name = "fc"), Tanh(Name = "act"), Linear(4, Name = "proj")]
        class Body;

        [Block, Sequential<Body>(Name = "")]
        class Around;

        [Block, Linear(Size, Name = "conv")]
        class Short { const int Size = 4; }

        [Block, Repeat<Around>(2, Name = "units"), ReLU(Name = "between"), Linear(4, Name = "proj")]
        class Deep;

        [Block, Residual<Short>]
        class Nested;

        static class None { public const string Tag = ""; }
        """;

    /// <summary>All but the table of layers, in the documentation and as a text, which has a row for the block.</summary>
    private static IEnumerable<string> Text(GenerationResult result) => result.Sources.SelectMany(pair => pair.Source.Split('\n'))
        .Where(line => !line.Contains("_sequential", StringComparison.Ordinal) && !line.TrimStart().StartsWith('"'));

    private static GenerationResult Run(string source)
    {
        GenerationResult result = GeneratorHarness.Run(source);
        Assert.DoesNotContain(result.NetGenDiagnostics.Concat(result.CompilerDiagnostics),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return result;
    }
}
