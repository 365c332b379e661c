namespace NetGen.Data;

/// <summary>
/// Images in folders named by their class, as torchvision's <c>ImageFolder</c>: <c>root/class/…/picture.png</c>. Classes are the folders of
/// the root, sorted by name (ordinal), and numbered in that order; the files of a class are sorted by their folder and then by name. Files
/// are read and decoded when they are asked for.
/// </summary>
public sealed class ImageFolder : ImageDataset
{
    private static readonly string[] Readable = [".png", ".jpg", ".jpeg"],
        Unreadable = [".bmp", ".gif", ".pgm", ".ppm", ".tif", ".tiff", ".webp"];

    private readonly string[] _paths;
    private readonly int[] _labels;

    /// <summary>Lists the files; none is opened.</summary>
    /// <param name="root">The folder with a folder for each class.</param>
    /// <param name="channels">Channels that every image gets: 3 for RGB, 1 for grey, 2 and 4 with alpha.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or none in it.</exception>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="InvalidDataException">A class has no images, or images of a kind that is not read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are not 1 to 4.</exception>
    public ImageFolder(string root, int channels = 3)
    {
        FileAccessor.CheckPath(root, nameof(root));
        if (channels is < 1 or > 4)
            throw new ArgumentOutOfRangeException(nameof(channels),
                channels, "Expected 1 channel (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGB and alpha).");
        string[] classes =
            [.. FileAccessor.AccessFolder(root, Directory.GetDirectories).Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
            throw new DirectoryNotFoundException($"{Path.GetFullPath(root)}: expected a folder for each class, found none.");

        var paths = new List<string>();
        var labels = new List<int>();
        for (int label = 0; label < classes.Length; label++)
        {
            int before = paths.Count;
            paths.AddRange(FilesOf(Path.Combine(root, classes[label])));
            if (paths.Count == before)
                throw new InvalidDataException($"{Path.Combine(root, classes[label])}: expected images "
                    + $"({string.Join(", ", Readable)}), found none.");
            labels.AddRange(Enumerable.Repeat(label, paths.Count - before));
        }
        _paths = [.. paths];
        _labels = [.. labels];
        Channels = channels;
        ClassNames = classes;
    }

    /// <inheritdoc/>
    public override int Count => _paths.Length;

    /// <inheritdoc/>
    public override int Channels { get; }

    /// <summary>Null: files may be of any size. A loader looks at the headers where that matters.</summary>
    public override ImageShape? Shape => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override int LabelOf(int index)
    {
        CheckIndex(index);
        return _labels[index];
    }

    /// <summary>What an image measures, as it is seen: read from its file's header and EXIF.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ImageFileException">The header is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public override ImageShape? ShapeOf(int index)
    {
        CheckIndex(index);
        ImageSize size = ImageHeader.Read(_paths[index]);
        return new ImageShape(Channels, size.Height, size.Width);
    }

    /// <inheritdoc/>
    /// <exception cref="JpegLibraryException">
    /// The file is JPEG, and <see cref="JpegFile.Backend"/> asks for libjpeg-turbo, which cannot be loaded.
    /// </exception>
    public override ImageView Read(int index, ImageBuffer buffer)
    {
        CheckIndex(index);
        ArgumentNullException.ThrowIfNull(buffer);
        return ImageFile.Read(_paths[index], Channels, buffer);
    }

    /// <summary>The path of an image's file.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public override string Describe(int index)
    {
        CheckIndex(index);
        return _paths[index];
    }

    /// <summary>All readable files of a folder and those in it, by folder and then by name.</summary>
    private static IEnumerable<string> FilesOf(string folder)
    {
        var files = new List<string>();
        foreach (string file in FileAccessor.AccessFolder(folder, folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)))
        {
            string extension = Path.GetExtension(file);
            if (Readable.Contains(extension, StringComparer.OrdinalIgnoreCase))
                files.Add(file);
            else if (Unreadable.Contains(extension, StringComparer.OrdinalIgnoreCase))
                throw new InvalidDataException($"{file}: images of this kind are not read; expected {string.Join(", ", Readable)}. "
                    + $"Convert it, or take it out of the folder.");
        }
        return files.OrderBy(Path.GetDirectoryName, StringComparer.Ordinal).ThenBy(Path.GetFileName, StringComparer.Ordinal);
    }
}
