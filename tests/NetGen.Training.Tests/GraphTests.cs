namespace NetGen.Training.Tests;

/// <summary>The graph that a generated class exposes.</summary>
public sealed class GraphTests
{
    [Fact]
    public void ShowsLayersBranchesAndLoss()
    {
        string[] lines =
            [.. Branches.Graph.Nodes.Select(node
            => $"{node.Path}: {node.Kind}({string.Join(", ", node.Inputs)}) [{string.Join(", ", node.Shape)}]")];
        Assert.Equal(
            [
                "input: Input() [3, 8, 8]",
                "stem: Conv2d(input) [16, 8, 8]",
                "relu1: ReLU(stem) [16, 8, 8]",
                "residual1.conv1: Conv2d(relu1) [16, 8, 8]",
                "residual1.sigmoid1: Sigmoid(residual1.conv1) [16, 8, 8]",
                "residual1: Residual<Body>(residual1.sigmoid1, relu1) [16, 8, 8]",
                "relu2: ReLU(residual1) [16, 8, 8]",
                "maxpool1: MaxPool2d(relu2) [16, 4, 4]",
                "dropout1: Dropout2d(maxpool1) [16, 4, 4]",
                "flatten1: Flatten(dropout1) [256]",
                "head: Linear(flatten1) [5]",
                "loss: CrossEntropyLoss(head) []",
            ],
            lines);
        Assert.Equal("Conv2d(3, 16, 3, padding 1)", Branches.Graph.Nodes[1].Operation);
        INetwork general = new Branches();
        Assert.Equal(lines.Length, general.Graph.Nodes.Count);
    }

    [Theory]
    [InlineData("a\tb\tc")]
    [InlineData("a\tb\t0\t")]
    [InlineData("a\tb\tx\t")]
    [InlineData("a\tb\t\t1,-2")]
    public void WhatIsNoGraphIsTold(string text)
        => Assert.StartsWith("Line 1: expected ", Assert.Throws<FormatException>(() => NetworkGraph.Parse(text)).Message,
        StringComparison.Ordinal);
}
