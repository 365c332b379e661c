namespace NetGen.Samples;

/// <summary>Grey images of one size side by side, row by row.</summary>
internal static class ImageSheet
{
    private const int Margin = 12, Gap = 2;

    private static readonly (byte R, byte G, byte B) Background = (24, 24, 28);

    /// <summary>Draws the images.</summary>
    /// <param name="images">One after the other, from −1, black, to 1, white.</param>
    /// <param name="side">Rows and columns of one.</param>
    /// <param name="columns">Images side by side.</param>
    /// <param name="scale">The square that a pixel becomes.</param>
    public static Canvas Draw(ReadOnlySpan<float> images, int side, int columns, int scale = 2)
    {
        int size = side * side, count = images.Length / size, rows = (count + columns - 1) / columns, cell = side * scale + Gap;
        var canvas = new Canvas(2 * Margin + columns * cell - Gap, 2 * Margin + rows * cell - Gap, Background);
        var grey = new byte[size];
        for (int image = 0; image < count; image++)
        {
            for (int i = 0; i < size; i++)
            {
                grey[i] = (byte)MathF.Round(255 * Math.Clamp((images[image * size + i] + 1) / 2, 0, 1));
            }

            canvas.DrawGrey(Margin + image % columns * cell, Margin + image / columns * cell, side, grey, scale);
        }

        return canvas;
    }
}
