using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>
/// Transforms that compute pixels: with given angles, factors and parts they give torchvision's bytes, and draw as it does.
/// </summary>
public sealed class AugmentationTests
{
    private static readonly JsonElement Reference = Golden.Augment;

    private static Image Picture { get; } = new(Reference.Int("width"), Reference.Int("height"), 3, Reference.Bytes("picture"));

    private static Image Grey { get; } = new(Picture.Width, Picture.Height, 1, Reference.Bytes("greyPicture"));

    private delegate void Computation(ImageView image, Span<byte> result);

    [Fact]
    public void Rotations_are_PILs()
    {
        foreach (JsonElement item in Reference.GetProperty("rotations").EnumerateArray())
        {
            Check(item, Picture.Shape, (image, result) =>
                RandomRotation.Rotate(image, Double(item, "angle"), Enum.Parse<Interpolation>(item.Text("mode")), 7, result));
        }
    }

    [Fact]
    public void Affine_maps_are_torchvisions()
    {
        foreach (JsonElement item in Reference.GetProperty("affines").EnumerateArray())
        {
            Check(item, Picture.Shape, (image, result) => RandomAffine.Map(image, Double(item, "angle"),
                (Double(item, "x"), Double(item, "y")), Double(item, "scale"), (Double(item, "shearX"), Double(item, "shearY")),
                Enum.Parse<Interpolation>(item.Text("mode")), 9, result));
        }
    }

    [Fact]
    public void Colours_are_PILs()
    {
        foreach (JsonElement item in Reference.GetProperty("colours").EnumerateArray())
        {
            Check(item, Picture.Shape, (image, result) =>
            {
                image.Pixels.CopyTo(result);
                float factor = (float)Double(item, "factor");
                switch (item.Text("kind"))
                {
                    case "brightness":
                        PixelColours.Brighten(result, factor);
                        break;
                    case "contrast":
                        PixelColours.Contrast(result, image.Shape, image.Layout, factor);
                        break;
                    case "saturation":
                        PixelColours.Saturate(result, image.Shape, image.Layout, factor);
                        break;
                    default:
                        PixelColours.TurnHue(result, image.Shape, image.Layout, Double(item, "factor"));
                        break;
                }
            });
        }
    }

    [Fact]
    public void Resized_crops_are_torchvisions()
    {
        foreach (JsonElement item in Reference.GetProperty("crops").EnumerateArray())
        {
            var size = new ImageSize(item.Int("toHeight"), item.Int("toWidth"));
            Check(item, new ImageShape(3, size.Height, size.Width), (image, result) => RandomResizedCrop.Crop(
                image, item.Int("top"), item.Int("left"), item.Int("height"), item.Int("width"), size, result, new PixelMemory()));
        }
    }

    [Fact]
    public void Grayscale_is_torchvisions()
    {
        foreach (int channels in (int[])[1, 3])
        {
            byte[] expected = Reference.Bytes($"grayscale{channels}");
            var preprocessor = new Preprocessor(new Compose(new Grayscale(channels), new ToTensor()), Picture.Shape);
            Assert.Equal(channels, preprocessor.OutputShape.Channels);
            foreach (bool planar in (bool[])[false, true])
            {
                var result = new float[preprocessor.OutputShape.Length];
                preprocessor.Apply(planar ? Planar(Picture).View(Picture.Shape) : Picture.View, result);
                int area = Picture.Width * Picture.Height;
                for (int i = 0; i < result.Length; i++)
                    Assert.Equal(expected[i % area * channels + i / area] / 255f, result[i]);
            }
        }
        float[] grey = Apply(new Compose(new Grayscale(3), new ToTensor()), Grey.View);
        Assert.Equal(Grey.Pixels.Concat(Grey.Pixels).Concat(Grey.Pixels).Select(value => value / 255f), grey);
    }

    /// <summary>Every part lies within the image, and areas and shapes fill their ranges.</summary>
    [Theory]
    [InlineData(200, 300)]
    [InlineData(300, 200)]
    public void RandomResizedCrop_draws_areas_and_shapes_of_its_ranges(int height, int width)
    {
        var crop = new RandomResizedCrop(32);
        double least = 1, most = 0, flattest = 9, tallest = 0;
        for (int sample = 0; sample < 5000; sample++)
        {
            var random = new SampleRandom(1, 1, sample, 0);
            (int top, int left, int h, int w) = crop.Choose(height, width, ref random);
            Assert.True(top >= 0 && left >= 0 && h > 0 && w > 0 && top + h <= height && left + w <= width);
            (double area, double ratio) = ((double)h * w / (height * width), (double)w / h);
            (least, most) = (Math.Min(least, area), Math.Max(most, area));
            (flattest, tallest) = (Math.Min(flattest, ratio), Math.Max(tallest, ratio));
        }
        Assert.InRange(least, 0.075, 0.085);
        Assert.InRange(most, 0.85, 1);
        Assert.InRange(flattest, 0.73, 0.77);
        Assert.InRange(tallest, 1.3, 1.36);

        // No part of such a shape lies in a strip: the largest in its middle.
        var never = new SampleRandom(1, 1, 1, 0);
        Assert.Equal((0, 43, 10, 13), new RandomResizedCrop(8, scale: (1, 1)).Choose(10, 100, ref never));
        Assert.Equal((43, 0, 13, 10), new RandomResizedCrop(8, scale: (1, 1)).Choose(100, 10, ref never));
        Assert.Equal((0, 0, 10, 10), new RandomResizedCrop(8, scale: (1.5, 1.5)).Choose(10, 10, ref never));
    }

    /// <summary>Of ones, what is erased is a rectangle of the value, of an area and shape within the ranges; as often as said.</summary>
    [Fact]
    public void RandomErasing_erases_rectangles()
    {
        var shape = new ImageShape(2, 40, 60);
        var ones = new Image(60, 40, 2);
        Array.Fill(ones.Pixels, byte.MaxValue);
        var transform = new Compose(new ToTensor(), new Normalize(0, 1), new RandomErasing(0.3, value: [5, -6]));
        var preprocessor = new Preprocessor(transform, shape);
        var result = new float[shape.Length];
        int erased = 0;
        const int Samples = 3000;
        for (int sample = 0; sample < Samples; sample++)
        {
            preprocessor.Apply(ones.View, result, 1, 1, sample);
            int[] places = [.. Enumerable.Range(0, 2400).Where(i => result[i] != 1)];
            if (places.Length == 0)
                continue;
            erased++;
            int top = places[0] / 60, bottom = places[^1] / 60, left = places[0] % 60, right = places[^1] % 60;
            Assert.Equal((bottom - top + 1) * (right - left + 1), places.Length);
            Assert.All(places, i => Assert.Equal((5f, -6f), (result[i], result[2400 + i])));
            Assert.Equal(places.Length, result.Skip(2400).Count(value => value != 1));
            Assert.InRange(places.Length / 2400.0, 0.015, 0.35);
            Assert.InRange((bottom - top + 1.0) / (right - left + 1), 0.2, 4.2);
        }
        Assert.InRange(erased, Samples * 0.3 - 5 * Math.Sqrt(Samples * 0.21), Samples * 0.3 + 5 * Math.Sqrt(Samples * 0.21));

        // Noise of mean 0 and deviation 1.
        preprocessor = new Preprocessor(new Compose(new ToTensor(), RandomErasing.WithNoise(1)), shape);
        var noise = new List<float>();
        for (int sample = 0; sample < 50; sample++)
        {
            preprocessor.Apply(ones.View, result, 1, 1, sample);
            noise.AddRange(result.Where(value => value != 1));
        }
        Assert.InRange(noise.Average(), -0.05, 0.05);
        Assert.InRange(noise.Select(value => value * value).Average(), 0.95, 1.05);
    }

    /// <summary>Angles and factors that a transform draws are those of its range, each as likely as any other.</summary>
    [Fact]
    public void Angles_and_factors_are_drawn_evenly()
    {
        // One white pixel at the right end of a middle row tells the angle; brightness times 100 the factor.
        var image = new Image(41, 41, 1);
        image.Pixels[20 * 41 + 40] = 255;
        var rotation = new Preprocessor(new Compose(new RandomRotation((-45, 90)), new ToTensor()), image.Shape);
        var result = new float[41 * 41];
        var quarters = new int[3];
        for (int sample = 0; sample < 3000; sample++)
        {
            rotation.Apply(image.View, result, 1, 1, sample);
            int at = Array.FindIndex(result, value => value > 0);
            if (at < 0)
                continue;
            double angle = Math.Atan2(20 - at / 41, at % 41 - 20) * 180 / Math.PI;
            Assert.InRange(angle, -48, 93);
            quarters[Math.Clamp((int)Math.Floor((angle + 45) / 45), 0, 2)]++;
        }
        Assert.All(quarters, count => Assert.InRange(count, quarters.Sum() / 3 - 150, quarters.Sum() / 3 + 150));

        var grey = new Image(1, 1, 1, [100]);
        var jitter = new Preprocessor(new Compose(new ColorJitter(brightness: 0.5), new ToTensor()), grey.Shape);
        double sum = 0, least = 1, most = 0;
        for (int sample = 0; sample < 3000; sample++)
        {
            jitter.Apply(grey.View, result.AsSpan(0, 1), 1, 1, sample);
            sum += result[0] * 255;
            (least, most) = (Math.Min(least, result[0]), Math.Max(most, result[0]));
        }
        Assert.InRange(sum / 3000, 97, 102);
        Assert.InRange(least * 255, 49.9, 51);
        Assert.InRange(most * 255, 148, 150);
    }

    /// <summary>The order of the changes is drawn: of brightness and contrast, both come first in half of the images.</summary>
    [Fact]
    public void ColorJitter_draws_its_order()
    {
        var image = new Image(2, 1, 1, [100, 200]);
        var jitter = new Preprocessor(new Compose(new ColorJitter((2, 2), (0.5, 0.5), null, null), new ToTensor()), image.Shape);
        var seen = new Dictionary<(int, int), int>();
        var result = new float[2];
        for (int sample = 0; sample < 1000; sample++)
        {
            jitter.Apply(image.View, result, 1, 1, sample);
            (int, int) pixels = ((int)MathF.Round(result[0] * 255), (int)MathF.Round(result[1] * 255));
            seen[pixels] = seen.GetValueOrDefault(pixels) + 1;
        }
        // Twice as bright, 200 and 255, half as far from 228; or half as far from 150, 125 and 175, and then twice as bright.
        Assert.Equal([(214, 241), (250, 255)], seen.Keys.Order());
        Assert.All(seen.Values, count => Assert.InRange(count, 420, 580));
    }

    [Fact]
    public void Random_numbers_depend_on_seed_epoch_sample_and_place_and_nothing_else()
    {
        Transform transform = Everything();
        float[] first = Apply(transform, Picture.View, 1, 2, 3);
        var used = new Preprocessor(transform, Picture.Shape);
        var result = new float[first.Length];
        for (int sample = 9; sample >= 3; sample--)
            used.Apply(Picture.View, result, 1, 2, sample);
        Assert.Equal(first, result);
        Assert.NotEqual(first, Apply(transform, Picture.View, 2, 2, 3));
        Assert.NotEqual(first, Apply(transform, Picture.View, 1, 3, 3));
        Assert.NotEqual(first, Apply(transform, Picture.View, 1, 2, 4));
    }

    [Fact]
    public void Batches_have_the_same_bits_at_any_number_of_workers()
    {
        var random = new Random(1);
        var pixels = new byte[40 * 3 * 21 * 29];
        random.NextBytes(pixels);
        var set = new InMemoryImages(pixels, Picture.Shape, PixelLayout.Planar, new int[40]);
        float[][] all = [.. new[] { 0, 1, 3 }.Select(workers =>
        {
            using var loader = new DataLoader(set, 7,
                new DataLoaderOptions { Shuffle = true, Seed = 4, Transform = Everything(), Workers = workers });
            var values = new List<float>();
            foreach (Batch batch in loader.Epoch(2))
                values.AddRange(batch.Input);
            return values.ToArray();
        })];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var preprocessor = new Preprocessor(Everything(), Picture.Shape);
        var result = new float[preprocessor.OutputShape.Length];
        for (int i = 0; i < 300; i++)
            preprocessor.Apply(Picture.View, result, 1, 1, i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 300; i++)
            preprocessor.Apply(Picture.View, result, 1, 1, i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused("RandomRotation((-5, 5)): it works on bytes, so it stands before ToTensor", new ToTensor(), new RandomRotation(5));
        Refused("RandomErasing(0.5, scale: (0.02, 0.33), ratio: (0.3, 3.3), value: [0]): it works on floats",
            new RandomErasing(), new ToTensor());
        Refused("RandomHorizontalFlip(0.5): it stands behind RandomErasing",
            new ToTensor(), new RandomErasing(), new RandomHorizontalFlip());
        Refused("Normalize([0], [1]): it stands behind RandomErasing", new ToTensor(), new RandomErasing(), new Normalize(0, 1));
        Refused("expected 1 value, or 3, one for each channel, got 2", new ToTensor(), new RandomErasing(value: [1, 2]));
        Refused("expected images of 1 channel (grey) or 3 (RGB), got 2", 2, new ColorJitter(1), new ToTensor());
        Refused("expected images of 1 channel (grey) or 3 (RGB), got 4", 4, new Grayscale(), new ToTensor());
        Assert.Contains("not negative", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(-1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation((3, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(hue: 0.6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColorJitter(null, (-1, 2), null, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomResizedCrop(4, scale: (0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomErasing(scale: (0, 2)));
        Assert.Throws<ArgumentException>(() => new RandomErasing(value: []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomAffine((0, 0), translate: (2, 0)));
        Assert.Throws<ArgumentException>(() => new RandomAffine((0, 0), shear: [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Grayscale(2));

        static void Refused(string message, params object[] rest)
        {
            int channels = rest[0] is int told ? told : 3;
            Transform[] steps = [.. rest.OfType<Transform>()];
            Assert.Contains(message, Assert.Throws<ArgumentException>(() =>
                new Preprocessor(new Compose(steps), new ImageShape(channels, 20, 30))).Message);
        }
    }

    [Fact]
    public void Transforms_say_what_they_are() => Assert.Equal(
        "RandomResizedCrop(8, scale: (0.5, 1), ratio: (0.75, 1.5)), RandomRotation((-5, 5), Bilinear, fill: 3), "
            + "RandomAffine((0, 9), translate: (0.1, 0.2), scale: (0.5, 2), shear: [(1, 2), (0, 0)]), "
            + "ColorJitter(brightness: (0.5, 1.5), hue: (-0.25, 0.25)), Grayscale(1), ToTensor(), "
            + "RandomErasing(1, scale: (0.02, 0.33), ratio: (0.3, 3.3), noise)",
        new Compose(new RandomResizedCrop(8, (0.5, 1), (0.75, 1.5)), new RandomRotation(5, Interpolation.Bilinear, 3),
            new RandomAffine((0, 9), (0.1, 0.2), (0.5, 2), [1, 2]), new ColorJitter(brightness: 0.5, hue: 0.25), new Grayscale(),
            new ToTensor(), RandomErasing.WithNoise(1)).ToString());

    private static Compose Everything() => new(
        new RandomCrop(20, padding: 2), new RandomRotation(30, Interpolation.Bilinear), new ColorJitter(0.4, 0.4, 0.4, 0.2),
        new RandomAffine((-5, 5), (0.1, 0.1), (0.9, 1.1), [-5, 5]), new RandomHorizontalFlip(), new RandomResizedCrop(16),
        new RandomVerticalFlip(), new ToTensor(), new Normalize(0.5f, 0.5f), RandomErasing.WithNoise());

    private static double Double(JsonElement item, string name) => item.GetProperty(name).GetDouble();

    private static float[] Apply(Transform transform, ImageView image, ulong seed = 0, int epoch = 0, int sample = 0)
    {
        var preprocessor = new Preprocessor(transform, image.Shape);
        var result = new float[preprocessor.OutputShape.Length];
        preprocessor.Apply(image, result, seed, epoch, sample);
        return result;
    }

    private static PlanarImage Planar(Image image)
    {
        int area = image.Width * image.Height;
        return new PlanarImage(
            [.. Enumerable.Range(0, image.Pixels.Length).Select(i => image.Pixels[i % area * image.Channels + i / area])]);
    }

    /// <summary>Compares with the golden bytes: colours in both layouts, and grey.</summary>
    private static void Check(JsonElement item, ImageShape shape, Computation compute)
    {
        byte[] expected = item.Bytes("rgb");
        var result = new byte[expected.Length];
        compute(Picture.View, result);
        Assert.True(expected.AsSpan().SequenceEqual(result), $"{item.Text("name")}: {Differences(expected, result)}");
        compute(Planar(Picture).View(Picture.Shape), result);
        var interleaved = new byte[result.Length];
        int area = shape.Height * shape.Width;
        for (int i = 0; i < result.Length; i++)
            interleaved[i % area * 3 + i / area] = result[i];
        Assert.True(expected.AsSpan().SequenceEqual(interleaved), $"{item.Text("name")}, planar: {Differences(expected, interleaved)}");
        expected = item.Bytes("grey");
        result = new byte[expected.Length];
        compute(Grey.View, result);
        Assert.True(expected.AsSpan().SequenceEqual(result), $"{item.Text("name")}, grey: {Differences(expected, result)}");
    }

    private static string Differences(byte[] expected, byte[] actual) =>
        $"{expected.Zip(actual).Count(pair => pair.First != pair.Second)} of {expected.Length} differ, by up to "
        + $"{expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max()}";

    private sealed record PlanarImage(byte[] Pixels)
    {
        public ImageView View(ImageShape shape) => new(Pixels, shape, PixelLayout.Planar);
    }
}
