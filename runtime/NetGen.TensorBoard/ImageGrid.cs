namespace NetGen.TensorBoard;

/// <summary>Pictures side by side in one, as torchvision's <c>make_grid</c> places them.</summary>
internal static class ImageGrid
{
    /// <summary>From floats, channel by channel, to bytes, pixel by pixel.</summary>
    /// <param name="images">Images one after the other, each (channels, height, width).</param>
    /// <param name="shape">Channels, height and width.</param>
    /// <param name="count">How many images.</param>
    /// <param name="columns">Images in a row of the grid, at most.</param>
    /// <param name="padding">Pixels between them and around; none around a single one.</param>
    /// <param name="range">What becomes black and what white; null for the smallest and the largest value.</param>
    public static (int Width, int Height, byte[] Pixels) Draw(ReadOnlySpan<float> images, (int Channels, int Height, int Width) shape,
        int count, int columns, int padding, (float Low, float High)? range)
    {
        (int channels, int height, int width) = shape;
        (float low, float high) = range ?? Extremes(images);
        float scale = high > low ? 255 / (high - low) : 0;
        columns = Math.Min(columns, count);
        int rows = (count + columns - 1) / columns;
        if (count == 1)
            padding = 0;
        int gridWidth = checked(columns * (width + padding) + padding), gridHeight = checked(rows * (height + padding) + padding);
        var pixels = new byte[checked(gridWidth * gridHeight * channels)];
        int plane = height * width;
        for (int image = 0; image < count; image++)
        {
            int top = padding + image / columns * (height + padding), left = padding + image % columns * (width + padding);
            ReadOnlySpan<float> source = images.Slice(image * channels * plane, channels * plane);
            for (int channel = 0; channel < channels; channel++)
            {
                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        float value = (source[channel * plane + y * width + x] - low) * scale;
                        // NaN is drawn black.
                        pixels[((top + y) * gridWidth + left + x) * channels + channel] = value > 0
                            ? (byte)Math.Min(255, MathF.Round(value)) : (byte)0;
                    }
                }
            }
        }
        return (gridWidth, gridHeight, pixels);
    }

    private static (float, float) Extremes(ReadOnlySpan<float> values)
    {
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return low <= high ? (low, high) : (0, 1);
    }
}
