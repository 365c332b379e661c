namespace NetGen.Data;

/// <summary>What a PNG file's header says.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColourType ColourType, bool Interlaced)
{
    /// <summary>Samples of each pixel in the file: a palette's index is one.</summary>
    public int Samples => ColourType switch
    {
        PngColourType.Grey or PngColourType.Palette => 1,
        PngColourType.GreyAlpha => 2,
        PngColourType.Rgb => 3,
        _ => 4,
    };

    /// <summary>Bytes of a row of so many pixels, without the one that tells its filter.</summary>
    public long RowBytes(int width) => ((long)width * Samples * BitDepth + 7) / 8;
}

/// <summary>PNG's colour types; the values are those in files.</summary>
internal enum PngColourType : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}
