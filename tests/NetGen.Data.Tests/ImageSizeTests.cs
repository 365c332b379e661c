using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>Sizes are read from headers, and folders that do not fit are refused before the first batch, by the file's name.</summary>
public sealed class ImageSizeTests
{
    [Fact]
    public void Headers_tell_what_decoding_gives()
    {
        using var directory = new TemporaryDirectory();
        foreach (JsonElement golden in Golden.Jpegs.GetProperty("files").EnumerateArray()
            .Concat(Golden.Images.GetProperty("png").EnumerateArray()))
        {
            string path = directory.Write("picture", golden.Bytes("file"));
            Assert.Equal(new ImageSize(golden.Int("height"), golden.Int("width")), ImageFile.ReadSize(path));
        }
        foreach (int orientation in (int[])[1, 4, 5, 8])
        {
            byte[] jpeg = ExifTests.WithSegment(Golden.Jpegs.GetProperty("files").Named("sampled 2x2").Bytes("file"),
                [.. ExifOrientation.Prefix, .. ExifTests.Tiff(orientation, little: true)]);
            byte[] plain = PngFile.Encode(3, 2, 1, [0, 1, 2, 3, 4, 5]);
            foreach (byte[] file in (byte[][])[jpeg, ExifTests.With(plain, 33, ExifTests.Tiff(orientation, false)),
                ExifTests.With(plain, plain.Length - 12, ExifTests.Tiff(orientation, true))])
            {
                string path = directory.Write("turned", file);
                Image image = ImageFile.Read(path);
                Assert.Equal(new ImageSize(image.Height, image.Width), ImageFile.ReadSize(path));
            }
        }
    }

    [Fact]
    public void Damaged_headers_are_refused_wherever_they_end()
    {
        using var directory = new TemporaryDirectory();
        byte[] jpeg = Golden.Jpegs.GetProperty("files").Named("grey").Bytes("file"), png = PngFile.Encode(3, 2, 1, [0, 1, 2, 3, 4, 5]);
        int scan = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        foreach ((byte[] file, int end) in ((byte[], int)[])[(jpeg, scan), (png, 16)])
        {
            for (int length = 0; length < end; length++)
            {
                string path = directory.Write("cut", file.AsSpan(0, length));
                Assert.StartsWith(path, Assert.Throws<ImageFileException>(() => ImageFile.ReadSize(path)).Message);
            }
        }
        Assert.Throws<FileNotFoundException>(() => ImageFile.ReadSize(directory.File("none.png")));
    }

    [Fact]
    public void Folders_of_unequal_pictures_are_refused_by_name_before_the_first_batch()
    {
        using var directory = new TemporaryDirectory();
        for (int i = 0; i < 4; i++)
            directory.Write($"a/{i}.png", PngFile.Encode(3, 2, 1, new byte[6]));
        directory.Write("b/0.png", PngFile.Encode(3, 2, 1, new byte[6]));
        var folder = new ImageFolder(directory.Path, channels: 1);
        Assert.Null(folder.Shape);
        Assert.Equal(new ImageShape(1, 2, 3), folder.ShapeOf(4));

        // All of one size: nothing need bring them to one.
        using (var loader = new DataLoader(folder, 2, new DataLoaderOptions { Transform = new ToTensor() }))
            Assert.Equal(new ImageShape(1, 2, 3), loader.SampleShape);

        string odd = directory.Write("b/1.png", PngFile.Encode(2, 3, 1, new byte[6]));
        folder = new ImageFolder(directory.Path, channels: 1);
        foreach (ImageDataset set in (ImageDataset[])[folder, folder.Subset([0, 5]), folder.Subset(0, 2).Concat(folder.Subset(4, 2))])
        {
            string message = Assert.Throws<ArgumentException>(() => new DataLoader(set, 2)).Message;
            string first = directory.File(Path.Combine("a", "0.png"));
            Assert.StartsWith($"{odd}: expected an image of 1 × 2 × 3, as {first} is, found 1 × 3 × 2. "
                + "Add a transform that brings images to one size", message);
        }

        // A crop that one of them is too small for, and one that pads.
        Assert.StartsWith($"{odd}: RandomCrop((2, 3)): an image of 3 × 2", Assert.Throws<ArgumentException>(() =>
            new DataLoader(folder, 2, new DataLoaderOptions { Transform = new Compose(new RandomCrop((2, 3)), new ToTensor()) })).Message);
        new DataLoader(folder, 2, new DataLoaderOptions { Transform = new Compose(new RandomCrop(3, padIfNeeded: true), new ToTensor()) })
            .Dispose();
        new DataLoader(folder, 2, new DataLoaderOptions { Transform = new Compose(new Resize((4, 4)), new RandomCrop(3), new ToTensor()) })
            .Dispose();
        Assert.Contains(odd, Assert.Throws<ArgumentException>(() => new DataLoader(folder, 2,
            new DataLoaderOptions { Transform = new Compose(new Resize(4), new ToTensor()) })).Message);
    }

    /// <summary>A damaged header is no reason to refuse the set: whoever asks for the image gets the error, or leaves it out.</summary>
    [Fact]
    public void Damaged_files_are_left_to_who_reads_them()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a/0.png", PngFile.Encode(3, 2, 1, new byte[6]));
        directory.Write("a/1.png", PngFile.Encode(3, 2, 1, new byte[6]).AsSpan(0, 12));
        using var loader = new DataLoader(new ImageFolder(directory.Path, 1), 2, new DataLoaderOptions { SkipCorrupt = true });
        foreach (Batch batch in loader.Epoch(1))
            Assert.Equal(1, batch.Count);
        Assert.Equal(1, loader.SkippedCount);
    }
}
