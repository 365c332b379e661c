namespace NetGen.Training.Tests;

public sealed class MetricTests
{
    [Fact]
    public void AccuracyAndTopK()
    {
        // Ranks of the labels: 1, 3, 2, and one that does not count.
        float[] scores = [3, 1, 2, 5, 4, 3, 0, 2, 1, 9, 9, 9];
        int[] labels = [0, 2, 2, -100];
        var accuracy = new Accuracy();
        Assert.True(double.IsNaN(accuracy.Value));
        accuracy.Add(scores, labels);
        Assert.Equal(1 / 3.0, accuracy.Value);
        foreach ((int k, double expected) in ((int, double)[])[(1, 1 / 3.0), (2, 2 / 3.0), (3, 1)])
        {
            var top = new TopKAccuracy(k);
            top.Add(scores, labels);
            Assert.Equal(expected, top.Value);
            top.Add([0, 1, 0], [0]);
            Assert.Equal((expected * 3 + (k >= 2 ? 1 : 0)) / 4, top.Value, 12);
            top.Reset();
            Assert.Equal(0, top.Count);
        }
    }

    /// <summary>A network of NaN is no good: the first NaN is what it says.</summary>
    [Theory]
    [InlineData(float.NaN, float.NaN, float.NaN, 0)]
    [InlineData(1, float.NaN, 2, 1)]
    [InlineData(2, 2, 1, 0)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, 2)]
    public void EqualScoresAndNaNAreAsInPyTorch(float a, float b, float c, int expected)
    {
        Assert.Equal(expected, ClassMetric.ArgMax([a, b, c]));
        for (int label = 0; label < 3; label++)
        {
            var one = new TopKAccuracy(1);
            one.Add([a, b, c], [label]);
            Assert.Equal(label == expected ? 1 : 0, one.Value);
        }
    }

    [Fact]
    public void TopKAgreesWithSorting()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            float[] scores = [.. Enumerable.Range(0, 7).Select(_ => random.Next(4) is 3 and var n ? float.NaN : (float)random.Next(3))];
            int[] order =
                [.. Enumerable.Range(0, 7).OrderByDescending(i => float.IsNaN(scores[i])).ThenByDescending(i => scores[i]).ThenBy(i => i)];
            int label = random.Next(7), k = random.Next(1, 8);
            var top = new TopKAccuracy(k);
            top.Add(scores, [label]);
            Assert.Equal(order.Take(k).Contains(label) ? 1 : 0, top.Value);
        }
    }

    [Fact]
    public void ConfusionCountsRowsByClass()
    {
        var matrix = new ConfusionMatrix(3);
        // Actual 0: taken for 0, 0, 1. Actual 1: for 1. Actual 2: for 0.
        matrix.Add([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0], [0, 0, 0, 1, 2]);
        Assert.Equal([2, 1, 0, 0, 1, 0, 1, 0, 0], Enumerable.Range(0, 9).Select(i => matrix[i / 3, i % 3]));
        Assert.Equal(3 / 5.0, matrix.Value);
        Assert.Equal(2 / 3.0, matrix.Precision(0));
        Assert.Equal(2 / 3.0, matrix.Recall(0));
        Assert.Equal(2 / 3.0, matrix.F1(0), 15);
        Assert.Equal(0.5, matrix.Precision(1));
        Assert.Equal(1, matrix.Recall(1));
        Assert.True(double.IsNaN(matrix.Precision(2)));
        Assert.Equal(0, matrix.F1(2));
        Assert.Equal("      0 1 2\ncat   2 1 0\ndog   0 1 0\nmouse 1 0 0\n", matrix.ToTable(["cat", "dog", "mouse"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, 3]);
    }

    [Fact]
    public void CrossEntropyIsThatOfPyTorch()
    {
        // torch.nn.functional.cross_entropy(torch.tensor([[1., 2., 3.], [1000., 0., -1000.]]), torch.tensor([0, 1])), in double.
        var loss = new CrossEntropy();
        loss.Add([1, 2, 3, 1000, 0, -1000], [0, 1]);
        Assert.Equal((2.4076059644443806 + 1000) / 2, loss.Value, 10);
    }

    [Fact]
    public void DifferencesAreMeansOverElements()
    {
        var squared = new MeanSquaredError();
        var absolute = new MeanAbsoluteError();
        squared.Add([1, 2, 3, 4], (ReadOnlySpan<float>)[0, 2, 5, 4]);
        absolute.Add([1, 2, 3, 4], (ReadOnlySpan<float>)[0, 2, 5, 4]);
        Assert.Equal((1 + 4) / 4.0, squared.Value);
        Assert.Equal((1 + 2) / 4.0, absolute.Value);
    }

    [Fact]
    public void WhatDoesNotFitIsToldAndNothingIsTaken()
    {
        var accuracy = new Accuracy();
        Assert.Contains("from 0 to 2", Assert.Throws<ArgumentException>(() => accuracy.Add([1, 2, 3, 1, 2, 3], [0, 3])).Message,
            StringComparison.Ordinal);
        Assert.Contains("as many scores for each of 2", Assert.Throws<ArgumentException>(() => accuracy.Add([1, 2, 3], [0, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("needs class indices",
            Assert.Throws<ArgumentException>(() => accuracy.Add([1], new Batch(1, [1], (ReadOnlySpan<float>)[1]))).Message,
            StringComparison.Ordinal);
        Assert.Contains("needs values",
            Assert.Throws<ArgumentException>(() => new MeanSquaredError().Add([1], new Batch(1, [1], (ReadOnlySpan<int>)[1]))).Message,
            StringComparison.Ordinal);
        Assert.Contains("Expected 3 scores", Assert.Throws<ArgumentException>(() => new ConfusionMatrix(3).Add([1, 2], [0])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKAccuracy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
        Assert.Equal(0, accuracy.Count);
    }
}
