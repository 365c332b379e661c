using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// Moves images between the caller's order, [channel][row][column] without gaps, and the layouts of the kernels: plain rows with a
/// halo, blocks of 16 channels, and lanes of 16 samples. For generated code.
/// </summary>
/// <remarks>
/// An image in memory is described by its channels, height and width, the floats from row to row and from plane to plane, and the
/// offset of its first pixel in a plane. What lies outside, the halo, is never touched.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Relayout
{
    private const int Lanes = 16;

    /// <summary>Pixels of a row of Winograd's patches.</summary>
    private const int PatchSide = 6;

    /// <summary>To rows with a halo.</summary>
    public static void ImageToPlain(float* source, float* target, int channels, int height, int width, int rowStride, int planeStride,
        int origin)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            for (int row = 0; row < height; row++, source += width)
                new ReadOnlySpan<float>(source, width)
                    .CopyTo(new Span<float>(target + channel * (nint)planeStride + row * (nint)rowStride + origin, width));
        }
    }

    /// <summary>From rows with a halo.</summary>
    public static void PlainToImage(float* source, float* target, int channels, int height, int width, int rowStride, int planeStride,
        int origin)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            for (int row = 0; row < height; row++, target += width)
                new ReadOnlySpan<float>(source + channel * (nint)planeStride + row * (nint)rowStride + origin, width)
                    .CopyTo(new Span<float>(target, width));
        }
    }

    /// <summary>To blocks of 16 channels; channels beyond the last become zero.</summary>
    public static void ImageToBlocked(float* source, float* target, int channels, int height, int width, int rowStride, int planeStride,
        int origin)
    {
        int pixels = height * width;
        for (int first = 0; first < channels; first += Lanes, target += planeStride)
        {
            int present = Math.Min(Lanes, channels - first);
            float* block = source + first * (nint)pixels;
            for (int row = 0; row < height; row++)
            {
                float* to = target + row * (nint)rowStride + origin;
                for (int column = 0; column < width; column++, to += Lanes)
                {
                    int pixel = row * width + column;
                    for (int channel = 0; channel < present; channel++)
                        to[channel] = block[channel * (nint)pixels + pixel];
                    for (int channel = present; channel < Lanes; channel++)
                        to[channel] = 0;
                }
            }
        }
    }

    /// <summary>From blocks of 16 channels.</summary>
    public static void BlockedToImage(float* source, float* target, int channels, int height, int width, int rowStride, int planeStride,
        int origin)
    {
        int pixels = height * width;
        for (int first = 0; first < channels; first += Lanes, source += planeStride)
        {
            int present = Math.Min(Lanes, channels - first);
            float* block = target + first * (nint)pixels;
            for (int row = 0; row < height; row++)
            {
                float* from = source + row * (nint)rowStride + origin;
                for (int column = 0; column < width; column++, from += Lanes)
                {
                    int pixel = row * width + column;
                    for (int channel = 0; channel < present; channel++)
                        block[channel * (nint)pixels + pixel] = from[channel];
                }
            }
        }
    }

    /// <summary>From blocks of 16 channels with a halo to the same order without: a vector whose elements keep the image's order.</summary>
    public static void BlockedToBlockedRow(float* source, float* target, int channels, int height, int width, int rowStride,
        int planeStride, int origin)
    {
        for (int first = 0; first < channels; first += Lanes, source += planeStride)
        {
            for (int row = 0; row < height; row++, target += width * Lanes)
                new ReadOnlySpan<float>(source + row * (nint)rowStride + origin, width * Lanes)
                    .CopyTo(new Span<float>(target, width * Lanes));
        }
    }

    /// <summary>The way back of <see cref="BlockedToBlockedRow"/>.</summary>
    public static void BlockedRowToBlocked(float* source, float* target, int channels, int height, int width, int rowStride,
        int planeStride, int origin)
    {
        for (int first = 0; first < channels; first += Lanes, target += planeStride)
        {
            for (int row = 0; row < height; row++, source += width * Lanes)
                new ReadOnlySpan<float>(source, width * Lanes)
                    .CopyTo(new Span<float>(target + row * (nint)rowStride + origin, width * Lanes));
        }
    }

    /// <summary>Up to 16 samples in the caller's order to lanes; lanes without a sample become zero.</summary>
    public static void ImagesToLanes(float* source, int samples, float* target, int channels, int height, int width, int rowStride,
        int planeStride, int origin)
        => RowsToLanes(source, channels * height * width, samples, target, channels, height, width, rowStride, planeStride, origin);

    /// <summary>
    /// Up to 16 samples, each a row of the given stride in the caller's order, to lanes; lanes without a sample become zero.
    /// </summary>
    public static void RowsToLanes(float* source, int sourceStride, int samples, float* target, int channels, int height, int width,
        int rowStride, int planeStride, int origin)
    {
        if (rowStride == width * Lanes && planeStride == height * rowStride)
        {
            Transposition.ToLanes(source, sourceStride, samples, target + origin, channels * height * width);
            return;
        }
        for (int channel = 0; channel < channels; channel++)
        {
            for (int row = 0; row < height; row++, source += width)
                Transposition.ToLanes(source, sourceStride, samples, target + channel * (nint)planeStride + row * (nint)rowStride + origin,
                    width);
        }
    }

    /// <summary>Some columns of rows to rows of another distance, with zeros behind them.</summary>
    /// <param name="source">The first of the columns in the first row.</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="targetStride">Floats from one row of the target to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="written">Columns that are written of each row: those and so many zeros.</param>
    public static void CopyColumns(float* source, int sourceStride, float* target, int targetStride, int rows, int columns, int written)
    {
        for (int row = 0; row < rows; row++, source += sourceStride, target += targetStride)
        {
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(target, columns));
            new Span<float>(target + columns, written - columns).Clear();
        }
    }

    /// <summary>Sets to zero the lanes of a block of 16 samples that have none.</summary>
    /// <param name="block">The last block.</param>
    /// <param name="samples">The samples of all blocks.</param>
    /// <param name="elements">Elements of each sample.</param>
    public static void ClearLanes(float* block, int samples, int elements)
    {
        int present = samples % Lanes;
        if (present == 0)
            return;
        for (int i = 0; i < elements; i++, block += Lanes)
            new Span<float>(block + present, Lanes - present).Clear();
    }

    /// <summary>From lanes to up to 16 samples, each a row of the given stride in the caller's order.</summary>
    public static void LanesToImages(float* source, float* target, int targetStride, int samples, int channels, int height, int width,
        int rowStride, int planeStride, int origin)
    {
        if (rowStride == width * Lanes && planeStride == height * rowStride)
        {
            Transposition.FromLanes(source + origin, target, targetStride, samples, channels * height * width);
            return;
        }
        for (int channel = 0; channel < channels; channel++)
        {
            for (int row = 0; row < height; row++, target += width)
                Transposition.FromLanes(source + channel * (nint)planeStride + row * (nint)rowStride + origin, target, targetStride,
                    samples, width);
        }
    }

    /// <summary>From lanes to rows in the order [channel / 16][row][column][16 channels]; the channels are a multiple of 16.</summary>
    public static void LanesToBlockedRows(float* source, float* target, int targetStride, int samples, int channels, int height, int width,
        int rowStride, int planeStride, int origin)
    {
        float* square = stackalloc float[Lanes * Lanes];
        for (int first = 0; first < channels; first += Lanes, source += Lanes * (nint)planeStride)
        {
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++, target += Lanes)
                {
                    float* pixel = source + row * (nint)rowStride + column * Lanes + origin;
                    for (int channel = 0; channel < Lanes; channel++)
                        new ReadOnlySpan<float>(pixel + channel * (nint)planeStride, Lanes)
                            .CopyTo(new Span<float>(square + channel * Lanes, Lanes));
                    Transposition.FromLanes(square, target, targetStride, samples, Lanes);
                }
            }
        }
    }

    /// <summary>The way back of <see cref="LanesToBlockedRows"/>; lanes without a sample become zero.</summary>
    public static void BlockedRowsToLanes(float* source, int sourceStride, int samples, float* target, int channels, int height, int width,
        int rowStride, int planeStride, int origin)
    {
        float* square = stackalloc float[Lanes * Lanes];
        for (int first = 0; first < channels; first += Lanes, target += Lanes * (nint)planeStride)
        {
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++, source += Lanes)
                {
                    Transposition.ToLanes(source, sourceStride, samples, square, Lanes);
                    float* pixel = target + row * (nint)rowStride + column * Lanes + origin;
                    for (int channel = 0; channel < Lanes; channel++)
                        new ReadOnlySpan<float>(square + channel * Lanes, Lanes)
                            .CopyTo(new Span<float>(pixel + channel * (nint)planeStride, Lanes));
                }
            }
        }
    }

    /// <summary>
    /// 6 × 6 pixels of 16 channels from (row, column) on, which may lie outside the image: pixels there become zero.
    /// The plane's pointer is at its first pixel; the patch receives 6 · 6 · 16 floats without gaps.
    /// </summary>
    public static void CopyPatch(float* plane, float* patch, int row, int column, int height, int width, int rowStride)
    {
        for (int y = 0; y < PatchSide; y++)
            CopyPatchRow(plane, patch + y * PatchSide * Lanes, row + y, column, height, width, rowStride);
    }

    /// <summary>
    /// Six pixels of 16 channels of a row, from a column on, which may lie outside the image: pixels there become zero.
    /// The plane's pointer is at its first pixel; the patch receives 6 · 16 floats.
    /// </summary>
    public static void CopyPatchRow(float* plane, float* patch, int row, int column, int height, int width, int rowStride)
    {
        var to = new Span<float>(patch, PatchSide * Lanes);
        if ((uint)row >= (uint)height)
        {
            to.Clear();
            return;
        }
        int first = Math.Clamp(-column, 0, PatchSide), end = Math.Clamp(width - column, first, PatchSide);
        to[..(first * Lanes)].Clear();
        new ReadOnlySpan<float>(plane + row * (nint)rowStride + (column + first) * Lanes, (end - first) * Lanes)
            .CopyTo(to[(first * Lanes)..]);
        to[(end * Lanes)..].Clear();
    }

    /// <summary>
    /// Dropout's factors for 16 samples side by side: what <see cref="Philox.DropoutScales(float*, int, float, ulong, uint, uint, uint)"/>
    /// gives each of them.
    /// </summary>
    public static void DropoutScalesInLanes(float* target, int elements, float probability, ulong seed, uint firstSample, uint step,
        uint stream)
    {
        const int Chunk = 64;
        float* rows = stackalloc float[Lanes * Chunk];
        for (int first = 0; first < elements; first += Chunk)
        {
            int count = Math.Min(Chunk, elements - first);
            for (int lane = 0; lane < Lanes; lane++)
                Philox.DropoutScales(rows + lane * Chunk, first, count, probability, seed, firstSample + (uint)lane, step, stream);
            Transposition.ToLanes(rows, Chunk, Lanes, target + first * (nint)Lanes, count);
        }
    }
}
