using NetGen.Generator.Tests.Infrastructure;

namespace NetGen.Generator.Tests.Emit;

/// <summary>Element-wise layers behind one another are one loop where nobody else reads what is between.</summary>
public sealed class FuseElementwiseTests
{
    [Theory]
    [InlineData("""Network, Input("a", 8), Input("b", 8), From("a"), Tanh, Exp, Mul("b"), Add("a")""", 4)]
    [InlineData("""Network(8), Tanh, Mul(2), Sigmoid, Mul("input")""", 4)]
    // One operand is repeated.
    [InlineData("""Network(8, 4, 4), AdaptiveAvgPool2d(1, Name = "mean"), From("input"), Tanh, Mul("mean"), SiLU""", 3)]
    public void Layers_behind_one_another_are_one_loop(string layers, int count)
        => Assert.Contains($" · {count} layers in one loop", Graph(layers, "Inference"), StringComparison.Ordinal);

    [Theory]
    // In the epilogue already.
    [InlineData("Network(8), Linear(8), Tanh")]
    // The caller reads what is between, or another layer does.
    [InlineData("""Network(8), Tanh, Output("y"), Sigmoid, Output("z")""")]
    [InlineData("""Network(8), Tanh(Name = "t"), Softmax, Add("t")""")]
    // The second repeats the first's result.
    [InlineData("""Network(8, 4, 4), AdaptiveAvgPool2d(1), Sigmoid, Mul("input")""")]
    public void Other_layers_are_not(string layers)
        => Assert.DoesNotContain("layers in one loop", Graph(layers, "Inference"), StringComparison.Ordinal);

    /// <summary>The backward pass reads what tanh gave, so only the gradients' loops are one.</summary>
    [Fact]
    public void What_the_backward_pass_reads_is_kept()
    {
        string graph = Graph("""Network, Input("a", 8), Input("b", 8), From("a"), Tanh, Mul("b"), MSELoss""", "Training");
        string[] fused = [.. graph.Split('\n').Where(line => line.Contains("layers in one loop", StringComparison.Ordinal))];
        Assert.Contains("InputGradient(", Assert.Single(fused), StringComparison.Ordinal);
    }

    /// <summary>A loop has as many operands as the smaller register files hold.</summary>
    [Fact]
    public void A_loop_has_a_limit()
    {
        string others = string.Join(", ", Enumerable.Range(1, 9).Select(i => $"Input(\"x{i}\", 8)")),
            sums = string.Join(", ", Enumerable.Range(1, 9).Select(i => $"Mul(\"x{i}\")"));
        string graph = Graph($"Network, {others}, From(\"x1\"), {sums}", "Inference");
        Assert.Contains(" · 6 layers in one loop", graph, StringComparison.Ordinal);
        Assert.Contains(" · 3 layers in one loop", graph, StringComparison.Ordinal);
    }

    private static string Graph(string layers, string what) => PrintedGraph.After("FuseElementwise", layers, what);
}
