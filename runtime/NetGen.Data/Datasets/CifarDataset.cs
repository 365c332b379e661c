using System.Globalization;

namespace NetGen.Data;

/// <summary>
/// CIFAR-10 and CIFAR-100 in their binary versions: records of one label byte (CIFAR-100: two, coarse and fine) and 3 × 32 × 32 bytes,
/// channel by channel.
/// </summary>
public static class CifarDataset
{
    private const int Size = 32, Pixels = 3 * Size * Size;

    /// <summary>The classes of CIFAR-10.</summary>
    public static IReadOnlyList<string> Cifar10Classes { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads CIFAR-10 from the folder of its files.</summary>
    /// <param name="folder">
    /// Holds <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> and <c>test_batch.bin</c>, or <c>cifar-10-batches-bin</c> with them.
    /// </param>
    /// <param name="train">The training images, else the test images.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ImageFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static InMemoryImages ReadCifar10(string folder, bool train)
    {
        string inside = Inside(folder, "cifar-10-batches-bin");
        return ReadCifar10(train
            ? [.. Enumerable.Range(1, 5).Select(i => Find(inside, $"data_batch_{i}.bin"))] : [Find(inside, "test_batch.bin")]);
    }

    /// <summary>Reads files of CIFAR-10's format, of any number of records.</summary>
    /// <param name="paths">The files.</param>
    /// <exception cref="ImageFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">No file is named.</exception>
    public static InMemoryImages ReadCifar10(params string[] paths) => Read(paths, 1, 0, 10, Cifar10Classes);

    /// <summary>Reads CIFAR-100 from the folder of its files.</summary>
    /// <param name="folder">
    /// Holds <c>train.bin</c> and <c>test.bin</c>, or <c>cifar-100-binary</c> with them; class names are read from the text files beside
    /// them, where there are any.
    /// </param>
    /// <param name="train">The training images, else the test images.</param>
    /// <param name="coarse">The 20 superclasses for labels, else the 100 classes.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ImageFileException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static InMemoryImages ReadCifar100(string folder, bool train, bool coarse = false)
    {
        string inside = Inside(folder, "cifar-100-binary");
        int classes = coarse ? 20 : 100;
        string names = Path.Combine(inside, coarse ? "coarse_label_names.txt" : "fine_label_names.txt");
        string[]? classNames = null;
        if (File.Exists(names))
        {
            classNames = [.. FileAccessor.Access(names, File.ReadAllLines).Select(line => line.Trim()).Where(line => line.Length > 0)];
            if (classNames.Length != classes)
                throw new ImageFileException(names, 0, $"expected {classes} names of classes, found {classNames.Length}.");
        }
        return Read([Find(inside, train ? "train.bin" : "test.bin")], 2, coarse ? 0 : 1, classes, classNames);
    }

    private static InMemoryImages Read(string[] paths, int labelBytes, int labelAt, int classes, IReadOnlyList<string>? classNames)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Length == 0)
            throw new ArgumentException("Expected the name of a file or more.", nameof(paths));
        int record = labelBytes + Pixels;
        long total = 0;
        var ends = new int[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            long length = FileAccessor.Access(paths[i], path => new FileInfo(path).Length);
            if (length == 0 || length % record != 0)
            {
                throw new ImageFileException(paths[i], length - length % record,
                    $"expected whole records of {record} bytes, found {length / record} of them and {length % record} bytes more.");
            }
            total += length;
            if (total > Array.MaxLength)
                throw new ImageFileException(paths[i], 0, $"the files exceed the {Array.MaxLength} bytes that an array holds.");
            ends[i] = (int)(total / record);
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)total);
        var labels = new int[bytes.Length / record];
        for (int i = 0; i < paths.Length; i++)
        {
            int first = i == 0 ? 0 : ends[i - 1];
            using (FileStream file = FileAccessor.Access(paths[i], File.OpenRead))
            {
                int expected = (ends[i] - first) * record,
                    read = file.ReadAtLeast(bytes.AsSpan(first * record, expected), expected, throwOnEndOfStream: false);
                if (read < expected)
                    throw new ImageFileException(paths[i],
                        read, $"expected {expected} bytes, but the file ends here: it became shorter while it was read.");
            }
            for (int r = first; r < ends[i]; r++)
            {
                labels[r] = bytes[r * record + labelAt];
                if (labels[r] >= classes)
                    throw new ImageFileException(paths[i],
                        (long)(r - first) * record
                        + labelAt, $"expected a label below {classes}, found {labels[r]} in record {r - first}.");
            }
        }
        return new InMemoryImages(bytes, labelBytes, record, new ImageShape(3, Size, Size), PixelLayout.Planar, labels, classNames,
            Describe);

        string Describe(int index)
        {
            int file = Array.FindIndex(ends, end => index < end);
            return string.Create(CultureInfo.InvariantCulture, $"{paths[file]}, image {index - (file == 0 ? 0 : ends[file - 1])}");
        }
    }

    private static string Inside(string folder, string archive)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string inside = Path.Combine(folder, archive);
        return Directory.Exists(inside) ? inside : folder;
    }

    private static string Find(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{Path.GetFullPath(folder)}: expected {name}, found none.");
    }
}
