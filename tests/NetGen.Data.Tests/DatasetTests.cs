using System.Buffers.Binary;

namespace NetGen.Data.Tests;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>Images of 1 × 1, each of which shows its own number.</summary>
    private static InMemoryImages Numbered(int count, string name = "numbers", IReadOnlyList<string>? classes = null) =>
        new([.. Enumerable.Range(0, count).Select(i => (byte)i)], new ImageShape(1, 1, 1), PixelLayout.Planar,
            [.. Enumerable.Range(0, count).Select(i => i % 3)], classes, name);

    private static int[] Contents(ImageDataset set)
    {
        var buffer = new ImageBuffer();
        return [.. Enumerable.Range(0, set.Count).Select(i => (int)set.Read(i, buffer).Pixels[0])];
    }

    [Fact]
    public void Images_in_memory_are_not_copied()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var set = new InMemoryImages(pixels, new ImageShape(3, 1, 2), PixelLayout.Interleaved, [0, 1], ["a", "b"], "mine");
        Assert.Equal((2, 3, new ImageShape(3, 1, 2)), (set.Count, set.Channels, set.Shape));
        Assert.Equal(1, set.LabelOf(1));
        Assert.Equal("mine, image 1", set.Describe(1));
        ImageView view = set.Read(1, new ImageBuffer());
        Assert.True(view.Pixels.Overlaps(pixels, out int offset) && offset is 6 or -6);
        Assert.Equal(PixelLayout.Interleaved, view.Layout);
        Assert.Equal([7, 8, 9, 10, 11, 12], set[1].ToArray());

        Assert.Throws<ArgumentOutOfRangeException>(() => set.LabelOf(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Describe(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => set[2].Length);
        Assert.Throws<ArgumentException>(() => new InMemoryImages(pixels, new ImageShape(3, 1, 2), PixelLayout.Planar, [0, 1, 0]));
        Assert.Contains("got 2 at index 1",
            Assert.Throws<ArgumentException>(() =>
            new InMemoryImages(pixels, new ImageShape(3, 1, 2), PixelLayout.Planar, [0, 2], ["a", "b"])).Message);
        Assert.Throws<ArgumentException>(() => new InMemoryImages(pixels, new ImageShape(3, 1, 2), PixelLayout.Planar, [0, -1]));
        Assert.Throws<ArgumentException>(() => new InMemoryImages(pixels, new ImageShape(0, 1, 2), PixelLayout.Planar, [0, 1]));
    }

    [Fact]
    public void Sets_are_joined()
    {
        ImageDataset joined = Numbered(3, "first").Concat(Numbered(0), Numbered(2, "second"), Numbered(4, "third"));
        Assert.Equal([0, 1, 2, 0, 1, 0, 1, 2, 3], Contents(joined));
        Assert.Equal("second, image 1", joined.Describe(4));
        Assert.Equal("third, image 3", joined.Describe(8));
        Assert.Equal(1, joined.LabelOf(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => joined.LabelOf(9));
        Assert.Equal(new ImageShape(1, 1, 1), joined.Shape);

        var other = new InMemoryImages(new byte[4], new ImageShape(1, 2, 2), PixelLayout.Planar, [0]);
        Assert.Null(Numbered(1).Concat(other).Shape);
        var coloured = new InMemoryImages(new byte[3], new ImageShape(3, 1, 1), PixelLayout.Planar, [0]);
        Assert.Contains("1 channels", Assert.Throws<ArgumentException>(() => Numbered(1).Concat(coloured)).Message);
        Assert.Contains("[x, y, z]",
            Assert.Throws<ArgumentException>(() => Numbered(1).Concat(Numbered(1, "named", ["x", "y", "z"]))).Message);
    }

    [Fact]
    public void Sets_are_cut()
    {
        ImageDataset some = Numbered(10).Subset([7, 2, 2]);
        Assert.Equal([7, 2, 2], Contents(some));
        Assert.Equal("numbers, image 7", some.Describe(0));
        Assert.Equal(2, some.LabelOf(1));
        Assert.Equal([3, 4], Contents(Numbered(10).Subset(3, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Subset([10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Subset(9, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Subset(-1, 2));
    }

    [Fact]
    public void Sets_are_split_by_seed()
    {
        ImageDataset[] sets = Numbered(100).RandomSplit(5, 70, 20, 10);
        Assert.Equal([70, 20, 10], sets.Select(set => set.Count));
        Assert.Equal(Enumerable.Range(0, 100), sets.SelectMany(Contents).Order());
        Assert.NotEqual(Enumerable.Range(0, 70), Contents(sets[0]));
        Assert.Equal(sets.SelectMany(Contents), Numbered(100).RandomSplit(5, 0.7, 0.2, 0.1).SelectMany(Contents));
        Assert.NotEqual(sets.SelectMany(Contents), Numbered(100).RandomSplit(6, 70, 20, 10).SelectMany(Contents));

        // What rounding leaves goes round: 3.33 each of 10 are 3, 3, 3 and one more for the first.
        Assert.Equal([4, 3, 3], Numbered(10).RandomSplit(1, 1 / 3.0, 1 / 3.0, 1 / 3.0).Select(set => set.Count));
        Assert.Contains("70 + 20 = 90", Assert.Throws<ArgumentException>(() => Numbered(100).RandomSplit(1, 70, 20)).Message);
        Assert.Throws<ArgumentException>(() => Numbered(100).RandomSplit(1, 110, -10));
        Assert.Throws<ArgumentException>(() => Numbered(100).RandomSplit(1, 0.5, 0.4));
        Assert.Throws<ArgumentException>(() => Numbered(100).RandomSplit(1, 1.5, -0.5));
        Assert.Throws<ArgumentException>(() => Numbered(100).RandomSplit(1, double.NaN));
    }

    [Fact]
    public void Cifar_10_is_read()
    {
        var records = new byte[6][];
        for (int file = 0; file < 6; file++)
        {
            records[file] = [.. Enumerable.Range(0, 3).SelectMany(i => Record([(byte)((file + i) % 10)], (byte)(10 * file + i)))];
            _directory.Write(file < 5
                ? $"cifar-10-batches-bin/data_batch_{file + 1}.bin" : "cifar-10-batches-bin/test_batch.bin", records[file]);
        }
        InMemoryImages train = CifarDataset.ReadCifar10(_directory.Path, train: true),
            test = CifarDataset.ReadCifar10(_directory.File("cifar-10-batches-bin"), train: false);
        Assert.Equal((15, 3), (train.Count, test.Count));
        Assert.Equal((new ImageShape(3, 32, 32), PixelLayout.Planar), (train.Shape!.Value, train.Layout));
        Assert.Equal(records[2][(3073 + 1)..(2 * 3073)], train[7].ToArray());
        Assert.Equal((3, "bird"), (train.LabelOf(7), train.ClassNames[2]));
        Assert.Equal($"{Path.Combine(_directory.Path, "cifar-10-batches-bin", "data_batch_3.bin")}, image 1", train.Describe(7));
        Assert.Equal(6, test.LabelOf(1));

        File.Delete(_directory.File("cifar-10-batches-bin/data_batch_4.bin"));
        Assert.Contains("data_batch_4.bin",
            Assert.Throws<FileNotFoundException>(() => CifarDataset.ReadCifar10(_directory.Path, train: true)).Message);
    }

    [Fact]
    public void Cifar_100_is_read_with_coarse_and_fine_labels()
    {
        _directory.Write("train.bin", [.. Record([19, 99], 1), .. Record([3, 42], 2)]);
        Assert.Equal(42, CifarDataset.ReadCifar100(_directory.Path, train: true).LabelOf(1));
        InMemoryImages coarse = CifarDataset.ReadCifar100(_directory.Path, train: true, coarse: true);
        Assert.Equal(3, coarse.LabelOf(1));
        Assert.Equal(Record([], 2), coarse[1].ToArray());
        Assert.Empty(coarse.ClassNames);
        File.WriteAllLines(_directory.File("coarse_label_names.txt"), Enumerable.Range(0, 20).Select(i => $"class {i}"));
        Assert.Equal("class 19", CifarDataset.ReadCifar100(_directory.Path, train: true, coarse: true).ClassNames[19]);
        File.WriteAllLines(_directory.File("coarse_label_names.txt"), ["one"]);
        Assert.Contains("expected 20 names",
            Assert.Throws<ImageFileException>(() => CifarDataset.ReadCifar100(_directory.Path, train: true, coarse: true)).Message);
    }

    [Fact]
    public void Damaged_Cifar_files_are_named_with_the_offset()
    {
        byte[] contents = [.. Record([1], 1), .. Record([10], 2)];
        string whole = _directory.Write("a.bin", contents), cut = _directory.Write("b.bin", contents[..^1]),
            empty = _directory.Write("c.bin");
        AssertRefused(whole, 3073, "expected a label below 10, found 10 in record 1");
        AssertRefused(cut, 3073, "1 of them and 3072 bytes more");
        AssertRefused(empty, 0, "whole records of 3073 bytes");

        static void AssertRefused(string path, long offset, string message)
        {
            var exception = Assert.Throws<ImageFileException>(() => CifarDataset.ReadCifar10(path));
            Assert.Equal((path, offset), (exception.Path, exception.Offset));
            Assert.Contains(message, exception.Message);
        }
    }

    private static byte[] Record(byte[] labels, byte seed)
    {
        var record = new byte[labels.Length + 3072];
        labels.CopyTo(record, 0);
        new Random(seed).NextBytes(record.AsSpan(labels.Length));
        return record;
    }

    [Fact]
    public void Idx_files_are_joined_to_a_set()
    {
        string images = _directory.Write("train-images-idx3-ubyte", Idx([2, 2, 3], [.. Enumerable.Range(0, 12).Select(i => (byte)i)]));
        string labels = _directory.Write("train-labels.idx1-ubyte", Idx([2], 7, 3));
        InMemoryImages set = IdxDataset.Read(images, labels, IdxDataset.Digits);
        Assert.Equal((2, new ImageShape(1, 2, 3)), (set.Count, set.Shape!.Value));
        Assert.Equal([6, 7, 8, 9, 10, 11], set[1].ToArray());
        Assert.Equal((7, 3, "3"), (set.LabelOf(0), set.LabelOf(1), set.ClassNames[set.LabelOf(1)]));
        Assert.Equal($"{images}, image 1", set.Describe(1));
        Assert.Equal(2, IdxDataset.ReadFolder(_directory.Path, train: true).Count);
        Assert.Contains("expected t10k-images-idx3-ubyte.gz or t10k-images-idx3-ubyte, found neither.",
            Assert.Throws<FileNotFoundException>(() => IdxDataset.ReadFolder(_directory.Path, train: false)).Message);

        Assert.Contains("3 labels for the 2 images",
            Assert.Throws<IdxException>(() => IdxDataset.Read(images, _directory.Write("three", Idx([3], 1, 2, 3)))).Message);
        Assert.Contains("expected labels below 5, found 7 at index 0",
            Assert.Throws<IdxException>(() => IdxDataset.Read(images, labels, ["a", "b", "c", "d", "e"])).Message);

    }

    private static byte[] Idx(int[] shape, params byte[] data)
    {
        List<byte> file = [0, 0, 8, (byte)shape.Length];
        foreach (int extent in shape)
        {
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, extent);
            file.AddRange(number);
        }
        return [.. file, .. data];
    }

    /// <summary>Files may stand behind the name of their set, as the embedded ones of the samples do.</summary>
    [Fact]
    public void Idx_files_are_found_behind_the_name_of_their_set()
    {
        Set("fashion-train", "images-idx3-ubyte.gz", "labels-idx1-ubyte");
        Set("fashion-t10k", "images.idx3-ubyte", "labels-idx1-ubyte.gz");
        Assert.Equal(Paths("fashion-train", "images-idx3-ubyte.gz", "labels-idx1-ubyte"),
            IdxDataset.FindFiles(_directory.Path, train: true));
        Assert.Equal(Paths("fashion-t10k", "images.idx3-ubyte", "labels-idx1-ubyte.gz"),
            IdxDataset.FindFiles(_directory.Path, train: false));
        Assert.Equal(1, IdxDataset.ReadFolder(_directory.Path, train: true, IdxDataset.FashionClasses).Count);

        // Of two sets one must be named; the plain names come before both.
        Set("letters-test", "images-idx3-ubyte", "labels-idx1-ubyte");
        Assert.Contains("those of several: fashion-t10k, letters-test.",
            Assert.Throws<IdxException>(() => IdxDataset.ReadFolder(_directory.Path, train: false)).Message);
        Set("test", "images-idx3-ubyte", "labels-idx1-ubyte");
        Assert.Equal(Paths("test", "images-idx3-ubyte", "labels-idx1-ubyte"), IdxDataset.FindFiles(_directory.Path, train: false));

        // Labels are those of the images, not another set's.
        File.Delete(_directory.File("fashion-train-labels-idx1-ubyte"));
        Set("other-train", "pictures", "labels-idx1-ubyte");
        Assert.Contains("expected fashion-train-labels-idx1-ubyte.gz or fashion-train-labels-idx1-ubyte, found neither.",
            Assert.Throws<FileNotFoundException>(() => IdxDataset.ReadFolder(_directory.Path, train: true)).Message);
        Assert.Throws<FileNotFoundException>(() => IdxDataset.FindFiles(_directory.File("nowhere"), train: true));

        void Set(string name, string images, string labels)
        {
            _directory.Write($"{name}-{images}", Idx([1, 1, 1], 5));
            _directory.Write($"{name}-{labels}", Idx([1], 1));
        }

        (string, string) Paths(string name, string images, string labels)
            => (_directory.File($"{name}-{images}"), _directory.File($"{name}-{labels}"));
    }

    [Fact]
    public void Folders_are_classes_sorted_by_name()
    {
        Picture("Zebra/b.png", 1);
        Picture("Zebra/a/deep/2.png", 2);
        Picture("Zebra/a.PNG", 3);
        Picture("ant/0.png", 4);
        Picture("Bee/9.png", 5);
        _directory.Write("ant/notes.txt", 1);
        _directory.Write("readme.txt", 1);

        var set = new ImageFolder(_directory.Path, channels: 1);
        Assert.Equal(["Bee", "Zebra", "ant"], set.ClassNames);
        Assert.Equal([5, 3, 1, 2, 4], Contents(set));
        Assert.Equal([0, 1, 1, 1, 2], Enumerable.Range(0, 5).Select(set.LabelOf));
        Assert.Equal(_directory.File(Path.Combine("ant", "0.png")), set.Describe(4));
        Assert.Null(set.Shape);
        Assert.Equal(3, new ImageFolder(_directory.Path).Read(0, new ImageBuffer()).Shape.Channels);

        InMemoryImages kept = set.ToMemory();
        Assert.Equal([5, 3, 1, 2, 4], Contents(kept));
        Assert.Equal(set.ClassNames, kept.ClassNames);
        Assert.Equal(2, kept.LabelOf(4));
        PngFile.Write(_directory.File("ant/1.png"), new Image(2, 1, 1));
        Assert.Contains("1.png: expected an image of 1 × 1 × 1",
            Assert.Throws<InvalidOperationException>(() => new ImageFolder(_directory.Path, 1).ToMemory()).Message);

        _directory.Write("ant/photo.webp", 1);
        Assert.Contains("photo.webp: images of this kind are not read",
            Assert.Throws<InvalidDataException>(() => new ImageFolder(_directory.Path)).Message);
        File.Delete(_directory.File("ant/photo.webp"));
        Directory.CreateDirectory(_directory.File("empty"));
        Assert.Contains("empty: expected images", Assert.Throws<InvalidDataException>(() => new ImageFolder(_directory.Path)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => new ImageFolder(_directory.File("ant")));
        Assert.Throws<DirectoryNotFoundException>(() => new ImageFolder(_directory.File("nowhere")));

        void Picture(string name, byte value) => _directory.Write(name, PngFile.Encode(1, 1, 1, [value]));
    }
}
