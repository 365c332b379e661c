using System.Text.Json;

namespace NetGen.Training.Tests;

/// <summary>Metrics beside values by their definitions in fractions (golden/metrics.py), and what scikit-learn says in corners.</summary>
public sealed class GoldenMetricTests
{
    private static readonly JsonElement s_golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "metrics.json"))).RootElement;

    public static TheoryData<string> Binary => Names("binary");

    public static TheoryData<string> Multiclass => Names("multiclass");

    public static TheoryData<string> Regression => Names("regression");

    [Theory, MemberData(nameof(Binary))]
    public void BinaryMetricsAreThoseOfScikitLearn(string name)
    {
        JsonElement golden = Case("binary", name);
        float[] logits = Floats(golden, "scores"), targets = Floats(golden, "labels");
        int[] labels = [.. targets.Select(target => (int)target)];
        float[] probabilities = [.. logits.Select(x => (float)(1 / (1 + Math.Exp(-x))))];
        foreach ((string value, Func<BinaryScores, BinaryMetric> create) in new (string, Func<BinaryScores, BinaryMetric>)[]
        {
            ("accuracy", scores => new BinaryAccuracy(scores)), ("precision", scores => new BinaryPrecision(scores)),
            ("recall", scores => new BinaryRecall(scores)), ("f1", scores => new BinaryF1Score(scores)),
            ("auc", _ => new BinaryAUROC()), ("ap", _ => new BinaryAveragePrecision()),
        })
        {
            double expected = golden.GetProperty(value) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
            BinaryMetric ofLogits = create(BinaryScores.Logits), ofProbabilities = create(BinaryScores.Probabilities);
            BinaryMetric ofTwo = create(BinaryScores.Logits), ofTwoProbabilities = create(BinaryScores.Probabilities);
            Assert.True(double.IsNaN(ofLogits.Value));
            // In two parts, with a sample between them that does not count.
            int half = logits.Length / 2;
            ofLogits.Add(logits.AsSpan(0, half), (ReadOnlySpan<float>)targets.AsSpan(0, half));
            ofLogits.Add([99], (ReadOnlySpan<float>)[-100]);
            ofLogits.Add(logits.AsSpan(half), (ReadOnlySpan<float>)targets.AsSpan(half));
            ofProbabilities.Add(probabilities, labels);
            ofTwo.Add([.. logits.SelectMany(x => new[] { -x / 2, x / 2 }), 7, 8], [.. labels, -100]);
            ofTwoProbabilities.Add([.. probabilities.SelectMany(p => new[] { 1 - p, p })], labels);
            Assert.Equal(expected, ofLogits.Value, 14);
            Assert.Equal(expected, ofProbabilities.Value, 14);
            Assert.Equal(expected, ofTwo.Value, 14);
            Assert.Equal(expected, ofTwoProbabilities.Value, 14);
            ofLogits.Reset();
            Assert.True(double.IsNaN(ofLogits.Value));
            ofLogits.Add(logits, (ReadOnlySpan<int>)labels);
            Assert.Equal(expected, ofLogits.Value, 14);
        }
    }

    [Theory, MemberData(nameof(Multiclass))]
    public void MulticlassMetricsAreThoseOfScikitLearn(string name)
    {
        JsonElement golden = Case("multiclass", name);
        int classes = golden.GetProperty("classes").GetInt32();
        int[] predicted = Ints(golden, "predicted"), labels = Ints(golden, "labels");
        // One more sample, which does not count.
        float[] scores = [.. predicted.Append(0).SelectMany(p => Enumerable.Range(0, classes).Select(c => c == p ? 1f : 0))];
        foreach ((string value, Func<ClassAverage, MulticlassMetric> create) in new (string, Func<ClassAverage, MulticlassMetric>)[]
        {
            ("precision", average => new MulticlassPrecision(classes, average)),
            ("recall", average => new MulticlassRecall(classes, average)),
            ("f1", average => new MulticlassF1Score(classes, average)),
        })
        {
            foreach (ClassAverage average in Enum.GetValues<ClassAverage>())
            {
                MulticlassMetric metric = create(average);
                Assert.True(double.IsNaN(metric.Value) && double.IsNaN(metric[0]));
                metric.Add(scores, [.. labels, -100]);
                string expected = average switch
                {
                    ClassAverage.Macro => "macro_" + value,
                    ClassAverage.Weighted => "weighted_" + value,
                    _ => "micro",
                };
                Assert.Equal(golden.GetProperty(expected).GetDouble(), metric.Value, 14);
                Assert.Equal(labels.Length, metric.Count);
                Assert.Equal(
                    Floats(golden, value), Enumerable.Range(0, classes).Select(c => (float)metric[c]));
                metric.Reset();
                Assert.True(double.IsNaN(metric.Value));
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new MulticlassRecall(classes)[classes]);
    }

    [Theory, MemberData(nameof(Regression))]
    public void RegressionMetricsAreThoseOfScikitLearn(string name)
    {
        JsonElement golden = Case("regression", name);
        int outputs = golden.GetProperty("outputs").GetInt32();
        float[] given = Floats(golden, "given"), target = Floats(golden, "target");
        int count = given.Length / outputs, first = count / 3;
        var r2 = new R2Score();
        var root = new RootMeanSquaredError();
        foreach (Range part in new[] { ..(first * outputs), (first * outputs).. })
        {
            ReadOnlySpan<float> values = target.AsSpan(part);
            if (values.IsEmpty)
                continue;
            r2.Add(given.AsSpan(part), new Batch(values.Length / outputs, values, values));
            root.Add(given.AsSpan(part), values);
        }
        Assert.Equal(golden.GetProperty("mean_r2").GetDouble(), r2.Value, 12);
        Assert.Equal(outputs, r2.Outputs);
        for (int i = 0; i < outputs; i++)
            Assert.Equal(golden.GetProperty("r2")[i].GetDouble(), r2[i], 12);
        Assert.Equal(golden.GetProperty("rmse").GetDouble(), root.Value, 12);
        r2.Reset();
        Assert.True(double.IsNaN(r2.Value));
        r2.Add([1], [2], 1);
        Assert.True(double.IsNaN(r2.Value));
        Assert.Equal(1, r2.Outputs);
    }

    [Fact]
    public void ThresholdsAreOfProbabilities()
    {
        // σ(1) = 0.731, σ(2) = 0.881, σ(3) = 0.953.
        foreach ((double threshold, double expected) in ((double, double)[])[(0.5, 0.75), (0.8, 1), (0.9, 0.5), (1, 0.25), (0, 0.75)])
        {
            var metric = new BinaryAccuracy(BinaryScores.Logits, threshold);
            metric.Add([1, 2, 2, 3], (ReadOnlySpan<int>)[0, 1, 1, 1]);
            Assert.Equal(expected, metric.Value);
            Assert.Equal(threshold, metric.Threshold);
        }
        var counts = new BinaryRecall(BinaryScores.Probabilities, 0.25);
        counts.Add([0.25f, 0.5f, float.NaN, 0.1f, 1], (ReadOnlySpan<float>)[1, 1, 1, 0, 0]);
        Assert.Equal((1, 1, 1, 2, 5), ((int)counts.TruePositives, (int)counts.FalsePositives, (int)counts.TrueNegatives,
            (int)counts.FalseNegatives, (int)counts.Count));
        Assert.Throws<ArgumentOutOfRangeException>("threshold", () => new BinaryAccuracy(BinaryScores.Logits, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>("threshold", () => new BinaryAccuracy(BinaryScores.Logits, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("scores", () => new BinaryAccuracy((BinaryScores)2));
    }

    /// <summary>scikit-learn's documentation: y = [0, 0, 1, 1], scores = [0.1, 0.4, 0.35, 0.8].</summary>
    [Fact]
    public void CurvesAreThoseOfScikitLearnsDocumentation()
    {
        var auc = new BinaryAUROC();
        Assert.Contains("no sample", Assert.Throws<InvalidOperationException>(auc.RocCurve).Message, StringComparison.Ordinal);
        auc.Add([0.1f, 0.4f, 0.35f, 0.8f], (ReadOnlySpan<int>)[0, 0, 1, 1]);
        Assert.Equal(0.75, auc.Value);
        Assert.Equal(
            [(0, 0, double.PositiveInfinity), (0, 0.5, 0.8f), (0.5, 0.5, 0.4f), (0.5, 1, 0.35f), (1, 1, 0.1f)],
            auc.RocCurve().Select(point => (point.FalsePositiveRate, point.TruePositiveRate, point.Threshold)));
        var ap = new BinaryAveragePrecision();
        ap.Add([0.1f, 0.4f, 0.35f, 0.8f], (ReadOnlySpan<int>)[0, 0, 1, 1]);
        Assert.Equal(0.5 + 0.5 * 2 / 3, ap.Value, 15);
        Assert.Equal(
            [(1, 0, double.PositiveInfinity), (1, 0.5, 0.8f), (0.5, 0.5, 0.4f), (2 / 3.0, 1, 0.35f), (0.5, 1, 0.1f)],
            ap.PrecisionRecallCurve().Select(point => (point.Precision, point.Recall, point.Threshold)));
        ap.Add([float.NaN], (ReadOnlySpan<int>)[1]);
        Assert.True(double.IsNaN(ap.Value));
        Assert.Contains("NaN", Assert.Throws<InvalidOperationException>(ap.PrecisionRecallCurve).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PerplexityIsETheMeanCrossEntropy()
    {
        var perplexity = new Perplexity();
        // Of equal scores among k tokens the perplexity is k; the last position is padding.
        perplexity.Add([1, 1, 1, 1, 5, 5, 5, 5, 9, 0, 0, 0], [3, 0, -100]);
        Assert.Equal(4, perplexity.Value, 12);
        Assert.Equal(2, perplexity.Count);
        perplexity.Add([MathF.Log(0.5f), MathF.Log(0.25f), MathF.Log(0.125f), MathF.Log(0.125f)], [2]);
        Assert.Equal(Math.Pow(4 * 4 * 8, 1 / 3.0), perplexity.Value, 6);
        Assert.False(perplexity.HigherIsBetter);
    }

    [Fact]
    public void WhatDoesNotFitIsToldAndNothingIsTaken()
    {
        var precision = new BinaryPrecision(BinaryScores.Probabilities);
        Assert.Contains("expected a value 0 or 1 for each output, 2, got 1",
            Assert.Throws<ArgumentException>(() => precision.Add([0, 1], (ReadOnlySpan<float>)[1])).Message, StringComparison.Ordinal);
        Assert.Contains("expected values 0 and 1, or -100 for what does not count, got 0.5",
            Assert.Throws<ArgumentException>(() => precision.Add([0, 1], (ReadOnlySpan<float>)[1, 0.5f])).Message,
            StringComparison.Ordinal);
        Assert.Contains("expected labels 0 and 1, or -100 for what does not count, got 2",
            Assert.Throws<ArgumentException>(() => precision.Add([0, 1], (ReadOnlySpan<int>)[1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("one or two scores for each of 2 labels, got 6 in all",
            Assert.Throws<ArgumentException>(() => precision.Add(new float[6], (ReadOnlySpan<int>)[1, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("is of probabilities, from 0 to 1, but a score is 1.5: of logits it takes BinaryScores.Logits",
            Assert.Throws<ArgumentException>(() => precision.Add([0, 1.5f], (ReadOnlySpan<int>)[1, 1])).Message, StringComparison.Ordinal);
        Assert.Equal(0, precision.Count);
        Assert.Contains("is of 3 classes: expected 3 scores for each sample, got 2",
            Assert.Throws<ArgumentException>(() => new MulticlassRecall(3).Add([0, 1], [1])).Message, StringComparison.Ordinal);
        var r2 = new R2Score();
        r2.Add([1, 2, 3, 4], [1, 2, 3, 4], 2);
        Assert.Contains("has samples of 2 outputs, got 1",
            Assert.Throws<ArgumentException>(() => r2.Add([1, 2], [1, 2], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("as many outputs for each of 2 samples, got 3 in all",
            Assert.Throws<ArgumentException>(() => r2.Add([1, 2, 3], [1, 2, 3], 2)).Message, StringComparison.Ordinal);
        Assert.Equal(1, r2.Value);
    }

    private static TheoryData<string> Names(string kind)
        => [.. s_golden.GetProperty(kind).EnumerateArray().Select(golden => golden.GetProperty("name").GetString()!)];

    private static JsonElement Case(string kind, string name)
        => s_golden.GetProperty(kind).EnumerateArray().Single(golden => golden.GetProperty("name").GetString() == name);

    private static float[] Floats(JsonElement golden, string name)
        => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];

    private static int[] Ints(JsonElement golden, string name)
        => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
