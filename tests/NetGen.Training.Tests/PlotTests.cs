using System.Text.RegularExpressions;
using NetGen.Plots;
using SkiaSharp;

namespace NetGen.Training.Tests;

public sealed partial class PlotTests
{
    [Fact]
    public void ConfusionMatrixShowsCountsAndNames()
    {
        var matrix = new ConfusionMatrix(3);
        // Actual 0: taken for 0, 0, 1. Actual 1: for 1. Actual 2: for 0.
        matrix.Add([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0], [0, 0, 0, 1, 2]);
        Figure figure = Figures.ConfusionMatrix(matrix, ["cat", "dog", "mouse"]);
        Assert.Equal(
            ["2", "1", "0", "0", "1", "0", "1", "0", "0", "predicted", "cat", "dog", "mouse", "actual", "mouse", "dog", "cat",
                "Confusion matrix, accuracy 0.6000"],
            Texts(figure));

        // Cells from the top: white where nothing is, the blue of curves where a whole row is, between them by its share.
        using SKBitmap picture = Decoded(figure.ToPng(600, 500), 600, 500);
        SKColor[] colours = [.. Shades(picture)];
        Assert.Contains(new SKColor(31, 119, 180), colours);
        Assert.Contains(new SKColor(106, 164, 205), colours);
        Assert.Contains(new SKColor(180, 210, 230), colours);

        Assert.Contains("Expected 3 names, got 2",
            Assert.Throws<ArgumentException>(() => Figures.ConfusionMatrix(matrix, ["a", "b"])).Message, StringComparison.Ordinal);
        Assert.Equal("Confusion matrix, no samples", Texts(Figures.ConfusionMatrix(new ConfusionMatrix(2)))[^1]);
        // Zeros of many classes are left out.
        Assert.DoesNotContain("0 0", string.Join(' ', Texts(Figures.ConfusionMatrix(new ConfusionMatrix(13)))), StringComparison.Ordinal);
    }

    [Fact]
    public void TrainingCurvesHaveAPanelForEachKind()
    {
        var net = new Classifier(seed: 1);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new SGD(0.1));
        var rates = new LearningRateRecorder();
        Metric[] metrics = [new NetworkLoss(net), new Accuracy(), new MulticlassF1Score(4)];
        FitResult result = trainer.Fit(Samples.Shuffled(64, 16), new FitOptions
        {
            Epochs = 3,
            Validation = Samples.Validation(),
            Metrics = metrics,
            Callbacks = [rates],
            Scheduler = new LearningRateScheduler(trainer.Optimizer, new ExponentialLR(0.5)),
        });
        Assert.Equal(12, rates.Points.Count);
        Assert.Equal((0.25, 0.1f), (rates.Points[0].Epochs, (float)rates.Points[0].LearningRate));
        Assert.Equal((3, 0.025f), (rates.Points[11].Epochs, (float)rates.Points[11].LearningRate));

        Figure figure = Figures.TrainingCurves(result, metrics, rates);
        Assert.Equal(3, figure.Panels.Count);
        string[] texts = Texts(figure);
        foreach (string text in new[] { "Loss", "training", "validation", "Validation", "accuracy", "macro F1", "Learning rate", "epoch" })
            Assert.Contains(text, texts);
        using SKBitmap picture = Decoded(figure.ToPng(), 1680, 420);
        // Each panel has its curve.
        for (int panel = 0; panel < 3; panel++)
            Assert.Contains(new SKColor(31, 119, 180), Pixels(picture, 560 * panel, 560 * (panel + 1)));
        // Validation is orange, and only where the loss is.
        Assert.Contains(new SKColor(255, 127, 14), Pixels(picture, 0, 560));

        Assert.Single(Figures.TrainingCurves(result with { Epochs = [.. result.Epochs.Select(e => e with { Metrics = [] })] }).Panels);
        Assert.Contains("Each epoch has 3 values of metrics: expected the metrics of the training's options, 3, got 0",
            Assert.Throws<ArgumentException>(() => Figures.TrainingCurves(result)).Message, StringComparison.Ordinal);
        Assert.Contains("no epoch", Assert.Throws<ArgumentException>(() => Figures.TrainingCurves(result with { Epochs = [] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void CurvesOfRankings()
    {
        var auc = new BinaryAUROC();
        var ap = new BinaryAveragePrecision();
        foreach (BinaryMetric metric in new BinaryMetric[] { auc, ap })
            metric.Add([0.1f, 0.4f, 0.35f, 0.8f], (ReadOnlySpan<int>)[0, 0, 1, 1]);
        Figure roc = Figures.RocCurve(auc), precision = Figures.PrecisionRecallCurve(ap);
        Assert.Contains("ROC, area 0.7500", Texts(roc));
        Assert.Contains("false positive rate", Texts(roc));
        Assert.Contains("Precision and recall, average precision 0.8333", Texts(precision));
        Assert.Contains("recall", Texts(precision));
        using SKBitmap picture = Decoded(roc.ToPng(), 560, 420);
        Assert.Contains(new SKColor(31, 119, 180), Pixels(picture, 0, 560));

        auc.Reset();
        Assert.Throws<InvalidOperationException>(() => Figures.RocCurve(auc));
        auc.Add([1, 2], (ReadOnlySpan<int>)[1, 1]);
        Assert.Contains("All samples are of one kind", Assert.Throws<InvalidOperationException>(() => Figures.RocCurve(auc)).Message,
            StringComparison.Ordinal);
        ap.Reset();
        ap.Add([1, 2], (ReadOnlySpan<int>)[0, 0]);
        Assert.Contains("No sample is of the class",
            Assert.Throws<InvalidOperationException>(() => Figures.PrecisionRecallCurve(ap)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SearchForALearningRate()
    {
        float[] rates = [.. Enumerable.Range(0, 41).Select(i => MathF.Pow(10, -5 + i / 10f))];
        double[] losses = [.. rates.Select(rate => 2 - Math.Min(1.5, 100 * rate) + 10 * rate)];
        Figure figure = Figures.LearningRateSearch(rates, losses, 0.0032);
        string[] texts = Texts(figure);
        foreach (string text in new[] { "Search for a learning rate, suggested 3.2e-3", "1e-5", "1e-1", "learning rate", "loss" })
            Assert.Contains(text, texts);
        using SKBitmap picture = Decoded(figure.ToPng(), 560, 420);
        // The mark, and not to the left of the middle: from 1e-5 to 1e-1 the suggestion is at 0.63.
        Assert.Contains(new SKColor(255, 127, 14), Pixels(picture, 280, 560));
        Assert.DoesNotContain(new SKColor(255, 127, 14), Pixels(picture, 0, 280));
        Assert.DoesNotContain("suggested", string.Join(' ', Texts(Figures.LearningRateSearch(rates, losses))), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("losses", () => Figures.LearningRateSearch(rates, losses[1..]));
        Assert.Throws<ArgumentException>("losses", () => Figures.LearningRateSearch([], []));
        Assert.Throws<ArgumentException>("rates", () => Figures.LearningRateSearch([0], [1]));
    }

    [Fact]
    public void PicturesAreWrittenInTheSizeAskedFor()
    {
        using var directory = new TemporaryDirectory();
        Figure figure = Figures.ConfusionMatrix(new ConfusionMatrix(2));
        figure.SavePng(directory.File("a.png"), 321, 234);
        Decoded(File.ReadAllBytes(directory.File("a.png")), 321, 234).Dispose();
        figure.SaveSvg(directory.File("a.svg"), 321, 234);
        string svg = File.ReadAllText(directory.File("a.svg"));
        Assert.Contains("width=\"321\" height=\"234\"", svg, StringComparison.Ordinal);
        Assert.EndsWith("</svg>", svg.TrimEnd(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("width", () => figure.ToPng(0));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => figure.ToSvg(100, 30_000));
        Assert.Throws<ArgumentException>("path", () => figure.SavePng(""));
        Assert.Throws<DirectoryNotFoundException>(() => figure.SavePng(Path.Combine(directory.File("none"), "a.png")));
    }

    private static string[] Texts(Figure figure)
        => [.. TextElement().Matches(figure.ToSvg()).Select(match => match.Groups[1].Value.Trim())];

    private static SKBitmap Decoded(byte[] png, int width, int height)
    {
        SKBitmap picture = SKBitmap.Decode(png);
        Assert.Equal((width, height), (picture.Width, picture.Height));
        return picture;
    }

    private static HashSet<SKColor> Pixels(SKBitmap picture, int left, int right)
    {
        var all = new HashSet<SKColor>();
        for (int x = left; x < right; x++)
        {
            for (int y = 0; y < picture.Height; y++)
                all.Add(picture.GetPixel(x, y));
        }
        return all;
    }

    private static HashSet<SKColor> Shades(SKBitmap picture) => Pixels(picture, 0, picture.Width);

    [GeneratedRegex(@"<text[^>]*>([^<]*)</text>")]
    private static partial Regex TextElement();
}
