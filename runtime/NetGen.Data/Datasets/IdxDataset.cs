using System.Globalization;

namespace NetGen.Data;

/// <summary>Images and labels in IDX files, the format of MNIST and Fashion-MNIST; read strictly by <see cref="IdxFile"/>.</summary>
public static class IdxDataset
{
    /// <summary>The classes of MNIST.</summary>
    public static IReadOnlyList<string> Digits { get; } = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>The classes of Fashion-MNIST.</summary>
    public static IReadOnlyList<string> FashionClasses { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Reads a pair of files, plain or compressed with gzip.</summary>
    /// <param name="imagesPath">The images (magic number 2051).</param>
    /// <param name="labelsPath">Their labels (magic number 2049).</param>
    /// <param name="classNames">The classes by label, or null.</param>
    /// <exception cref="IdxException">A file is damaged, or the two do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static InMemoryImages Read(string imagesPath, string labelsPath, IReadOnlyList<string>? classNames = null) =>
        Join(IdxFile.ReadImages(imagesPath), imagesPath, IdxFile.ReadLabels(labelsPath), labelsPath, classNames);

    /// <summary>Reads a pair of files from streams, such as embedded resources.</summary>
    /// <param name="images">The images.</param>
    /// <param name="imagesName">What to call them in exceptions.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="labelsName">What to call them in exceptions.</param>
    /// <param name="classNames">The classes by label, or null.</param>
    /// <exception cref="IdxException">A file is damaged, or the two do not belong together.</exception>
    /// <exception cref="IOException">A stream cannot be read.</exception>
    public static InMemoryImages Read(Stream images, string imagesName, Stream labels, string labelsName,
        IReadOnlyList<string>? classNames = null) =>
        Join(IdxFile.ReadImages(images, imagesName), imagesName, IdxFile.ReadLabels(labels, labelsName), labelsName, classNames);

    /// <summary>
    /// Reads training or test images from a folder with the files of MNIST or Fashion-MNIST, as <see cref="FindFiles"/> finds them.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="train">The training images, else the test images.</param>
    /// <param name="classNames">The classes by label, or null.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says which names were looked for.</exception>
    /// <exception cref="IdxException">A file is damaged, or the two do not belong together, or the folder has several sets.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static InMemoryImages ReadFolder(string folder, bool train, IReadOnlyList<string>? classNames = null)
    {
        (string images, string labels) = FindFiles(folder, train);
        return Read(images, labels, classNames);
    }

    /// <summary>
    /// Finds the files of a set in a folder: <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, or those of the test
    /// images, which begin with <c>t10k</c> or <c>test</c>; with a dot in place of the last dash, with <c>.gz</c>, and, where those are not
    /// there, behind the name of a set and a dash, as <c>fashion-train-images-idx3-ubyte.gz</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="train">The training images, else the test images.</param>
    /// <returns>The paths of the images and of their labels.</returns>
    /// <exception cref="FileNotFoundException">A file is missing; the message says which names were looked for.</exception>
    /// <exception cref="IdxException">The folder has the images of several sets.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static (string Images, string Labels) FindFiles(string folder, bool train)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string[] parts = train ? ["train"] : ["t10k", "test"];
        foreach (string part in parts)
        {
            if (Spelled(folder, $"{part}-images", "idx3-ubyte") is { } images)
                return (images, Labels(part));
        }

        // The same names behind that of a set.
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)] : [];
        string[] stems =
        [
            .. (from part in parts
                from spelling in Spellings($"-{part}-images", "idx3-ubyte")
                from file in files
                where file.Length > spelling.Length && file.EndsWith(spelling, StringComparison.Ordinal)
                select $"{file[..^spelling.Length]}-{part}").Distinct().Order(StringComparer.Ordinal),
        ];
        if (stems.Length == 1)
            return (Spelled(folder, $"{stems[0]}-images", "idx3-ubyte")!, Labels(stems[0]));
        string expected = Either($"{parts[0]}-images", "idx3-ubyte");
        throw stems.Length == 0
            ? new FileNotFoundException($"{Path.GetFullPath(folder)}: expected {expected}, found neither.")
            : new IdxException(Path.GetFullPath(folder), $"expected the images of one set, found those of several: {string.Join(", ", stems)}. Name the two files, or take the others out of the folder.");

        string Labels(string stem) => Spelled(folder, $"{stem}-labels", "idx1-ubyte")
            ?? throw new FileNotFoundException($"{Path.GetFullPath(folder)}: expected {Either($"{stem}-labels", "idx1-ubyte")}, found "
                + $"neither.");
    }

    private static string[] Spellings(string name, string ending)
        => [$"{name}-{ending}.gz", $"{name}-{ending}", $"{name}.{ending}.gz", $"{name}.{ending}"];

    private static string? Spelled(string folder, string name, string ending)
        => Spellings(name, ending).Select(spelling => Path.Combine(folder, spelling)).FirstOrDefault(File.Exists);

    private static string Either(string name, string ending) => string.Join(" or ", Spellings(name, ending)[..2]);

    private static InMemoryImages Join(IdxImages images, string imagesName, byte[] labels, string labelsName,
        IReadOnlyList<string>? classNames)
    {
        if (images.Count == 0 || images.Rows == 0 || images.Columns == 0)
            throw new IdxException(imagesName, $"there are no pixels: {images.Count} images of {images.Rows} × {images.Columns}.");
        if (labels.Length != images.Count)
            throw new IdxException(
                labelsName, $"expected a label for each image, found {labels.Length} labels for the {images.Count} images "
                + $"of {imagesName}.");
        int wrong = classNames is null ? -1 : Array.FindIndex(labels, label => label >= classNames.Count);
        if (wrong >= 0)
            throw new IdxException(labelsName, $"expected labels below {classNames!.Count}, found {labels[wrong]} at index {wrong}.");
        return new InMemoryImages(images.Pixels, 0, null, new ImageShape(1, images.Rows, images.Columns), PixelLayout.Planar,
            Array.ConvertAll(labels, label => (int)label), classNames,
                index => string.Create(CultureInfo.InvariantCulture, $"{imagesName}, image {index}"));
    }
}
