using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>The gradient of what is cut to pieces is the pieces' gradients one behind the other.</summary>
public sealed class JoinStretchesTests
{
    private const string Halves = """Chunk(2, 1, Name = "b"), From("x"), Chunk(2, 0)""";

    [Theory]
    [InlineData($"""Network(8), Linear(12, Name = "x"), {Halves}, Sigmoid, Mul("b"), MSELoss""", true)]
    [InlineData("""Network(6, 8), Linear(12, Name = "x"), Slice(2, 8, 12, Name = "c"), From("x"), Slice(2, 0, 4, Name = "a"), """
        + """From("x"), Slice(2, 4, 8), Mul("a"), Add("c"), MSELoss""", true)]
    // A part that nobody reads, one that two read, another reader of the whole, and pieces along two dimensions.
    [InlineData("""Network(8), Linear(12, Name = "x"), Slice(1, 0, 5, Name = "a"), From("x"), Slice(1, 6, 11), Mul("a"), MSELoss""", false)]
    [InlineData($"""Network(8), Linear(12, Name = "x"), {Halves}, Mul("b"), Output("y"), From("x"), Output("z"), MSELoss(Of = "y")""", false)]
    [InlineData("""Network(4, 8), Linear(8, Name = "x"), Slice(1, 0, 2, Name = "a"), From("x"), Slice(2, 0, 8), Slice(1, 2, 4), Mul("a"), MSELoss""",
        true)]
    [InlineData("""Network(4, 8), Linear(4, Name = "x"), Slice(1, 0, 2), Mean(1), Output("a"), From("x"), Slice(2, 0, 2), Mean(2), Output("b")""",
        false)]
    public void Gradients_are_joined_where_they_are_all(string layers, bool isJoined)
    {
        string graph = PrintedGraph.After("Differentiate", layers, "Training");
        string[] backward = [.. graph.Split('\n').Where(line => line.Contains("SumInputGradient(", StringComparison.Ordinal))];
        Assert.NotEmpty(backward);
        // A sum has two operands of the whole's shape.
        Assert.True(isJoined != backward.Any(line => line.Contains("xOutputGradient", StringComparison.Ordinal)
            && line.IndexOf("xOutputGradient", StringComparison.Ordinal) < line.IndexOf('→', StringComparison.Ordinal)), graph);
    }
}
