namespace NetGen;

/// <summary>The images of an IDX file, one byte for each pixel.</summary>
/// <param name="Pixels">Count · Rows · Columns bytes: image by image, row by row.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Rows">Height of an image.</param>
/// <param name="Columns">Width of an image.</param>
public sealed record IdxImages(byte[] Pixels, int Count, int Rows, int Columns)
{
    /// <summary>The pixels of one image, row by row.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} images.");
            return Pixels.AsSpan(index * Rows * Columns, Rows * Columns);
        }
    }
}
