using System.Text.Json;

namespace NetGen.Data.Tests;

public sealed class TransformTests
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f];

    private static Image Picture { get; } =
        new(Golden.Transforms.Int("width"), Golden.Transforms.Int("height"), 3, Golden.Transforms.Bytes("picture"));

    private static Image Grey { get; } = new(Picture.Width, Picture.Height, 1, Golden.Transforms.Bytes("greyPicture"));

    private static float[] Apply(Transform transform, ImageView image, ulong seed = 0, int epoch = 0, int sample = 0)
    {
        var preprocessor = new Preprocessor(transform, image.Shape);
        var result = new float[preprocessor.OutputShape.Length];
        preprocessor.Apply(image, result, seed, epoch, sample);
        return result;
    }

    /// <summary>Bytes of a picture (H, W, C) that transforms without normalisation have made.</summary>
    private static byte[] Bytes(float[] tensor, int height, int width)
    {
        int channels = tensor.Length / (height * width);
        var bytes = new byte[tensor.Length];
        for (int i = 0; i < tensor.Length; i++)
            bytes[i % (height * width) * channels + i / (height * width)] = (byte)MathF.Round(tensor[i] * 255);
        return bytes;
    }

    /// <summary>The same picture, channel by channel.</summary>
    private static byte[] Planar(Image image)
    {
        int area = image.Width * image.Height;
        return [.. Enumerable.Range(0, image.Pixels.Length).Select(i => image.Pixels[i % area * image.Channels + i / area])];
    }

    private static void AssertBothLayouts(float[] expected, Transform transform)
    {
        Assert.Equal(expected, Apply(transform, Picture.View));
        Assert.Equal(expected, Apply(transform, new ImageView(Planar(Picture), Picture.Shape, PixelLayout.Planar)));
    }

    [Fact]
    public void ToTensor_and_Normalize_have_PyTorchs_bits()
    {
        AssertBothLayouts(Golden.Transforms.Floats("toTensor"), new ToTensor());
        AssertBothLayouts(Golden.Transforms.Floats("normalize"), new Compose(new ToTensor(), new Normalize(Mean, Std)));
        Assert.Equal(Golden.Transforms.Floats("greyNormalize"),
            Apply(new Compose(new ToTensor(), new Normalize(0.1307f, 0.3081f)), Grey.View));
        AssertBothLayouts(Golden.Transforms.Floats("horizontalFlip"), new Compose(new RandomHorizontalFlip(1), new ToTensor()));
        AssertBothLayouts(Golden.Transforms.Floats("verticalFlip"), new Compose(new ToTensor(), new RandomVerticalFlip(1)));
    }

    [Fact]
    public void Resize_has_PILs_bits()
    {
        foreach (JsonElement item in Golden.Transforms.GetProperty("resize").EnumerateArray())
        {
            int height = item.Int("height"), width = item.Int("width");
            var transform = new Compose(new Resize((height, width)), new ToTensor());
            Assert.Equal(item.Bytes("rgb"), Bytes(Apply(transform, Picture.View), height, width));
            Assert.Equal(item.Bytes("rgb"),
                Bytes(Apply(transform, new ImageView(Planar(Picture), Picture.Shape, PixelLayout.Planar)), height, width));
            Assert.Equal(item.Bytes("grey"), Bytes(Apply(transform, Grey.View), height, width));
        }
    }

    [Fact]
    public void Resize_to_a_shorter_edge_keeps_the_aspect_ratio_as_torchvision_does()
    {
        var transposed = new Image(Picture.Height, Picture.Width, 3);
        for (int y = 0; y < transposed.Height; y++)
        {
            for (int x = 0; x < transposed.Width; x++)
                Picture.Pixels.AsSpan((x * Picture.Width + y) * 3, 3).CopyTo(transposed.Pixels.AsSpan((y * transposed.Width + x) * 3));
        }
        foreach (JsonElement item in Golden.Transforms.GetProperty("resizeShorter").EnumerateArray())
        {
            Image source = item.GetProperty("transposed").GetBoolean() ? transposed : Picture;
            var transform = new Compose(new Resize(item.Int("size")), new ToTensor());
            Assert.Equal(new ImageShape(3, item.Int("height"), item.Int("width")), new Preprocessor(transform, source.Shape).OutputShape);
            Assert.Equal(item.Bytes("rgb"), Bytes(Apply(transform, source.View), item.Int("height"), item.Int("width")));
        }
    }

    [Fact]
    public void CenterCrop_is_torchvisions()
    {
        foreach (JsonElement item in Golden.Transforms.GetProperty("centerCrop").EnumerateArray())
        {
            int height = item.Int("height"), width = item.Int("width");
            Assert.Equal(item.Bytes("rgb"),
                Bytes(Apply(new Compose(new CenterCrop((height, width)), new ToTensor()), Picture.View), height, width));
        }
    }

    [Fact]
    public void The_usual_chain_is_torchvisions() =>
        AssertBothLayouts(Golden.Transforms.Floats("usual"), new Compose(
            new Resize(16), new CenterCrop(12), new RandomHorizontalFlip(1), new ToTensor(), new Normalize(Mean, Std)));

    /// <summary>A crop of the padded image that torchvision made, at the place that the library drew; all places are drawn.</summary>
    [Fact]
    public void RandomCrop_draws_every_place_of_the_padded_image()
    {
        byte[] padded = Golden.Transforms.Bytes("padded");
        int paddedWidth = Picture.Width + 8, paddedHeight = Picture.Height + 8;
        var transform = new Compose(new RandomCrop((28, 36), padding: 4), new ToTensor());
        var seen = new HashSet<(int, int)>();
        for (int sample = 0; sample < 200; sample++)
        {
            byte[] crop = Bytes(Apply(transform, Picture.View, seed: 3, epoch: 1, sample), 28, 36);
            var places = from y in Enumerable.Range(0, paddedHeight - 28 + 1)
                         from x in Enumerable.Range(0, paddedWidth - 36 + 1)
                         where Enumerable.Range(0, 28)
                             .All(row => crop.AsSpan(row * 108, 108).SequenceEqual(padded.AsSpan(((y + row) * paddedWidth + x) * 3, 108)))
                         select (y, x);
            seen.Add(places.Single());
        }
        Assert.Equal((paddedHeight - 28 + 1) * (paddedWidth - 36 + 1), seen.Count);
    }

    [Fact]
    public void Random_numbers_depend_on_seed_epoch_sample_and_place_and_nothing_else()
    {
        var transform = new Compose(new RandomCrop(8), new RandomHorizontalFlip(), new RandomVerticalFlip(), new ToTensor());
        float[] first = Apply(transform, Picture.View, 1, 2, 3);
        var used = new Preprocessor(transform, Picture.Shape);
        var result = new float[first.Length];
        for (int sample = 9; sample >= 3; sample--)
            used.Apply(Picture.View, result, 1, 2, sample);
        Assert.Equal(first, result);
        Assert.NotEqual(first, Apply(transform, Picture.View, 2, 2, 3));
        Assert.NotEqual(first, Apply(transform, Picture.View, 1, 3, 3));
        Assert.NotEqual(first, Apply(transform, Picture.View, 1, 2, 4));
        Assert.Equal(first,
            Apply(new Compose(new Compose(new RandomCrop(8), new RandomHorizontalFlip()),
            new Compose(new RandomVerticalFlip(), new ToTensor())), Picture.View, 1, 2, 3));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0)]
    [InlineData(1)]
    public void Flips_come_as_often_as_said(double p)
    {
        var image = new ImageView([0, 255], new ImageShape(1, 1, 2), PixelLayout.Planar);
        var preprocessor = new Preprocessor(new Compose(new RandomHorizontalFlip(p), new ToTensor()), image.Shape);
        var result = new float[2];
        int flips = 0;
        const int Samples = 20_000;
        for (int sample = 0; sample < Samples; sample++)
        {
            preprocessor.Apply(image, result, 1, 1, sample);
            flips += (int)result[0];
        }
        // Five standard deviations.
        double tolerance = 5 * Math.Sqrt(Samples * p * (1 - p));
        Assert.InRange(flips, Samples * p - tolerance, Samples * p + tolerance);
    }

    /// <summary>Random chains against steps taken one by one, each on an image of its own.</summary>
    [Fact]
    public void One_pass_does_what_step_by_step_does()
    {
        var random = new Random(11);
        int crops = 0, fills = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            int channels = random.Next(1, 5), height = random.Next(1, 40), width = random.Next(1, 40);
            var layout = (PixelLayout)random.Next(2);
            var pixels = new byte[channels * height * width];
            random.NextBytes(pixels);

            var steps = new List<Transform>();
            int toTensorAt = random.Next(6), h = height, w = width;
            for (int i = 0; i < 6; i++)
            {
                if (i == toTensorAt)
                    steps.Add(new ToTensor());
                switch (random.Next(6))
                {
                    case 0:
                        (h, w) = (random.Next(1, 45), random.Next(1, 45));
                        steps.Add(new CenterCrop((h, w)));
                        break;
                    case 1:
                        int padding = random.Next(4);
                        (h, w) = (random.Next(1, h + 2 * padding + 1), random.Next(1, w + 2 * padding + 1));
                        steps.Add(new RandomCrop((h, w), padding, fill: random.Next(256)));
                        break;
                    case 2:
                        (h, w) = (random.Next(1, 45), random.Next(1, 45));
                        steps.Add(new RandomCrop((h, w), random.Next(3), padIfNeeded: true, fill: random.Next(3)));
                        break;
                    case 3:
                        steps.Add(new RandomHorizontalFlip());
                        break;
                    case 4:
                        steps.Add(new RandomVerticalFlip(0.7));
                        break;
                    default:
                        if (i >= toTensorAt)
                            steps.Add(
                                new Normalize([.. Enumerable.Range(0, channels).Select(_ => random.NextSingle())],
                                [.. Enumerable.Range(0, channels).Select(_ => random.NextSingle() + 0.1f)]));
                        else if (random.Next(3) == 0)
                        {
                            (h, w) = (random.Next(1, 40), random.Next(1, 40));
                            steps.Add(new Resize((h, w)));
                        }
                        break;
                }
            }

            var view = new ImageView(pixels, new ImageShape(channels, height, width), layout);
            StepByStep expected = StepByStep.From(view);
            for (int place = 0; place < steps.Count; place++)
                expected = expected.Apply(steps[place], new SampleRandom(7, 3, trial, (uint)place));
            Assert.Equal(expected.Values, Apply(new Compose([.. steps]), view, 7, 3, trial));
            crops += steps.Count(step => step is CenterCrop or RandomCrop);
            fills += expected.Filled ? 1 : 0;
        }
        Assert.True(crops > 2000 && fills > 500);
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var transform =
            new Compose(new RandomCrop(20, padding: 2), new Resize(16), new RandomHorizontalFlip(), new ToTensor(),
            new Normalize(Mean, Std));
        var preprocessor = new Preprocessor(transform, Picture.Shape);
        var result = new float[preprocessor.OutputShape.Length];
        for (int i = 0; i < 100; i++)
            preprocessor.Apply(Picture.View, result, 1, 1, i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            preprocessor.Apply(Picture.View, result, 1, 1, i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var shape = new ImageShape(3, 20, 30);
        Refused("Resize((4, 4)): it works on bytes, so it stands before ToTensor", new ToTensor(), new Resize((4, 4)));
        Refused("it makes bytes to floats once", new ToTensor(), new ToTensor());
        Refused("Normalize: it works on floats, so it stands after ToTensor", new Normalize(0, 1), new ToTensor());
        Refused("nothing makes bytes to floats; add ToTensor()", new CenterCrop(4));
        Refused("expected 1 mean and deviation, or 3", new ToTensor(), new Normalize([0, 0], [1, 1]));
        Refused("RandomCrop(32, padding: 4): an image of 20 × 30, with 4 more on each side, is smaller than the crop of 32 × 32",
            new RandomCrop(32, 4), new ToTensor());
        Refused("before ToTensor a fill is a byte", new RandomCrop(4, 1, fill: 0.5f), new ToTensor());
        Refused("before ToTensor a fill is a byte", new RandomCrop(4, 1, fill: 256), new ToTensor());
        Assert.Contains("may be of different sizes",
            Assert.Throws<ArgumentException>(() => new Preprocessor(new Compose(new Resize(4), new ToTensor()), 3)).Message);

        // Sizes that are known only when the image comes.
        var late = new Preprocessor(new Compose(new RandomCrop(25), new ToTensor()), 3);
        Assert.Contains("20 × 30",
            Assert.Throws<InvalidOperationException>(() => late.Apply(new Image(30, 20, 3).View, new float[3 * 25 * 25])).Message);
        Assert.Throws<ArgumentException>(() => late.Apply(new Image(30, 30, 1).View, new float[3 * 25 * 25]));
        Assert.Throws<ArgumentException>(() => late.Apply(new Image(30, 30, 3).View, new float[3 * 25 * 25 - 1]));
        Assert.Throws<ArgumentException>(() =>
            new Preprocessor(new ToTensor(), shape).Apply(new Image(30, 21, 3).View, new float[3 * 20 * 30]));

        Assert.Throws<ArgumentException>(() => new Normalize([0, 1], [1]));
        Assert.Throws<ArgumentException>(() => new Normalize(0, 0));
        Assert.Throws<ArgumentException>(() => new Normalize(float.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomHorizontalFlip(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomVerticalFlip(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resize(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CenterCrop((3, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomCrop(3, -1));
        Assert.Throws<ArgumentException>(() => new Compose(new ToTensor(), null!));

        void Refused(string message, params Transform[] steps) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => new Preprocessor(new Compose(steps), shape)).Message);
    }

    [Fact]
    public void Transforms_say_what_they_are() => Assert.Equal(
        "Resize(9), Resize((8, 9)), RandomCrop(8, padding: 1, padIfNeeded: true, fill: 3), CenterCrop((7, 8)), "
            + "RandomHorizontalFlip(0.25), RandomVerticalFlip(0.5), ToTensor(), Normalize([0.5, 1], [2, 3])",
        new Compose(new Resize(9), new Resize((8, 9)), new Compose(new RandomCrop(8, 1, true, 3), new CenterCrop((7, 8))),
            new RandomHorizontalFlip(0.25), new RandomVerticalFlip(),
            new ToTensor(), new Normalize([0.5f, 1], [2, 3])).ToString());

    /// <summary>A preprocessor has memory for one image: a second thread is told so, and the first gets its result.</summary>
    [Fact]
    public async Task A_second_thread_is_refused()
    {
        using var inside = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        var preprocessor = new Preprocessor(new Compose(new Gate(inside, gate), new ToTensor()), new ImageShape(1, 1, 1));
        var first = new float[1];
        Task applying = Task.Run(() => preprocessor.Apply(new ImageView([51], new ImageShape(1, 1, 1), PixelLayout.Planar), first));
        await inside.WaitAsync();
        var second = new float[1];
        Assert.Contains("Make one for each thread", Assert.Throws<InvalidOperationException>(() => Apply(second)).Message);
        Assert.Equal([0], second);
        gate.Set();
        await applying;
        Assert.Equal([0.2f], first);
        Apply(second);
        Assert.Equal([1f], second);

        void Apply(float[] destination)
            => preprocessor.Apply(new ImageView([255], new ImageShape(1, 1, 1), PixelLayout.Planar), destination);
    }

    /// <summary>Moves nothing, and waits.</summary>
    private sealed class Gate(SemaphoreSlim inside, ManualResetEventSlim gate) : WindowTransform
    {
        public override string ToString() => "Gate()";

        internal override void Apply(WindowMap map, ref SampleRandom random)
        {
            inside.Release();
            gate.Wait();
        }
    }
}
