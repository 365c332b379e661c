using System.Globalization;

namespace NetGen.Data;

/// <summary>Images of one size in an array of bytes. Reading copies nothing.</summary>
public sealed class InMemoryImages : ImageDataset
{
    private readonly byte[] _bytes;
    private readonly int _first, _stride;
    private readonly int[] _labels;
    private readonly Func<int, string> _describe;

    /// <summary>Images in an array, which is not copied.</summary>
    /// <param name="pixels">One image after the other.</param>
    /// <param name="shape">What each of them measures.</param>
    /// <param name="layout">The order of an image's bytes; of no matter with one channel.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="classNames">The classes by label, or null.</param>
    /// <param name="name">What to call the set in messages.</param>
    /// <exception cref="ArgumentException">
    /// The number of bytes is not that of the images, or a label is negative or has no class.
    /// </exception>
    public InMemoryImages(byte[] pixels, ImageShape shape, PixelLayout layout, int[] labels, IReadOnlyList<string>? classNames = null,
        string name = "images in memory")
        : this(pixels, 0, null, shape, layout, labels, classNames,
            index => string.Create(CultureInfo.InvariantCulture, $"{name}, image {index}"))
    {
    }

    /// <param name="bytes">Holds the images among other things.</param>
    /// <param name="first">Where the first image begins.</param>
    /// <param name="stride">Bytes from an image to the next; null where they follow each other.</param>
    /// <param name="shape">What each image measures.</param>
    /// <param name="layout">The order of an image's bytes.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="classNames">The classes by label, or null.</param>
    /// <param name="describe">Where an image comes from.</param>
    internal InMemoryImages(byte[] bytes, int first, int? stride, ImageShape shape, PixelLayout layout, int[] labels,
        IReadOnlyList<string>? classNames, Func<int, string> describe)
    {
        ArgumentNullException.ThrowIfNull(bytes, "pixels");
        ArgumentNullException.ThrowIfNull(labels);
        shape.ThrowIfInvalid(nameof(shape));
        if (stride is null && bytes.Length != (long)labels.Length * shape.Length)
            throw new ArgumentException($"Expected {(long)labels.Length * shape.Length} bytes for {labels.Length} images of {shape}, "
                + $"one for each label, got {bytes.Length}.", "pixels");
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || classNames is { Count: > 0 } && labels[i] >= classNames.Count)
                throw new ArgumentException($"Expected labels from 0{(classNames is null ? "" : $" to {classNames.Count - 1}")}, "
                    + $"got {labels[i]} at index {i}.", nameof(labels));
        }
        _bytes = bytes;
        _first = first;
        _stride = stride ?? shape.Length;
        Shape = shape;
        Layout = layout;
        _labels = labels;
        ClassNames = classNames ?? [];
        _describe = describe;
    }

    /// <inheritdoc/>
    public override int Count => _labels.Length;

    /// <inheritdoc/>
    public override int Channels => Shape!.Value.Channels;

    /// <inheritdoc/>
    public override ImageShape? Shape { get; }

    /// <summary>The order of an image's bytes.</summary>
    public PixelLayout Layout { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>The pixels of one image.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            CheckIndex(index);
            return _bytes.AsSpan(_first + index * _stride, Shape!.Value.Length);
        }
    }

    /// <inheritdoc/>
    public override int LabelOf(int index)
    {
        CheckIndex(index);
        return _labels[index];
    }

    /// <inheritdoc/>
    public override ImageView Read(int index, ImageBuffer buffer) => new(this[index], Shape!.Value, Layout);

    /// <inheritdoc/>
    public override string Describe(int index)
    {
        CheckIndex(index);
        return _describe(index);
    }
}
