using System.Globalization;
using System.Text;
using NetGen.Data;
using NetGen.TensorBoard;

namespace NetGen.Training.Tests;

/// <summary>Event files, read back by a reader that shares nothing with the writer; the numbers of fields are TensorBoard's.</summary>
public sealed class TensorBoardTests : IDisposable
{
    // Event.
    private const int WallTime = 1, Step = 2, FileVersion = 3, GraphDef = 4, Summary = 5, SessionLog = 7;

    // Summary.Value.
    private const int Tag = 1, SimpleValue = 2, Image = 4, Histogram = 5, Tensor = 8, Metadata = 9;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void TheReaderKnowsTheChecksum()
    {
        // RFC 3720, B.4, and the check value of the Castagnoli polynomial.
        Assert.Equal(0xE3069283u, EventFile.Crc("123456789"u8));
        Assert.Equal(0x8A9136AAu, EventFile.Crc(new byte[32]));
        Assert.Equal(0x62A8AB43u, EventFile.Crc([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, EventFile.Crc([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    /// <summary>The first record of every event file of TensorBoard is this, but for the time and its checksum.</summary>
    [Fact]
    public void AFileBeginsAsThoseOfTensorBoardDo()
    {
        string path = Write(_ => { });
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal(12 + 24 + 4, file.Length);
        Assert.Equal("1800000000000000" + "A37F4B22" + "09", Convert.ToHexString(file.AsSpan(0, 13)));
        Assert.Equal("1A0D" + Convert.ToHexString("brain.Event:2"u8), Convert.ToHexString(file.AsSpan(21, 15)));
        Message first = Assert.Single(EventFile.Events(path));
        Assert.Equal([WallTime, FileVersion], first.Numbers);
        Assert.InRange(first.Double(WallTime), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 600,
            DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+$", Path.GetFileName(path));
    }

    [Fact]
    public void Scalars()
    {
        List<Message> events = Events(log =>
        {
            log.AddScalar("loss/train", 0.1, 7);
            log.AddScalar("día", double.NaN, long.MaxValue);
            log.AddScalar("zero", 0, 0);
        });
        Message value = Value(events[0]);
        Assert.Equal(("loss/train", 0.1f, 7L), (value.String(Tag), value.Float(SimpleValue), events[0].Int(Step)));
        Assert.Equal([Tag, SimpleValue], value.Numbers);
        Assert.Equal(("día", long.MaxValue), (Value(events[1]).String(Tag), events[1].Int(Step)));
        Assert.True(float.IsNaN(Value(events[1]).Float(SimpleValue)));
        // A zero is written, or TensorBoard could not tell what kind of value it is.
        Assert.Equal([Tag, SimpleValue], Value(events[2]).Numbers);
    }

    [Fact]
    public void ScalarBytesAreTheseExactly()
    {
        byte[] record = EventFile.Records(Write(log => log.AddScalar("a", 1.5, 300)))[1];
        // Time; step 300; summary of 10 bytes: value of 8: tag "a", simple_value 1.5.
        Assert.Equal("09", Convert.ToHexString(record.AsSpan(0, 1)));
        Assert.Equal("10AC02" + "2A0A" + "0A08" + "0A0161" + "150000C03F", Convert.ToHexString(record.AsSpan(9)));
    }

    [Fact]
    public void Images()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 2 * 3).Select(i => (byte)(i * 10))];
        Message value = Value(Events(log => log.AddImage("picture", 3, 2, 3, pixels, 5))[0]), image = value.Child(Image);
        Assert.Equal("picture", value.String(Tag));
        Assert.Equal((2, 3, 3), (image.Int(1), image.Int(2), image.Int(3)));
        Image decoded = PngFile.Decode(image.Bytes(4), "logged");
        Assert.Equal((3, 2, 3), (decoded.Width, decoded.Height, decoded.Channels));
        Assert.Equal(pixels, decoded.Pixels);
    }

    [Fact]
    public void GridsPlaceImagesRowByRow()
    {
        // Five pictures of one channel, 1 × 2: 0 0.1, 0.2 0.3, …; three in a row, one pixel between them.
        float[] images = [.. Enumerable.Range(0, 10).Select(i => i / 10f)];
        Message image = Value(Events(log => log.AddImages("grid", images, 1, 1, 2, 0, columns: 3, padding: 1))[0]).Child(Image);
        Assert.Equal((2 * 2 + 1, 3 * 3 + 1, 1), (image.Int(1), image.Int(2), image.Int(3)));
        byte Grey(int tenths) => (byte)MathF.Round(tenths * 25.5f);
        byte[] expected =
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, Grey(0), Grey(1), 0, Grey(2), Grey(3), 0, Grey(4), Grey(5), 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, Grey(6), Grey(7), 0, Grey(8), Grey(9), 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        byte[] pixels = PngFile.Decode(image.Bytes(4), "logged", channels: 1).Pixels;
        Assert.All(expected.Zip(pixels), pair => Assert.InRange(pair.Second, Math.Max(0, pair.First - 1), pair.First + 1));
        Assert.Equal(expected.Length, pixels.Length);
    }

    [Theory]
    [InlineData(false, new byte[] { 0, 0, 128, 255, 255 })]
    [InlineData(true, new byte[] { 0, 128, 159, 191, 255 })]
    public void ValuesAreClampedOrStretched(bool full, byte[] expected)
    {
        float[] values = [-2, 0, 0.5f, 1, 2];
        Message image = Value(Events(log => log.AddImages("i", values, 1, 1, 5, 0, range: full ? ImageRange.Full : null))[0]).Child(Image);
        Assert.Equal(expected, PngFile.Decode(image.Bytes(4), "logged", channels: 1).Pixels);
    }

    [Fact]
    public void ColoursOfAGridAreInterleaved()
    {
        // (channels, height, width) = (3, 1, 2): red 1 0, green 0 1, blue 1 1.
        Message image = Value(Events(log => log.AddImages("i", [1, 0, 0, 1, 1, 1], 3, 1, 2, 0))[0]).Child(Image);
        Assert.Equal([255, 0, 255, 0, 255, 255], PngFile.Decode(image.Bytes(4), "logged").Pixels);
    }

    [Fact]
    public void Histograms()
    {
        var random = new Random(3);
        float[] values =
            [.. Enumerable.Range(0, 1000).Select(i => (float)(random.NextDouble() - 0.3)), 0, 0, 1e-30f, -1e-30f, 1e30f, float.MinValue];
        Message value = Value(Events(log => log.AddHistogram("h", values, 1))[0]), histogram = value.Child(Histogram);
        Assert.Equal(values.Min(), histogram.Double(1));
        Assert.Equal(values.Max(), histogram.Double(2));
        Assert.Equal(values.Length, histogram.Double(3));
        Assert.Equal(values.Sum(v => (double)v), histogram.Double(4));
        Assert.Equal(values.Sum(v => (double)v * v), histogram.Double(5));

        double[] limits = histogram.Doubles(6), counts = histogram.Doubles(7);
        Assert.Equal(limits.Length, counts.Length);
        Assert.Equal(limits.Order(), limits);
        for (int i = 0; i < limits.Length; i++)
        {
            double low = i == 0 ? double.NegativeInfinity : limits[i - 1];
            Assert.Equal(values.Count(v => v >= low && v < limits[i]), counts[i]);
        }
        // The finest of TensorFlow's limits are ±10⁻¹² and 0; from there they grow by a tenth.
        Assert.Contains(0.0, limits);
        Assert.Contains(1e-12, limits);
        double[] above = [.. limits.Where(limit => limit > 0.1 && limit < 0.6)];
        Assert.All(above.Zip(above.Skip(1)), pair => Assert.Equal(1.1, pair.Second / pair.First, 10));
    }

    [Fact]
    public void AHistogramOfOneValueHasOneBucket()
    {
        Message histogram = Value(Events(log => log.AddHistogram("h", [2, 2, 2], 1))[0]).Child(Histogram);
        Assert.Equal([3.0], histogram.Doubles(7));
        Assert.InRange(histogram.Doubles(6)[0], 2.0000001, 2.2);
    }

    [Fact]
    public void Texts()
    {
        Message value = Value(Events(log => log.AddText("note", "**día**", 4))[0]), metadata = value.Child(Metadata),
            tensor = value.Child(Tensor);
        Assert.Equal("text", metadata.Child(1).String(1));
        // DATA_CLASS_TENSOR, DT_STRING, a scalar.
        Assert.Equal(2, metadata.Int(4));
        Assert.Equal(7, tensor.Int(1));
        Assert.True(tensor.Has(2));
        Assert.Empty(tensor.Bytes(2));
        Assert.Equal("**día**", Encoding.UTF8.GetString(Assert.Single(tensor.All(8))));
    }

    [Fact]
    public void TheGraphOfANetwork()
    {
        var net = new Branches();
        Message graph = new(Events(log => log.AddGraph(net))[0].Bytes(GraphDef));
        Assert.True(graph.Child(4).Int(1) > 0);
        Dictionary<string, Message> nodes = graph.Children(1).ToDictionary(node => node.String(1));
        Assert.Equal(
            ["input", "stem", "relu1", "residual1/conv1", "residual1/sigmoid1", "residual1", "relu2", "maxpool1", "dropout1", "flatten1", "head", "loss"],
            graph.Children(1).Select(node => node.String(1)));
        Assert.Equal("Residual<Body>", nodes["residual1"].String(2));
        Assert.Equal(["residual1/sigmoid1", "relu1"], nodes["residual1"].All(3).Select(bytes => Encoding.UTF8.GetString(bytes)));
        Assert.All(nodes.Values.SelectMany(node => node.All(3)), input => Assert.Contains(Encoding.UTF8.GetString(input), nodes.Keys));

        Dictionary<string, Message> attributes = nodes["stem"].Children(5).ToDictionary(entry => entry.String(1), entry => entry.Child(2));
        Assert.Equal("Conv2d(3, 16, 3, padding 1)", attributes["layer"].String(2));
        Assert.Equal([-1, 16, 8, 8], Dimensions(attributes["_output_shapes"].Child(1).Children(7).Single()));
        Assert.Equal([16, 3, 3, 3], Dimensions(attributes["weight"].Child(7)));
        Assert.Equal([16], Dimensions(attributes["bias"].Child(7)));
        Assert.Equal(3 * 16 * 9 + 16, attributes["parameters"].Int(3));

        static long[] Dimensions(Message shape) => [.. shape.Children(2).Select(dimension => dimension.Int(1))];
    }

    [Fact]
    public void ARunThatGoesOnSaysSo()
    {
        using (var log = new SummaryWriter(_directory.File("run"), purgeStep: 120))
            log.AddScalar("a", 1, 120);
        List<Message> events = EventFile.Events(Assert.Single(Directory.GetFiles(_directory.File("run"))));
        Assert.Equal(["brain.Event:2", "", ""], events.Select(e => e.String(FileVersion)));
        Assert.Equal([120L, 120, 120], events.Select(e => e.Int(Step)));
        // START.
        Assert.Equal(1, events[1].Child(SessionLog).Int(1));
    }

    [Fact]
    public void AnotherReaderSeesWhatWasFlushed()
    {
        using var log = new SummaryWriter(_directory.File("run"), flushInterval: TimeSpan.FromHours(1));
        log.AddScalar("a", 1, 1);
        Assert.Single(EventFile.Records(log.Path));
        log.Flush();
        Assert.Equal(2, EventFile.Records(log.Path).Count);
        using var second = new SummaryWriter(_directory.File("run"), flushInterval: TimeSpan.FromHours(1));
        Assert.NotEqual(log.Path, second.Path);
    }

    [Fact]
    public void ThreadsWriteWholeRecords()
    {
        string path = Write(log => Parallel.For(0, 400, i => log.AddText("t", new string('x', i), i)));
        List<Message> events = [.. EventFile.Events(path).Skip(1)];
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), events.Select(e => e.Int(Step)).Order());
        Assert.All(events, e => Assert.Equal(e.Int(Step), Value(e).Child(Tensor).All(8).Single().Length));
    }

    [Fact]
    public void TheNumbersDoNotDependOnTheCulture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("fa-IR");
            Assert.Matches(@"^events\.out\.tfevents\.[0-9]{10}\..+\.[0-9]+\.[0-9]+$",
                Path.GetFileName(Write(log => log.AddScalar("a", -1.5, 1))));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void ATrainingIsLogged()
    {
        string run = _directory.File("run");
        var accuracy = new Accuracy();
        var net = new Branches(seed: 1);
        float[] input = new float[60 * Branches.InputSize];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(input.AsSpan()));
        for (int i = 0; i < input.Length; i++)
            input[i] = float.IsFinite(input[i]) ? MathF.Tanh(input[i]) : 0;
        var labels = new int[60];
        using (var log = new SummaryWriter(run))
        using (Branches.Trainer trainer = net.CreateTrainer(20, new SGD(0.1f)))
        {
            trainer.Fit(new ArrayBatches(input, labels, 20), new FitOptions
            {
                Epochs = 4,
                Validation = new ArrayBatches(input, labels, 20),
                Metrics = [accuracy],
                Callbacks = [new TensorBoardCallback(log) { EveryBatches = 2 }],
            });
        }
        List<Message> events = [.. EventFile.Events(Assert.Single(Directory.GetFiles(run))).Skip(1)];
        Assert.Equal(1, events.Count(e => e.Has(GraphDef)));
        ILookup<string, long> tags = events.Where(e => e.Has(Summary)).ToLookup(e => Value(e).String(Tag), e => e.Int(Step));
        Assert.Equal(
            ["batch/learning rate", "batch/loss", "epoch/training loss", "epoch/validation "
                + "accuracy", "parameters/head.bias", "parameters/head.weight", "parameters/residual1.conv1.bias",
                "parameters/residual1.conv1.weight", "parameters/stem.bias", "parameters/stem.weight", "training"],
            tags.Select(tag => tag.Key).Order(StringComparer.Ordinal));
        Assert.Equal([2L, 4, 6, 8, 10, 12], tags["batch/loss"]);
        Assert.Equal([3L, 6, 9, 12], tags["epoch/validation accuracy"]);
        Message last = events.Last(e => e.Has(Summary) && Value(e).String(Tag) == "epoch/validation accuracy");
        Assert.Equal((float)accuracy.Value, Value(last).Float(SimpleValue));
    }

    /// <summary>What a training logged beyond its checkpoint is left out when it goes on.</summary>
    [Fact]
    public void ATrainingThatGoesOnBeginsAnotherFile()
    {
        string run = _directory.File("run"), path = _directory.File("run.safetensors");
        for (int epochs = 1; epochs <= 2; epochs++)
        {
            using var log = new TensorBoardCallback(run);
            Assert.Throws<InvalidOperationException>(() => log.Writer);
            using Regression.Trainer trainer = new Regression(seed: 1).CreateTrainer(10, new SGD(0.1f));
            trainer.Fit(Samples.Values(40, 10),
                new FitOptions { Epochs = epochs, CheckpointPath = path, Resume = true, Callbacks = [log] });
            log.Writer.AddText("end", "", 0);
        }
        List<Message>[] files = [.. Directory.GetFiles(run).Order(StringComparer.Ordinal).Select(EventFile.Events)];
        Assert.Equal(2, files.Length);
        Assert.Equal([false, true], files.Select(file => file.Any(e => e.Has(SessionLog))).Order());
        Assert.Equal(5, files.SelectMany(file => file).Single(e => e.Has(SessionLog)).Int(Step));
    }

    /// <summary>A training that has diverged is logged, and goes on.</summary>
    [Fact]
    public void ParametersThatAreNotFiniteAreNamed()
    {
        var net = new Regression(seed: 1);
        float[] weights = net.Linear2.Weight.ToArray();
        weights[3] = float.NaN;
        net.Linear2.Weight.CopyFrom(weights);
        string path;
        using (var log = new SummaryWriter(_directory.File("run")))
        using (Regression.Trainer trainer = net.CreateTrainer(10, new SGD(0)))
        {
            path = log.Path;
            trainer.Fit(Samples.Values(10, 10),
                new FitOptions { StopAtNonFiniteLoss = false, Callbacks = [new TensorBoardCallback(log)] });
        }
        Message text =
            EventFile.Events(path).Where(e => e.Has(Summary)).Select(Value).Single(v => v.String(Tag) == "not finite/linear2.weight");
        Assert.Contains("of 12 values are not finite", Encoding.UTF8.GetString(text.Child(Tensor).All(8).Single()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFitIsTold()
    {
        string path = Write(log =>
        {
            Assert.Throws<ArgumentException>(() => log.AddScalar("", 1, 1));
            Assert.Contains("value 1 of 2 is NaN",
                Assert.Throws<ArgumentException>(() => log.AddHistogram("h", [1, float.NaN], 1)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => log.AddHistogram("h", [], 1));
            Assert.Contains("3 × 2 × 2 = 12 values, got 13",
                Assert.Throws<ArgumentException>(() => log.AddImages("i", new float[13], 3, 2, 2, 1)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => log.AddImage("i", 2, 2, 1, new byte[5], 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => log.AddImages("i", new float[5], 5, 1, 1, 1));
        });
        // Nothing of it was written.
        Assert.Single(EventFile.Records(path));
        Assert.Throws<ArgumentException>(() => new ImageRange(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SummaryWriter(_directory.File("none"), purgeStep: -1));
        Assert.False(Directory.Exists(_directory.File("none")));
        var closed = new SummaryWriter(_directory.File("closed"));
        closed.Dispose();
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => closed.AddScalar("a", 1, 1));
    }

    private static Message Value(Message logged) => logged.Child(Summary).Children(1).Single();

    private List<Message> Events(Action<SummaryWriter> write) => [.. EventFile.Events(Write(write)).Skip(1)];

    private string Write(Action<SummaryWriter> write)
    {
        using var log = new SummaryWriter(_directory.File("run"));
        write(log);
        return log.Path;
    }

    [Fact]
    public void TextsThatNoFileKeepsAreRefused()
    {
        using var directory = new TemporaryDirectory();
        using var log = new SummaryWriter(directory.File("run"));
        log.Flush();
        long before = new FileInfo(log.Path).Length;
        foreach (string text in (string[])["\uD83E", "a\uDD94", "\uDD94\uD83E"])
        {
            Assert.Throws<ArgumentException>("tag", () => log.AddScalar(text, 1, 1));
            Assert.Throws<ArgumentException>("tag", () => log.AddHistogram(text, [1], 1));
            Assert.Throws<ArgumentException>("tag", () => log.AddImage(text, 1, 1, 1, [1], 1));
            Assert.Throws<ArgumentException>("tag", () => log.AddImages(text, [1], 1, 1, 1, 1));
            Assert.Throws<ArgumentException>("tag", () => log.AddText(text, "text"));
            Assert.Throws<ArgumentException>("text", () => log.AddText("tag", text));
        }
        log.Flush();
        Assert.Equal(before, new FileInfo(log.Path).Length);
        log.AddText("🦔", "a🦔");
    }

    [Fact]
    public void DirectoriesThatCannotBeMadeAreIOExceptions()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.File("file");
        File.WriteAllText(file, "");
        Assert.ThrowsAny<IOException>(() => new SummaryWriter(file));
        Assert.ThrowsAny<IOException>(() => new SummaryWriter(Path.Combine(file, "run")));
        Assert.ThrowsAny<IOException>(() => new SummaryWriter(directory.File(new string('n', 300))));
        Assert.Throws<ArgumentException>("directory", () => new SummaryWriter(directory.File("a\0b")));
        Assert.Throws<ArgumentException>("directory", () => new TensorBoardCallback(directory.File("a\0b")));
        if (!OperatingSystem.IsWindows())
            Assert.Throws<ArgumentException>("directory", () => new SummaryWriter(directory.File("a\uD83E")));
        if (OperatingSystem.IsLinux())
            Assert.ThrowsAny<IOException>(() => new SummaryWriter("/sys/kernel/netgen"));
    }
}
