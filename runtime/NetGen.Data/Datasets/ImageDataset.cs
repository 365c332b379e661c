namespace NetGen.Data;

/// <summary>
/// Images with labels, each reached by its number. Reading is safe from any number of threads, each with a buffer of its own.
/// </summary>
public abstract class ImageDataset
{
    /// <summary>How many images.</summary>
    public abstract int Count { get; }

    /// <summary>Channels of every image.</summary>
    public abstract int Channels { get; }

    /// <summary>What all images measure; null where they differ, or nobody has looked yet.</summary>
    public abstract ImageShape? Shape { get; }

    /// <summary>The classes by label; empty where labels have no names.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>The class of an image, from 0.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public abstract int LabelOf(int index);

    /// <summary>
    /// What an image measures, as far as that can be told without decoding it: by default <see cref="Shape"/>. A set of files looks at the
    /// file's header.
    /// </summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <returns>Null where only decoding tells.</returns>
    /// <exception cref="ImageFileException">The file's header is damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public virtual ImageShape? ShapeOf(int index)
    {
        CheckIndex(index);
        return Shape;
    }

    /// <summary>Reads an image.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <param name="buffer">Memory that may be used for it; what an earlier call put there is lost.</param>
    /// <returns>Pixels in memory of this set or of the buffer.</returns>
    /// <exception cref="ImageFileException">The image's file is damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public abstract ImageView Read(int index, ImageBuffer buffer);

    /// <summary>Where an image comes from, for messages: its file, and its place in it.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public abstract string Describe(int index);

    /// <summary>Some of the images, in the order given; PyTorch's <c>Subset</c>.</summary>
    /// <param name="indices">Numbers of images; one may come more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ImageDataset Subset(ReadOnlySpan<int> indices)
    {
        foreach (int index in indices)
            CheckIndex(index);
        return new SubsetDataset(this, indices.ToArray());
    }

    /// <summary>A range of the images.</summary>
    /// <param name="first">The first image.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches beyond the images.</exception>
    public ImageDataset Subset(int first, int count)
    {
        if (first < 0 || count < 0 || count > Count - first)
            throw new ArgumentOutOfRangeException(
                nameof(count), $"Images {first} to {first + (long)count - 1} were asked for, but there are {Count}.");
        return new SubsetDataset(this, [.. Enumerable.Range(first, count)]);
    }

    /// <summary>These images and then those of other sets; PyTorch's <c>ConcatDataset</c>.</summary>
    /// <param name="others">Sets with the same channels and the same classes.</param>
    /// <exception cref="ArgumentException">Channels or classes differ, so that images or labels would mean different things.</exception>
    public ImageDataset Concat(params ImageDataset[] others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new ConcatDataset([this, .. others]);
    }

    /// <summary>Sets that share the images by chance, none in two of them; PyTorch's <c>random_split</c>.</summary>
    /// <param name="seed">Decides which image goes where.</param>
    /// <param name="counts">Images of each set; together all images.</param>
    /// <exception cref="ArgumentException">The counts do not add up to <see cref="Count"/>, or one is negative.</exception>
    public ImageDataset[] RandomSplit(ulong seed, params int[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        long sum = 0;
        foreach (int count in counts)
        {
            if (count < 0)
                throw new ArgumentException($"A set of {count} images cannot be.", nameof(counts));
            sum += count;
        }
        if (sum != Count)
            throw new ArgumentException($"Expected counts that add up to the {Count} images, got {string.Join(" + ", counts)} = {sum}.",
                nameof(counts));

        return [.. DataSplit.Random(seed, counts).Select(indices => new SubsetDataset(this, indices))];
    }

    /// <summary>
    /// Sets that share the images by chance, none in two of them. Fractions are rounded down; the images that are then left go to the sets
    /// one after the other, as with PyTorch's <c>random_split</c>.
    /// </summary>
    /// <param name="seed">Decides which image goes where.</param>
    /// <param name="fractions">The share of each set; together 1.</param>
    /// <exception cref="ArgumentException">The fractions do not add up to 1, or one is not between 0 and 1.</exception>
    public ImageDataset[] RandomSplit(ulong seed, params double[] fractions) => RandomSplit(seed, DataSplit.Counts(Count, fractions));

    /// <summary>
    /// Sets that share the images by chance, none in two of them, and that each have their share of every class, as nearly as whole images
    /// allow (<see cref="DataSplit.Stratified"/>).
    /// </summary>
    /// <param name="seed">Decides which image goes where.</param>
    /// <param name="fractions">The share of each set; together 1.</param>
    /// <exception cref="ArgumentException">The fractions do not add up to 1, or one is not between 0 and 1.</exception>
    public ImageDataset[] StratifiedSplit(ulong seed, params double[] fractions)
    {
        var labels = new int[Count];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = LabelOf(i);
        return [.. DataSplit.Stratified(labels, seed, fractions).Select(indices => new SubsetDataset(this, indices))];
    }

    /// <summary>The same images, decoded once and kept in memory, so that reading them allocates nothing and costs nothing.</summary>
    /// <exception cref="ImageFileException">A file is damaged.</exception>
    /// <exception cref="InvalidOperationException">The images are of different sizes, or too many for an array.</exception>
    public InMemoryImages ToMemory()
    {
        var buffer = new ImageBuffer();
        var labels = new int[Count];
        byte[] pixels = [];
        ImageShape shape = default;
        PixelLayout layout = default;
        for (int i = 0; i < Count; i++)
        {
            ImageView image = Read(i, buffer);
            if (i == 0)
            {
                (shape, layout) = (image.Shape, image.Layout);
                if ((long)shape.Length * Count > Array.MaxLength)
                    throw new InvalidOperationException($"{Count} images of {shape} exceed the {Array.MaxLength} bytes that an array "
                        + $"holds.");
                pixels = GC.AllocateUninitializedArray<byte>(shape.Length * Count);
            }
            if (image.Shape != shape || image.Layout != layout)
            {
                throw new InvalidOperationException(
                    $"{Describe(i)}: expected an image of {shape}, as {Describe(0)} is, found {image.Shape}: images of different "
                        + $"sizes are not kept in one array.");
            }
            image.Pixels.CopyTo(pixels.AsSpan(i * shape.Length));
            labels[i] = LabelOf(i);
        }
        if (Count == 0)
            throw new InvalidOperationException("There are no images to keep in memory.");
        return new InMemoryImages(pixels, shape, layout, labels, ClassNames, Describe(0));
    }

    private protected void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} images.");
    }
}
