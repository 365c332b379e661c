using System.Diagnostics;

namespace NetGen.Samples.Serve;

/// <summary>Makes the parameters that the server loads, from the four IDX files of MNIST.</summary>
internal static class Training
{
    private const int Batch = 64, Side = 28;

    /// <summary>Trains on images that are moved by up to two pixels, since nobody draws in the middle, and returns the network.</summary>
    public static DigitNet Run(string folder, int epochs, ulong seed)
    {
        IdxImages images = IdxFile.ReadImages(Find(folder, "train-images")), tests = IdxFile.ReadImages(Find(folder, "t10k-images"));
        byte[] labels = IdxFile.ReadLabels(Find(folder, "train-labels")), testLabels = IdxFile.ReadLabels(Find(folder, "t10k-labels"));
        if (images.Count != labels.Length || tests.Count != testLabels.Length)
            throw new InvalidDataException($"{folder}: {images.Count} and {tests.Count} images, but {labels.Length} and {testLabels.Length} labels.");
        if (images.Rows != Side || images.Columns != Side || tests.Rows != Side || tests.Columns != Side)
            throw new InvalidDataException($"{folder}: expected images of 28 × 28 pixels, but they are {images.Rows} × {images.Columns} and {tests.Rows} × {tests.Columns}.");

        var net = new DigitNet(seed);
        var optimizer = new Adam(2e-3f);
        using DigitNet.Trainer trainer = net.CreateTrainer(Batch, optimizer, new TrainerOptions { Seed = seed });
        int steps = (images.Count + Batch - 1) / Batch;
        var scheduler = new LearningRateScheduler(optimizer, new CosineAnnealingLR(epochs * steps));
        var random = new Random((int)seed);
        int[] order = Enumerable.Range(0, images.Count).ToArray();
        var pixels = new float[Batch * DigitNet.InputSize];
        var classes = new int[Batch];
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            long start = Stopwatch.GetTimestamp();
            random.Shuffle(order);
            double loss = 0;
            for (int first = 0; first < images.Count; first += Batch)
            {
                int count = Math.Min(Batch, images.Count - first);
                for (int i = 0; i < count; i++)
                {
                    Span<float> moved = pixels.AsSpan(i * DigitNet.InputSize, DigitNet.InputSize);
                    Move(images[order[first + i]], random.Next(-2, 3), random.Next(-2, 3), moved);
                    classes[i] = labels[order[first + i]];
                }
                loss += count * trainer.Step(pixels.AsSpan(0, count * DigitNet.InputSize), classes.AsSpan(0, count));
                scheduler.Step();
            }
            Console.WriteLine(FormattableString.Invariant(
                $"Epoch {epoch}/{epochs}: loss {loss / images.Count:F4}, test accuracy {Accuracy(net, tests, testLabels):F4}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));
        }
        return net;
    }

    /// <summary>The share of images that the network names rightly.</summary>
    private static double Accuracy(DigitNet net, IdxImages images, byte[] labels)
    {
        using DigitNet.Session session = net.CreateSession(256, new SessionOptions { Threads = 0 });
        var pixels = new float[256 * DigitNet.InputSize];
        var logits = new float[256 * DigitNet.OutputSize];
        int right = 0;
        for (int first = 0; first < images.Count; first += 256)
        {
            int count = Math.Min(256, images.Count - first);
            for (int i = 0; i < count * DigitNet.InputSize; i++)
                pixels[i] = images.Pixels[first * DigitNet.InputSize + i] / 255f;
            session.Forward(pixels.AsSpan(0, count * DigitNet.InputSize), logits.AsSpan(0, count * DigitNet.OutputSize));
            for (int i = 0; i < count; i++)
            {
                Span<float> row = logits.AsSpan(i * DigitNet.OutputSize, DigitNet.OutputSize);
                int best = 0;
                for (int digit = 1; digit < row.Length; digit++)
                {
                    if (row[digit] > row[best])
                        best = digit;
                }
                right += best == labels[first + i] ? 1 : 0;
            }
        }
        return (double)right / images.Count;
    }

    /// <summary>The image as numbers from 0 to 1, moved; what leaves the frame is lost, what comes in is background.</summary>
    private static void Move(ReadOnlySpan<byte> image, int down, int right, Span<float> moved)
    {
        moved.Clear();
        for (int row = Math.Max(0, down); row < Math.Min(Side, Side + down); row++)
        {
            for (int column = Math.Max(0, right); column < Math.Min(Side, Side + right); column++)
                moved[row * Side + column] = image[(row - down) * Side + column - right] / 255f;
        }
    }

    private static string Find(string folder, string stem)
    {
        string ending = stem.EndsWith("images", StringComparison.Ordinal) ? "idx3-ubyte" : "idx1-ubyte";
        string[] names = [$"{stem}-{ending}.gz", $"{stem}-{ending}"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{Path.GetFullPath(folder)}: expected {names[0]} or {names[1]}, found neither.");
    }
}
