namespace NetGen.Training.Tests;

public sealed class PredictorTests
{
    private static readonly string[] s_names = ["ash", "beech", "cedar", "Döner \"x\" 😀"];

    [Fact]
    public void SoftmaxNamesAndTheLikeliestFirst()
    {
        var net = new Classifier(seed: 3);
        float[] input = Samples.Input(7), logits = new float[7 * 4], expected = new float[7 * 4];
        using (ISession session = ((INetwork)net).CreateSession(7))
            session.Forward(input, logits);
        for (int i = 0; i < 7; i++)
        {
            double sum = Enumerable.Range(0, 4).Sum(c => Math.Exp(logits[4 * i + c]));
            for (int c = 0; c < 4; c++)
                expected[4 * i + c] = (float)(Math.Exp(logits[4 * i + c]) / sum);
        }
        // Batches of 3 and one of 1.
        using var predictor = new Predictor(net, new ModelInfo { ClassNames = s_names }, new PredictorOptions { MaxBatch = 3 });
        Assert.Equal(4, predictor.Classes);
        var probabilities = new float[7 * 4];
        predictor.PredictProbabilities(input, probabilities);
        Assert.All(Enumerable.Range(0, 28), i => Assert.Equal(expected[i], probabilities[i], 1e-6f));

        Prediction[] all = predictor.PredictBatch(input);
        int[] classes = new int[7];
        float[] best = new float[7];
        predictor.Predict(input, classes, best);
        for (int i = 0; i < 7; i++)
        {
            int label = ClassMetric.ArgMax(expected.AsSpan(4 * i, 4));
            var prediction = new Prediction(label, s_names[label], probabilities[4 * i + label]);
            Assert.Equal(prediction, all[i]);
            Assert.Equal((label, prediction.Probability), (classes[i], best[i]));
            Assert.Equal(prediction, predictor.Predict(input.AsSpan(8 * i, 8)));
            Prediction[] top = predictor.PredictTop(input.AsSpan(8 * i, 8), 3);
            int[] order = [.. Enumerable.Range(0, 4).OrderByDescending(c => expected[4 * i + c]).Take(3)];
            Assert.Equal(order, top.Select(one => one.Index));
            Assert.Equal(order.Select(c => (string?)s_names[c]), top.Select(one => one.Name));
        }
        Assert.Empty(predictor.PredictBatch(ReadOnlySpan<float>.Empty));
        Assert.Equal("ash (12.5%)", new Prediction(0, "ash", 0.125f).ToString());
        Assert.Equal("class 3 (100.0%)", new Prediction(3, null, 1).ToString());
    }

    [Fact]
    public void SpansAllocateNothing()
    {
        using var predictor = new Predictor(new Classifier(seed: 3), null, new PredictorOptions { MaxBatch = 4 });
        float[] input = Samples.Input(10), best = new float[10], all = new float[40];
        int[] classes = new int[10];
        for (int i = 0; i < 3; i++)
            Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            predictor.Predict(input, classes, best);
            predictor.PredictProbabilities(input, all);
        }
    }

    [Fact]
    public void OneLogitDecidesBetweenTwo()
    {
        var net = new YesOrNo(seed: 1);
        net.Linear1.Weight.CopyFrom(new float[8]);
        net.Linear1.Bias!.CopyFrom([1f]);
        var info = new ModelInfo { ClassNames = ["no", "yes"] };
        float yes = (float)(1 / (1 + Math.Exp(-1)));
        using var predictor = new Predictor(net, info);
        Assert.Equal(new Prediction(1, "yes", yes), predictor.Predict(new float[8]));
        Assert.Equal([(1, yes), (0, (float)(1 - 1 / (1 + Math.Exp(-1))))],
            predictor.PredictTop(new float[8], 2).Select(one => (one.Index, one.Probability)));
        using var strict = new Predictor(net, info, new PredictorOptions { Threshold = 0.75 });
        Assert.Equal("no", strict.Predict(new float[8]).Name);
        Assert.Contains("has 2 classes, for which its single output decides, but there are 1 names of classes: no",
            Assert.Throws<ArgumentException>(() => new Predictor(net, new ModelInfo { ClassNames = ["no"] })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnyNetwork()
    {
        // An input of ints.
        using (var topics = new Predictor(new Topics(seed: 2), null, new PredictorOptions { MaxBatch = 2 }))
        {
            int[] tokens = [1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1];
            Prediction[] all = topics.PredictBatch(tokens);
            Assert.Equal(3, all.Length);
            Assert.Equal(all[1], topics.Predict(tokens.AsSpan(8, 8)));
            Assert.Equal(all[1], topics.PredictTop(tokens.AsSpan(8, 8), 1)[0]);
            Assert.Null(all[0].Name);
            Assert.Contains("this call is for one of floats",
                Assert.Throws<InvalidOperationException>(() => topics.Predict(new float[8])).Message, StringComparison.Ordinal);
        }
        // Two inputs and three outputs, one of which has a loss over classes.
        using (var detector = new Predictor(new Detector(seed: 2), null, new PredictorOptions { MaxBatch = 2 }))
        {
            var batch = new Batch(2, [new float[6], Samples.Input(2)], []);
            Assert.Equal(2, detector.PredictBatch(batch).Length);
            Assert.Contains("PredictBatch takes a Batch of any inputs",
                Assert.Throws<InvalidOperationException>(() => detector.Predict(new float[8])).Message, StringComparison.Ordinal);
            var large = new Batch(3, [new float[9], Samples.Input(3)], []);
            Assert.Contains("at most 2 samples", Throws(() => detector.PredictBatch(new Batch(3, [new float[9], new float[24]], []))),
                StringComparison.Ordinal);
            Assert.Equal(3, large.Count);
        }
        // Samples with lengths of their own.
        using (var reviews = new Predictor(new LastState(seed: 2), null, new PredictorOptions { MaxBatch = 2 }))
            Assert.Equal(2, reviews.PredictBatch(new Batch(2, [new[] { 1, 2, 3 }, new[] { 1, 2 }], [])).Length);
        // Without a loss the outputs are what one says.
        using var encoder = new Predictor(new Encoder(seed: 2), null, new PredictorOptions { Scores = ClassScores.Logits });
        Assert.Equal(3, encoder.Classes);
    }

    [Fact]
    public void WhatHasNoClassesIsRefused()
    {
        Assert.Contains("has no classes at its output 'output' as far as can be told: its loss is MSELoss",
            Throws(() => new Predictor(new Regression())), StringComparison.Ordinal);
        Assert.Contains("it has no loss, and the last layer is Linear(",
            Throws(() => new Predictor(new Encoder())), StringComparison.Ordinal);
        Assert.Contains("more than a vector", Throws(() => new Predictor(new Positions())), StringComparison.Ordinal);
        Assert.Contains("of which BCEWithLogitsLoss takes each for itself",
            Throws(() => new Predictor(new AllLosses(), null, new PredictorOptions { Output = "logit" })), StringComparison.Ordinal);
        Assert.Contains("expected the one with the classes as PredictorOptions.Output", Throws(() => new Predictor(new AllLosses())),
            StringComparison.Ordinal);
        Assert.Contains("has no output 'kin': expected one of 'features', 'kind'",
            Throws(() => new Predictor(new Detector(), null, new PredictorOptions { Output = "kin" })), StringComparison.Ordinal);
        using var logSoftmax = new Predictor(new AllLosses(), null, new PredictorOptions { Output = "tag" });
        var sums = new float[3];
        logSoftmax.PredictProbabilities(Samples.Input(1)[..6], sums);
        Assert.Equal(1, sums.Sum(), 1e-5f);
        Assert.Contains("has 4 classes, but there are 2 names of classes: a, b",
            Throws(() => new Predictor(new Classifier(), new ModelInfo { ClassNames = ["a", "b"] })), StringComparison.Ordinal);

        using var predictor = new Predictor(new Classifier());
        Assert.Contains("Expected one sample of 8 values, got 7", Throws(() => predictor.Predict(new float[7])), StringComparison.Ordinal);
        Assert.Contains("no whole samples", Throws(() => predictor.PredictBatch(new float[9])), StringComparison.Ordinal);
        Assert.Contains("Expected room for 2 values, got 1",
            Throws(() => predictor.Predict(new float[16], new int[2], new float[1])), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("k", () => predictor.PredictTop(new float[8], 5));
        Assert.Throws<ArgumentOutOfRangeException>("k", () => predictor.PredictTop(new float[8], 0));
        Assert.Contains("It is not known how images become",
            Assert.Throws<InvalidOperationException>(() => predictor.Predict(new byte[8])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesKeepNamesAndThePreparationOfImages()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("model.safetensors");
        var net = new Branches(seed: 4);
        var image = new ImageInfo(8, 8, ImageChannels.Bgr, [0.5f, 0.25f, 0.125f], [0.1f, 0.3f, 0.7f]);
        string[] names = [.. s_names, ""];
        net.Save(path, new SaveOptions
        {
            Info = new ModelInfo { ClassNames = names, Image = image, Texts = new Dictionary<string, string> { ["by"] = "a test" } },
        });
        ModelInfo info = ModelInfo.Load(path);
        Assert.Equal(names, info.ClassNames);
        Assert.Equal((8, 8, ImageChannels.Bgr), (info.Image!.Height, info.Image.Width, info.Image.Channels));
        Assert.Equal(image.Mean, info.Image.Mean);
        Assert.Equal(image.StandardDeviation, info.Image.StandardDeviation);
        Assert.Equal([("by", "a test")], info.Texts.Select(text => (text.Key, text.Value)));

        byte[] pixels = new byte[3 * 64];
        new Random(1).NextBytes(pixels);
        var input = new float[3 * 64];
        for (int i = 0; i < 64; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                double centred = pixels[3 * i + 2 - channel] / 255.0 - image.Mean[channel];
                input[64 * channel + i] = (float)(centred / image.StandardDeviation[channel]);
            }
        }
        var loaded = new Branches(seed: 5);
        using Predictor predictor = Predictor.Load(loaded, path);
        Assert.Equal(predictor.Predict(input), predictor.Predict(pixels));
        Assert.Equal(predictor.PredictTop(input, 2), predictor.PredictTop(pixels, 2));
        using var trained = new Predictor(net, info);
        Assert.Equal(trained.Predict(pixels), predictor.Predict(pixels));
        Assert.Contains("Expected one image of 8 × 8 pixels (Bgr), 192 bytes, got 64", Throws(() => predictor.Predict(new byte[64])),
            StringComparison.Ordinal);
        Assert.Contains("are an input of (3, 9, 8), but Branches has input (3, 8, 8)",
            Throws(() => new Predictor(net, new ModelInfo { Image = new ImageInfo(9, 8, ImageChannels.Rgb) })), StringComparison.Ordinal);
    }

    [Fact]
    public void FilesWithoutNamesAreToldAndChangeNothing()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("model.safetensors");
        var net = new Classifier(seed: 4);
        net.Save(path);
        Assert.Empty(ModelInfo.Load(path).ClassNames);
        float[] before = net.Linear1.Weight.ToArray();
        var other = new Classifier(seed: 5);
        other.Save(path);
        Assert.Contains("it has no names of classes", Assert.Throws<SafeTensorsException>(() => Predictor.Load(net, path)).Message,
            StringComparison.Ordinal);
        other.Save(path, new SaveOptions { Info = new ModelInfo { ClassNames = ["one"] } });
        Assert.Contains("has 4 classes", Throws(() => Predictor.Load(net, path)), StringComparison.Ordinal);
        // A network of other parameters, with as many classes.
        new Branches().Save(path, new SaveOptions { Info = new ModelInfo { ClassNames = s_names } });
        Assert.Throws<SafeTensorsException>(() => Predictor.Load(net, path));
        Assert.Equal(before, net.Linear1.Weight.ToArray());

        foreach (string key in new[] { "format", "netgen.checksum", "netgen.new" })
        {
            var info = new ModelInfo { Texts = new Dictionary<string, string> { [key] = "x" } };
            Assert.Contains($"the name '{key}' is kept for NetGen", Throws(() => net.Save(path, new SaveOptions { Info = info })),
                StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentException>(() => net.Save(path, new SaveOptions { Info = new ModelInfo { ClassNames = ["\ud800"] } }));
        Assert.Throws<ArgumentException>(() => new ModelInfo { ClassNames = [null!] });
        Assert.Throws<ArgumentException>("mean", () => new ImageInfo(1, 1, ImageChannels.Rgb, [1]));
        Assert.Throws<ArgumentException>("standardDeviation", () => new ImageInfo(1, 1, ImageChannels.Gray, [1], [0]));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new ImageInfo(0, 1, ImageChannels.Gray));
    }

    [Fact]
    public void FitWritesThemWithTheBestParameters()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.File("best.safetensors");
        var net = new Classifier(seed: 4);
        using Classifier.Trainer trainer = net.CreateTrainer(16, new SGD(0.1));
        trainer.Fit(Samples.Shuffled(64, 16), new FitOptions { BestPath = path, BestInfo = new ModelInfo { ClassNames = s_names } });
        using Predictor predictor = Predictor.Load(new Classifier(), path);
        Assert.Equal(s_names, predictor.Info.ClassNames);
        Assert.Contains("BestInfo", Throws(() => trainer.Fit(Samples.Shuffled(64, 16), new FitOptions
        {
            BestPath = path,
            BestInfo = new ModelInfo { Texts = new Dictionary<string, string> { ["format"] = "x" } },
        })), StringComparison.Ordinal);
    }

    private static string Throws(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
