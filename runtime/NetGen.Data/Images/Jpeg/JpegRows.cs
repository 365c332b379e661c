namespace NetGen.Data;

/// <summary>
/// Rows of samples as large as the picture, and their colours. Components with half the rows or columns are interpolated, 3 to 1, as
/// libjpeg-turbo does it, with its roundings; those with fewer are repeated.
/// </summary>
internal static class JpegRows
{
    /// <summary>A row of a component in the picture's width.</summary>
    /// <param name="component">The component.</param>
    /// <param name="y">The picture's row.</param>
    /// <param name="across">How many columns of the picture a column of the component stands for.</param>
    /// <param name="down">How many rows of the picture a row of the component stands for.</param>
    /// <param name="sums">Room for a row of sums.</param>
    /// <param name="row">Receives the samples: at least <paramref name="across"/> for each of the component.</param>
    public static void Expand(JpegComponent component, int y, int across, int down, Span<int> sums, Span<byte> row)
    {
        int width = component.Width;
        ReadOnlySpan<byte> near = component.Row(y / down);
        if (across == 1 && down == 1)
        {
            near.CopyTo(row);
        }
        else if (across == 2 && down == 1 && width > 2)
        {
            row[0] = near[0];
            for (int x = 1; x < width; x++)
            {
                row[2 * x - 1] = (byte)((3 * near[x - 1] + near[x] + 2) >> 2);
                row[2 * x] = (byte)((3 * near[x] + near[x - 1] + 1) >> 2);
            }
            row[2 * width - 1] = near[width - 1];
        }
        else if (down == 2 && (across == 1 || across == 2 && width > 2))
        {
            ReadOnlySpan<byte> far = component.Row(y / 2 + (y % 2 == 0 ? -1 : 1));
            if (across == 1)
            {
                int rounding = y % 2 == 0 ? 1 : 2;
                for (int x = 0; x < width; x++)
                    row[x] = (byte)((3 * near[x] + far[x] + rounding) >> 2);
                return;
            }
            for (int x = 0; x < width; x++)
                sums[x] = 3 * near[x] + far[x];
            row[0] = (byte)((4 * sums[0] + 8) >> 4);
            for (int x = 1; x < width; x++)
            {
                row[2 * x - 1] = (byte)((3 * sums[x - 1] + sums[x] + 7) >> 4);
                row[2 * x] = (byte)((3 * sums[x] + sums[x - 1] + 8) >> 4);
            }
            row[2 * width - 1] = (byte)((4 * sums[width - 1] + 7) >> 4);
        }
        else
        {
            for (int x = 0; x < width; x++)
                row.Slice(x * across, across).Fill(near[x]);
        }
    }

    /// <summary>Luma and differences of colour become RGB, by the matrix of JFIF in 65536ths.</summary>
    public static void ToRgb(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> pixels)
    {
        const int Half = 1 << 15;
        for (int x = 0; x < luma.Length; x++)
        {
            int y = luma[x], b = blue[x] - 128, r = red[x] - 128;
            Span<byte> pixel = pixels.Slice(3 * x, 3);
            pixel[0] = ToByte(y + ((91881 * r + Half) >> 16));
            pixel[1] = ToByte(y + ((-22554 * b - 46802 * r + Half) >> 16));
            pixel[2] = ToByte(y + ((116130 * b + Half) >> 16));
        }
    }

    /// <summary>Components that are red, green and blue become pixels.</summary>
    public static void Interleave(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> pixels)
    {
        for (int x = 0; x < red.Length; x++)
            (pixels[3 * x], pixels[3 * x + 1], pixels[3 * x + 2]) = (red[x], green[x], blue[x]);
    }

    private static byte ToByte(int value) => (byte)Math.Clamp(value, 0, byte.MaxValue);
}
