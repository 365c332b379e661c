namespace NetGen.Samples;

/// <summary>Grey images, each with its class. Pixels stay bytes; batches of floats are made from them as they are needed.</summary>
internal sealed class ImageSet
{
    private readonly IdxImages _images;

    private ImageSet(IdxImages images, byte[] labels, string imagesName, string labelsName)
    {
        var shape = MnistConvNet.InputShape;
        if (images.Rows != shape[1] || images.Columns != shape[2])
        {
            throw new InvalidDataException($"{imagesName}: expected images of {shape[1]} × {shape[2]} pixels, found {images.Rows} "
                + $"× {images.Columns}.");
        }

        if (images.Count == 0 || labels.Length != images.Count)
        {
            throw new InvalidDataException($"{labelsName}: expected a label for each image, found {labels.Length} labels "
                + $"for {images.Count} images.");
        }

        int wrong = Array.FindIndex(labels, label => label >= MnistConvNet.OutputSize);
        if (wrong >= 0)
        {
            throw new InvalidDataException($"{labelsName}: expected labels below {MnistConvNet.OutputSize}, found {labels[wrong]} at "
                + $"index {wrong}.");
        }

        _images = images;
        Labels = labels;
    }

    public int Count => _images.Count;

    public int Width => _images.Columns;

    public int Height => _images.Rows;

    public byte[] Labels { get; }

    /// <summary>The pixels of one image, row by row.</summary>
    public ReadOnlySpan<byte> this[int index] => _images[index];

    public static ImageSet Read(string imagesPath, string labelsPath) =>
        new(IdxFile.ReadImages(imagesPath), IdxFile.ReadLabels(labelsPath), imagesPath, labelsPath);

    /// <summary>Reads files that are embedded in this program.</summary>
    public static ImageSet ReadResource(string imagesName, string labelsName)
    {
        using var images = Resource(imagesName);
        using var labels = Resource(labelsName);
        return new(IdxFile.ReadImages(images, imagesName), IdxFile.ReadLabels(labels, labelsName), imagesName, labelsName);
    }

    /// <summary>Puts the chosen images, scaled to 0…1, and their labels into the first places of a batch.</summary>
    public void Gather(ReadOnlySpan<int> indices, Span<float> pixels, Span<int> labels)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            var image = this[indices[i]];
            var row = pixels.Slice(i * image.Length, image.Length);
            for (int p = 0; p < image.Length; p++)
            {
                row[p] = image[p] / 255f;
            }

            labels[i] = Labels[indices[i]];
        }
    }

    private static Stream Resource(string name) =>
        typeof(ImageSet).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from this program.");
}
