namespace NetGen.Data;

/// <summary>
/// Moves pixels by an affine map, with PIL's arithmetic and roundings: the nearest pixel by fixed-point numbers with 16 bits behind the
/// point, or four pixels in double precision, truncated.
/// </summary>
internal static class AffinePass
{
    private const int Point = 16;

    /// <summary>Computes an image of the same extents.</summary>
    /// <param name="image">The image.</param>
    /// <param name="map">
    /// a, b, c, d, e, f: the pixel whose middle is (x, y) comes from (a x + b y + c, d x + e y + f), columns first.
    /// </param>
    /// <param name="interpolation">What places between pixels become.</param>
    /// <param name="fill">What becomes of places outside of the image.</param>
    /// <param name="result">Receives the pixels.</param>
    public static void Run(ImageView image, ReadOnlySpan<double> map, Interpolation interpolation, byte fill, Span<byte> result)
    {
        (int channels, int height, int width) = image.Shape;
        bool planar = image.Layout == PixelLayout.Planar;
        (int pixel, int channel) = planar ? (1, height * width) : (channels, 1);
        var steps = (pixel, channel, channels);
        if (interpolation == Interpolation.Bilinear)
            Bilinear(image, map, steps, fill, result);
        else if (map[1] == 0 && map[3] == 0)
            NearestOfScaled(image, map, steps, fill, result);
        else
            Nearest(image, map, steps, fill, result);
    }

    private static void Nearest(
        ImageView image, ReadOnlySpan<double> map, (int Pixel, int Channel, int Channels) steps, byte fill, Span<byte> result)
    {
        int height = image.Shape.Height, width = image.Shape.Width;
        long across = Fixed(map[0]), acrossY = Fixed(map[3]), down = Fixed(map[1]), downY = Fixed(map[4]);
        long rowX = Fixed(map[2] + map[0] * 0.5 + map[1] * 0.5), rowY = Fixed(map[5] + map[3] * 0.5 + map[4] * 0.5);
        for (int y = 0; y < height; y++, rowX += down, rowY += downY)
        {
            long fromX = rowX, fromY = rowY;
            for (int x = 0; x < width; x++, fromX += across, fromY += acrossY)
                Copy(image, (int)(fromX >> Point), (int)(fromY >> Point), steps, fill, result[((y * width + x) * steps.Pixel)..]);
        }
    }

    /// <summary>Where columns stay columns PIL adds up the steps in double precision.</summary>
    private static void NearestOfScaled(
        ImageView image, ReadOnlySpan<double> map, (int Pixel, int Channel, int Channels) steps, byte fill, Span<byte> result)
    {
        int height = image.Shape.Height, width = image.Shape.Width;
        double fromY = map[5] + map[4] * 0.5;
        for (int y = 0; y < height; y++, fromY += map[4])
        {
            double fromX = map[2] + map[0] * 0.5;
            for (int x = 0; x < width; x++, fromX += map[0])
            {
                Copy(image, fromX < 0 ? -1 : (int)fromX, fromY < 0 ? -1 : (int)fromY, steps, fill,
                    result[((y * width + x) * steps.Pixel)..]);
            }
        }
    }

    private static void Bilinear(
        ImageView image, ReadOnlySpan<double> map, (int Pixel, int Channel, int Channels) steps, byte fill, Span<byte> result)
    {
        int height = image.Shape.Height, width = image.Shape.Width;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double middleX = x + 0.5, middleY = y + 0.5;
                double fromX = map[0] * middleX + map[1] * middleY + map[2], fromY = map[3] * middleX + map[4] * middleY + map[5];
                Span<byte> to = result[((y * width + x) * steps.Pixel)..];
                if (!(fromX >= 0 && fromX < width && fromY >= 0 && fromY < height))
                {
                    for (int c = 0; c < steps.Channels; c++)
                        to[c * steps.Channel] = fill;
                    continue;
                }
                fromX -= 0.5;
                fromY -= 0.5;
                int column = (int)Math.Floor(fromX), row = (int)Math.Floor(fromY);
                double right = fromX - column, below = fromY - row;
                int left = Math.Clamp(column, 0, width - 1) * steps.Pixel, next = Math.Clamp(column + 1, 0, width - 1) * steps.Pixel;
                int upper = Math.Clamp(row, 0, height - 1) * width * steps.Pixel;
                int lower = row + 1 < height ? (row + 1) * width * steps.Pixel : upper;
                for (int c = 0; c < steps.Channels; c++)
                {
                    ReadOnlySpan<byte> from = image.Pixels[(c * steps.Channel)..];
                    double above = from[upper + left] + (from[upper + next] - from[upper + left]) * right;
                    double under = from[lower + left] + (from[lower + next] - from[lower + left]) * right;
                    to[c * steps.Channel] = (byte)(above + (under - above) * below);
                }
            }
        }
    }

    private static void Copy(
        ImageView image, int x, int y, (int Pixel, int Channel, int Channels) steps, byte fill, Span<byte> to)
    {
        bool inside = (uint)x < (uint)image.Shape.Width && (uint)y < (uint)image.Shape.Height;
        int from = inside ? (y * image.Shape.Width + x) * steps.Pixel : 0;
        for (int c = 0; c < steps.Channels; c++)
            to[c * steps.Channel] = inside ? image.Pixels[from + c * steps.Channel] : fill;
    }

    private static long Fixed(double value) => (long)Math.Floor(value * (1 << Point) + 0.5);
}
