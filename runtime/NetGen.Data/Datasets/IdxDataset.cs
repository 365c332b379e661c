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
    public static InMemoryImages Read(Stream images, string imagesName, Stream labels, string labelsName, IReadOnlyList<string>? classNames = null) =>
        Join(IdxFile.ReadImages(images, imagesName), imagesName, IdxFile.ReadLabels(labels, labelsName), labelsName, classNames);

    /// <summary>Reads training or test images from a folder with the files of MNIST or Fashion-MNIST under their usual names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="train">The training images, else the test images.</param>
    /// <param name="classNames">The classes by label, or null.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says which names were looked for.</exception>
    /// <exception cref="IdxException">A file is damaged, or the two do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static InMemoryImages ReadFolder(string folder, bool train, IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string stem = train ? "train" : "t10k";
        return Read(Find($"{stem}-images", "idx3-ubyte"), Find($"{stem}-labels", "idx1-ubyte"), classNames);

        string Find(string name, string ending)
        {
            string[] spellings = [$"{name}-{ending}.gz", $"{name}-{ending}", $"{name}.{ending}.gz", $"{name}.{ending}"];
            return spellings.Select(spelling => Path.Combine(folder, spelling)).FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException($"{Path.GetFullPath(folder)}: expected {spellings[0]} or {spellings[1]}, found neither.");
        }
    }

    private static InMemoryImages Join(IdxImages images, string imagesName, byte[] labels, string labelsName, IReadOnlyList<string>? classNames)
    {
        if (images.Count == 0 || images.Rows == 0 || images.Columns == 0)
            throw new IdxException(imagesName, $"there are no pixels: {images.Count} images of {images.Rows} × {images.Columns}.");
        if (labels.Length != images.Count)
            throw new IdxException(labelsName, $"expected a label for each image, found {labels.Length} labels for the {images.Count} images of {imagesName}.");
        int wrong = classNames is null ? -1 : Array.FindIndex(labels, label => label >= classNames.Count);
        if (wrong >= 0)
            throw new IdxException(labelsName, $"expected labels below {classNames!.Count}, found {labels[wrong]} at index {wrong}.");
        return new InMemoryImages(images.Pixels, 0, null, new ImageShape(1, images.Rows, images.Columns), PixelLayout.Planar,
            Array.ConvertAll(labels, label => (int)label), classNames, index => string.Create(CultureInfo.InvariantCulture, $"{imagesName}, image {index}"));
    }
}
