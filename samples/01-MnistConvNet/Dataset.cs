using NetGen.Data;

namespace NetGen.Samples;

/// <summary>Training and test images, and where they come from.</summary>
internal sealed record Dataset(string Origin, IReadOnlyList<string> ClassNames, ImageSet Train, ImageSet Test)
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts its files.</summary>
    private const string DebianFolder = "/usr/share/datasets/fashion-mnist";

    private static readonly string[] Fashion =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>The given folder, or else Debian's, or else the subset within this program.</summary>
    public static Dataset Find(string? folder) => folder switch
    {
        "embedded" => Embedded(),
        not null => FromFolder(folder, Path.GetFullPath(folder)),
        null when Directory.Exists(DebianFolder)
            => FromFolder(DebianFolder, $"Fashion-MNIST from Debian's package dataset-fashion-mnist, {DebianFolder}"),
        null => Embedded(),
    };

    private static Dataset FromFolder(string folder, string origin)
        => Describe(origin, ReadFolder(folder, train: true), ReadFolder(folder, train: false));

    private static ImageSet ReadFolder(string folder, bool train)
    {
        var (images, labels) = IdxDataset.FindFiles(folder, train);
        return ImageSet.Read(images, labels);
    }

    private static Dataset Embedded() => Describe(
        "embedded subset of Fashion-MNIST, class-balanced (--data DIR takes the full set)",
        ImageSet.ReadResource("fashion-train-images-idx3-ubyte.gz", "fashion-train-labels-idx1-ubyte.gz"),
        ImageSet.ReadResource("fashion-t10k-images-idx3-ubyte.gz", "fashion-t10k-labels-idx1-ubyte.gz"));

    private static Dataset Describe(string origin, ImageSet train, ImageSet test) => new(
        $"{origin}: {Text.Count(train.Count, "training image")}, {Text.Count(test.Count, "test image")}",
        IsFashion(train) ? Fashion : Digits,
        train,
        test);

    /// <summary>MNIST and Fashion-MNIST use the same file names, so they are told apart by how their labels begin.</summary>
    private static bool IsFashion(ImageSet train) => train.Labels.AsSpan().StartsWith<byte>([9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
}
