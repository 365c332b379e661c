namespace NetGen.Package.Tests;

/// <summary>What the consuming projects consist of.</summary>
internal static class Sources
{
    /// <summary>A small convolutional network, whose linear layer expects 4 · 4 · 4 features.</summary>
    public const string Network = """
        using NetGen;

        namespace Consumer;

        [Network(1, 8, 8)]
        [Conv2d(1, 4, 3, Padding = 1), ReLU, MaxPool2d(2), Flatten]
        [Linear(4 * 4 * 4, 3)]
        [CrossEntropyLoss]
        public sealed partial class Tiny;
        """;

    /// <summary>Trains it on three patterns, saves it, loads it, and compares what the two copies say.</summary>
    public const string Program = """
        using System.Globalization;
        using Consumer;
        using NetGen;

        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var net = new Tiny(seed: 1);
        using var trainer = net.CreateTrainer(batchSize: 3, new Adam(1e-2f));

        var images = new float[3 * Tiny.InputSize];
        int[] labels = [0, 1, 2];
        for (int i = 0; i < 8; i++)
        {
            images[i * 8 + 3] = 1;                                  // a vertical line
            images[Tiny.InputSize + 3 * 8 + i] = 1;                 // a horizontal line
            images[2 * Tiny.InputSize + i * 9] = 1;                 // a diagonal
        }

        float first = trainer.Step(images, labels), last = first;
        for (int step = 1; step < 200; step++)
        {
            last = trainer.Step(images, labels);
        }

        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        net.Save(path);
        var logits = new float[3 * Tiny.OutputSize];
        var loaded = new float[3 * Tiny.OutputSize];
        using (var session = net.CreateSession(maxBatch: 3))
        using (var served = Tiny.Load(path).CreateSession(maxBatch: 3))
        {
            session.Forward(images, logits);
            served.Forward(images, loaded);
            Console.WriteLine($"width {(int)session.VectorWidth}");
        }

        File.Delete(path);
        Console.WriteLine(last < 0.05f && last < first ? "trained" : $"loss {first} -> {last}");
        Console.WriteLine(logits.AsSpan().SequenceEqual(loaded) ? "loaded" : "the loaded parameters give other logits");
        """;

    /// <summary>Compares output, loss and all gradients of README's network on the narrowest vectors with those on the widest.</summary>
    public const string WidthsProgram = """
        using System;
        using System.Linq;
        using NetGen;

        internal static class Program
        {
            private const int Count = 5;

            private static int Main()
            {
                float[][] widest = Results(VectorWidth.Auto), narrowest = Results(VectorWidth.Vector128);
                for (int i = 0; i < widest.Length; i++)
                {
                    float scale = widest[i].Max(MathF.Abs), difference = widest[i].Zip(narrowest[i], (a, b) => MathF.Abs(a - b)).Max();
                    if (!(scale > 0 && difference <= 1e-4f * scale))
                    {
                        Console.WriteLine($"Result {i} is off by {difference}, of {scale}.");
                        return 1;
                    }
                }

                Console.WriteLine("compared " + VectorWidth.Vector128);
                return 0;
            }

            private static float[][] Results(VectorWidth width)
            {
                float[] images = Enumerable.Range(0, Count * MnistConvNet.InputSize).Select(i => i * 31 % 251 / 251f).ToArray();
                int[] labels = Enumerable.Range(1, Count).ToArray();
                float[] served = new float[Count * MnistConvNet.OutputSize], output = new float[served.Length], inputGradient = new float[images.Length];
                var net = new MnistConvNet(seed: 1);
                using var session = net.CreateSession(Count, new SessionOptions { VectorWidth = width });
                session.Forward(images, served);
                using var trainer = net.CreateTrainer(Count, new SGD(0.1f), new TrainerOptions { VectorWidth = width });
                trainer.Forward(images, output);
                float loss = trainer.Backward(labels, inputGradient);
                return trainer.Gradients.All.Select(gradient => gradient.ToArray()).Concat(new[] { served, output, inputGradient, new[] { loss } }).ToArray();
            }
        }
        """;

    /// <summary>Answers 64 requests at a time, and compares them with a session's.</summary>
    public const string ServedProgram = """
        using Consumer;
        using NetGen.Serving;

        var net = new Tiny(seed: 1);
        var images = Enumerable.Range(0, 64).Select(i => Enumerable.Repeat(i / 64f, Tiny.InputSize).ToArray()).ToArray();
        await using var predictor = new Predictor<Tiny>(net, new ServingOptions { Workers = 1 });
        float[][] answers = await Task.WhenAll(images.Select(image => predictor.PredictAsync(image).AsTask()));
        using var session = net.CreateSession();
        var expected = new float[Tiny.OutputSize];
        for (int i = 0; i < images.Length; i++)
        {
            session.Forward(images[i], expected);
            for (int k = 0; k < expected.Length; k++)
            {
                if (!(MathF.Abs(expected[k] - answers[i][k]) <= 1e-5f))
                    throw new InvalidDataException($"Image {i} gives {answers[i][k]}, but alone {expected[k]}.");
            }
        }
        Console.WriteLine($"{answers.Length} answers, all right");
        """;

    /// <summary>Writes pictures in folders by label, reads them back through the loader, and trains on them.</summary>
    public const string DataProgram = """"
        using Consumer;
        using NetGen;
        using NetGen.Data;

        string root = Directory.CreateTempSubdirectory("netgen-data-").FullName;
        for (int i = 0; i < 12; i++)
        {
            Image horizontal = new(8, 8, 1), vertical = new(8, 8, 1);
            for (int k = 0; k < 8; k++)
            {
                horizontal.Pixels[8 * (1 + i % 6) + k] = 255;
                vertical.Pixels[1 + i % 6 + 8 * k] = 255;
            }

            Directory.CreateDirectory(Path.Combine(root, "horizontal"));
            Directory.CreateDirectory(Path.Combine(root, "vertical"));
            PngFile.Write(Path.Combine(root, "horizontal", $"{i}.png"), horizontal);
            PngFile.Write(Path.Combine(root, "vertical", $"{i}.png"), vertical);
        }

        var pictures = new ImageFolder(root, channels: 1);
        Console.WriteLine($"{pictures.Count} pictures of [{string.Join(", ", pictures.ClassNames)}]");
        using var trainer = new Tiny(seed: 1).CreateTrainer(batchSize: 8, new Adam(1e-2f));
        using (var loader = new DataLoader(pictures, 8, new DataLoaderOptions
        {
            Shuffle = true,
            Workers = 2,
            Transform = new Compose(new RandomCrop(8, padding: 1), new RandomHorizontalFlip(), new ToTensor(), new Normalize(0.5f, 0.5f)),
        }))
        {
            float loss = 0;
            for (int epoch = 1; epoch <= 60; epoch++)
            {
                foreach (Batch batch in loader.Epoch(epoch))
                {
                    loss = trainer.Step(batch.Input, batch.Labels);
                }
            }

            Console.WriteLine(loss < 0.1f ? "trained" : $"loss {loss}");
        }

        Directory.Delete(root, recursive: true);
        """";

    /// <summary>Trains in a loop with a checkpoint, goes on from it, and logs both.</summary>
    public const string LoggedProgram = """
        using Consumer;
        using NetGen;
        using NetGen.TensorBoard;

        var images = new float[10 * Tiny.InputSize];
        long steps = 0;
        for (int epochs = 5; epochs <= 10; epochs += 5)
        {
            using var trainer = new Tiny(seed: 1).CreateTrainer(batchSize: 4, new Adam(1e-2f));
            using var log = new TensorBoardCallback("runs");
            steps = trainer.Fit(new ArrayBatches(images, new int[10], batchSize: 4, shuffleSeed: 1), new FitOptions
            {
                Epochs = epochs,
                CheckpointPath = "run.safetensors",
                Resume = true,
                Callbacks = [log],
            }).Steps;
        }

        Console.WriteLine($"{steps} steps, {Directory.GetFiles("runs").Length} files");
        """;

    /// <summary>Trains, and draws the course of it.</summary>
    public const string DrawnProgram = """
        using Consumer;
        using NetGen;
        using NetGen.Plots;

        var images = new float[10 * Tiny.InputSize];
        var net = new Tiny(seed: 1);
        using var trainer = net.CreateTrainer(batchSize: 4, new Adam(1e-2));
        Metric[] metrics = [new NetworkLoss(net), new Accuracy()];
        FitResult result = trainer.Fit(new ArrayBatches(images, new int[10], batchSize: 4, shuffleSeed: 1), new FitOptions
        {
            Epochs = 3,
            Validation = new ArrayBatches(images, new int[10], batchSize: 4),
            Metrics = metrics,
        });
        Figures.TrainingCurves(result, metrics).SavePng("curves.png");
        """;
}
