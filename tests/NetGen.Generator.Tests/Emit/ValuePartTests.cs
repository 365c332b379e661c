using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>What is put one behind the other, or cut out, is not copied where it can lie where it belongs.</summary>
public sealed class ValuePartTests
{
    private const string Skip = """Network(3, 8, 8), Conv2d(16, 3, Padding = "same", Name = "a"), ReLU(Name = "skip")""";

    [Theory]
    // Blocks of 16 channels: both operands.
    [InlineData(Skip + """, Conv2d(20, 3, Padding = "same"), ReLU, Concat("skip", "."), Conv2d(16, 3, Padding = "same")""", "Inference", 2)]
    // The second begins within a block.
    [InlineData(Skip + """, Conv2d(20, 3, Padding = "same"), ReLU, Concat(".", "skip"), Conv2d(16, 3, Padding = "same")""", "Inference", 0)]
    // Two of the operands of the second lie in the first.
    [InlineData(Skip + """, Conv2d(16, 1, Name = "b"), Concat("skip"), Conv2d(32, 1), Concat("skip", "b")""", "Inference", 3)]
    // A concatenation within another: each of its operands, and it.
    [InlineData(Skip + """, Conv2d(16, 1), Concat("skip"), Conv2d(16, 1, Name = "c"), From("concat1"), Concat("c")""", "Inference", 4)]
    // Twice the same.
    [InlineData(Skip + """, Concat("skip", "skip"), Conv2d(16, 1)""", "Inference", 0)]
    // The vector of the image is a view of it already.
    [InlineData(Skip + """, Flatten, Linear(8), Output("y"), From("skip"), Conv2d(16, 1), Concat("skip", "."), Output("z")""", "Inference", 1)]
    // Vectors, and along another dimension.
    [InlineData("""Network(8), Linear(32, Name = "a"), ReLU(Name = "r"), Linear(7), Tanh, Concat("r", "."), Linear(2)""", "Inference", 2)]
    [InlineData(Skip + """, Conv2d(16, 3, Padding = "same"), Concat("skip", Dim = 2), Conv2d(16, 1)""", "Inference", 0)]
    // The gradients of both are stretches of the concatenation's.
    [InlineData(Skip + """, Conv2d(16, 1), ReLU, Concat("skip", "."), Conv2d(2, 1), MSELoss""", "Training", 4)]
    [InlineData("""Network(32, 6, 6), Conv2d(48, 1), Chunk(3, 1), ReLU""", "Inference", 1)]
    [InlineData("""Network(32, 6, 6), Conv2d(48, 1), Slice(1, 5, 21), ReLU""", "Inference", 0)]
    public void Parts_lie_where_they_belong(string layers, string what, int parts)
    {
        string graph = PrintedGraph.After("ChooseLayout", layers, what);
        Assert.True(parts == Parts(graph).Count(), graph);
    }

    /// <summary>Rows of both have the zero columns that the convolution behind the concatenation wants.</summary>
    [Fact]
    public void A_part_has_the_halo_of_the_whole()
    {
        const string Layers = Skip + """, Conv2d(16, 1), Concat("skip"), Conv2d(4, 5, Padding = 2)""";
        string graph = PrintedGraph.After("ChooseLayout", Layers, "Inference");
        Assert.Equal(2, Parts(graph).Count(part => part.Contains("(columns -2..9)", StringComparison.Ordinal)));
    }

    /// <summary>What nodes give and lies within another value.</summary>
    private static IEnumerable<string> Parts(string graph) => graph.Split('\n')
        .Where(line => line.Contains(" → ", StringComparison.Ordinal))
        .Select(line => line[line.LastIndexOf(" → ", StringComparison.Ordinal)..])
        .Where(result => result.Contains(" within ", StringComparison.Ordinal));

    /// <summary>The emitted code then has no kernel for the concatenation.</summary>
    [Fact]
    public void Nothing_is_copied()
    {
        GenerationResult result = GeneratorHarness.Run(
            $"""[{Skip}, Conv2d(16, 1), ReLU, Concat("skip"), Conv2d(4, 3)] public partial class Net;""");
        Assert.Empty(result.NetGenDiagnostics);
        Assert.DoesNotContain(result.Sources, source => source.Source.Contains("Concat1Forward", StringComparison.Ordinal));
    }
}
