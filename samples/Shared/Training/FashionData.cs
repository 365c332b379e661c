using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>The images of Fashion-MNIST, or of MNIST, and where they come from.</summary>
internal sealed record FashionData(string Origin, InMemoryImages Train, InMemoryImages Test)
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts its files.</summary>
    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    public IReadOnlyList<string> ClassNames => Train.ClassNames;

    /// <summary>The given folder, or else Debian's, or else the subset within this program.</summary>
    public static FashionData Find(string? folder) => folder switch
    {
        "embedded" => Embedded(),
        not null => FromFolder(folder, Path.GetFullPath(folder)),
        null when Directory.Exists(DebianFolder)
            => FromFolder(DebianFolder, $"Fashion-MNIST from Debian's package dataset-fashion-mnist, {DebianFolder}"),
        null => Embedded(),
    };

    private static FashionData FromFolder(string folder, string origin)
    {
        // MNIST has the same file names; it is told apart by how its labels begin.
        var classes = IsFashion(IdxDataset.ReadFolder(folder, train: true)) ? IdxDataset.FashionClasses : IdxDataset.Digits;
        return Describe(origin, IdxDataset.ReadFolder(folder, train: true, classes), IdxDataset.ReadFolder(folder, train: false, classes));
    }

    private static FashionData Embedded() => Describe(
        "embedded subset of Fashion-MNIST, class-balanced (--data DIR takes the full set)",
        FromResources("fashion-train-images-idx3-ubyte.gz", "fashion-train-labels-idx1-ubyte.gz"),
        FromResources("fashion-t10k-images-idx3-ubyte.gz", "fashion-t10k-labels-idx1-ubyte.gz"));

    private static FashionData Describe(string origin, InMemoryImages train, InMemoryImages test)
    {
        foreach (var images in (InMemoryImages[])[train, test])
        {
            if (images.Shape is not { Channels: 1, Height: 28, Width: 28 })
            {
                throw new InvalidDataException($"{images.Describe(0)}: expected images of 1 × 28 × 28, found {images.Shape}.");
            }
        }

        return new(string.Create(CultureInfo.InvariantCulture, $"{origin}: {train.Count:N0} training images, {test.Count:N0} test images"),
            train, test);
    }

    private static bool IsFashion(InMemoryImages train) =>
        Enumerable.Range(0, Math.Min(10, train.Count)).Select(train.LabelOf).SequenceEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);

    private static InMemoryImages FromResources(string imagesName, string labelsName)
    {
        using var images = Resource(imagesName);
        using var labels = Resource(labelsName);
        return IdxDataset.Read(images, imagesName, labels, labelsName, IdxDataset.FashionClasses);
    }

    private static Stream Resource(string name) =>
        typeof(FashionData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from this program.");
}
